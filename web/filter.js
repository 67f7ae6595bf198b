// Which runs a text selects: MLflow's filter language, with numbers for params as an extension, or plain words.

import { cellText, isNumeric, numbersOf } from "./runs.js";
import { phrase } from "./words.js";

/** @typedef {import("./runs.js").Runs} Runs */
/** @typedef {import("./runs.js").Column} Column */

/**
 * @typedef {Object} Filter
 * @property {Uint8Array | null} keeps 1 for each run that it selects; null where the text cannot be read
 * @property {"all" | "words" | "names" | "mlflow" | "extended" | "wrong"} kind
 * @property {string} message what is wrong, or how the text was understood
 * @property {boolean} unknown whether it names what no run of the page has
 */

const TOKEN = /\s*(?:(>=|<=|!=|=|<|>)|(\(|\)|,)|'([^']*)'|"([^"]*)"|`([^`]*)`|([^\s=<>!(),'"`.]+\.(?:`[^`]*`|"[^"]*")|[^\s=<>!(),'"`]+))/y;
const ENTITIES = /** @type {Record<string, string>} */ ({
  metric: "metric", metrics: "metric", param: "param", params: "param", parameter: "param", parameters: "param",
  tag: "tag", tags: "tag", attribute: "attribute", attributes: "attribute", attr: "attribute", run: "attribute",
  dataset: "dataset", datasets: "dataset",
});
const ATTRIBUTES = /** @type {Record<string, string>} */ ({
  run_id: "run_id", run_name: "name", "run name": "name", "Run name": "name", "Run Name": "name", status: "status",
  start_time: "start", created: "start", Created: "start", end_time: "end", user_id: "user", artifact_uri: "",
});
const ALIASES = /** @type {Record<string, string>} */ ({ created: "start_time", Created: "start_time", "run name": "run_name", "Run name": "run_name", "Run Name": "run_name" });
const COMPARISONS = /** @type {Record<string, (a: number, b: number) => boolean>} */ ({
  "=": (a, b) => a === b, "!=": (a, b) => a !== b, "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b,
});
const LARGEST = Number.MAX_VALUE;

/** @typedef {{ kind: "op" | "mark" | "text" | "word" | "quoted", text: string, at: number }} Token */

class Wrong extends Error {}

/** @param {string} text @returns {Token[]} */
function tokensOf(text) {
  /** @type {Token[]} */
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim()) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new Wrong(phrase("explorer-filter-unread", { text: text.slice(at).trim().slice(0, 20) }));
    const [, op, mark, single, double, back, word] = match;
    if (op) tokens.push({ kind: "op", text: op, at });
    else if (mark) tokens.push({ kind: "mark", text: mark, at });
    else if (single !== undefined) tokens.push({ kind: "text", text: single, at });
    else if (double !== undefined) tokens.push({ kind: "text", text: double, at });
    else if (back !== undefined) tokens.push({ kind: "quoted", text: back, at });
    else tokens.push({ kind: "word", text: word, at });
  }
  return tokens;
}

/** @param {string} text @returns {boolean} whether somebody meant the filter language */
function isLanguage(text) {
  const bare = text.replace(/'[^']*'|"[^"]*"|`[^`]*`/g, "x");
  return /[=<>]/.test(bare) || /\b(?:i?like|in|is)\b\s*(?:not\b|null\b|\(|['"x])/i.test(bare) || /^\s*(?:metrics?|param(?:eter)?s?|tags?|attr(?:ibutes?)?|datasets?)\./.test(bare);
}

/** @param {string} pattern @param {boolean} ignoreCase @returns {RegExp} SQL's LIKE as SQLite has it */
function like(pattern, ignoreCase) {
  const body = Array.from(pattern, (letter) => {
    if (letter === "%") return "[^]*";
    if (letter === "_") return "[^]";
    if (ignoreCase && /[a-z]/i.test(letter)) return `[${letter.toLowerCase()}${letter.toUpperCase()}]`;
    return letter.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  });
  return new RegExp(`^${body.join("")}$`, "u");
}

/** @param {Token} token @returns {[string, string]} [entity, key] */
function left(token) {
  if (token.kind === "quoted" || token.kind === "text") return ["attribute", token.text];
  const dot = token.text.indexOf(".");
  const first = dot < 0 ? "" : token.text.slice(0, dot);
  if (dot < 0) return ["attribute", token.text];
  if (!ENTITIES[first]) throw new Wrong(phrase("explorer-filter-entity", { text: first }));
  return [ENTITIES[first], token.text.slice(dot + 1).replace(/^["`]([^]*)["`]$/, "$1")];
}

/** @typedef {{ entity: string, key: string, op: string, values: string[], bare: boolean }} Clause */

/** @param {string} text @returns {Clause[]} */
function clausesOf(text) {
  const tokens = tokensOf(text);
  /** @type {Clause[]} */
  const clauses = [];
  let at = 0;
  /** @param {string} what @returns {Token} */
  const next = (what) => {
    const token = tokens[at++];
    if (!token) throw new Wrong(phrase("explorer-filter-ends", { what }));
    return token;
  };
  while (at < tokens.length) {
    if (clauses.length) {
      const joint = next("and");
      if (joint.kind !== "word" || joint.text.toUpperCase() !== "AND") throw new Wrong(phrase("explorer-filter-and", { text: joint.text }));
      if (at === tokens.length) break; // MLflow, too, takes an AND that nothing follows
    }
    const [entity, key] = left(next("name"));
    let op = next("comparison").text.toUpperCase();
    if (op === "IS") {
      op = next("null").text.toUpperCase() === "NOT" ? "IS NOT NULL" : "IS NULL";
      if (op === "IS NOT NULL" && next("null").text.toUpperCase() !== "NULL") throw new Wrong(phrase("explorer-filter-is-not"));
      clauses.push({ entity, key, op, values: [], bare: false });
      continue;
    }
    if (op === "NOT" && next("in").text.toUpperCase() === "IN") op = "NOT IN";
    if (op === "IN" || op === "NOT IN") {
      if (next("list").text !== "(") throw new Wrong(phrase("explorer-filter-list", { op }));
      const values = [];
      for (;;) {
        const value = next("text");
        if (value.kind !== "text") throw new Wrong(phrase("explorer-filter-list-quotes", { text: value.text }));
        values.push(value.text);
        const mark = next("list").text;
        if (mark === ")") break;
        if (mark !== ",") throw new Wrong(phrase("explorer-filter-commas"));
      }
      clauses.push({ entity, key, op, values, bare: false });
      continue;
    }
    if (!COMPARISONS[op] && op !== "LIKE" && op !== "ILIKE") throw new Wrong(phrase("explorer-filter-comparison", { op }));
    const value = next("value");
    if (value.kind !== "text" && value.kind !== "word") throw new Wrong(phrase("explorer-filter-value", { text: value.text }));
    clauses.push({ entity, key, op, values: [value.text], bare: value.kind === "word" });
  }
  return clauses;
}

/** @param {Runs} runs @param {string} entity @returns {string[]} what its keys are called, each once */
function namesOf(runs, entity) {
  return Array.from(new Set(runs.columns.filter((column) => column.kind === entity).map((column) => column.name)));
}

/** @param {string} name @returns {string} as a filter writes it */
function spelled(name) {
  return /^[A-Za-z_]\w*$/.test(name) ? name : name.includes("`") ? `"${name}"` : `\`${name}\``;
}

const MOST_LIKE = 4;

/** @param {string} wanted @param {string[]} names @returns {string[]} the few that somebody may have meant, best first: lr is learning_rate */
export function likeliest(wanted, names) {
  const plain = (/** @type {string} */ text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  const asked = plain(wanted);
  const scored = names.map((name, at) => {
    const own = plain(name);
    const initials = name.toLowerCase().split(/[^\p{L}\p{N}]+/u).map((part) => part.slice(0, 1)).join("");
    const score = own === asked ? 4 : asked && (own.includes(asked) || own && asked.includes(own)) ? 3 : initials === asked ? 3 : own[0] === asked[0] ? 1 : 0;
    return { name, at, score };
  });
  return scored.sort((a, b) => b.score - a.score || a.at - b.at).slice(0, MOST_LIKE).map(({ name }) => name);
}

/** @param {string} text @param {Runs} runs @returns {string[]} whole texts that go on from what was typed: names of params, metrics and tags */
export function completions(text, runs) {
  const typed = /(?:^|\s)(metric|param|tag)s?\.([^\s=<>!'"`]*)$/.exec(text);
  const word = /^[\p{L}_][\p{L}\p{N}_]+$/u.exec(text);
  const asked = (typed ? typed[2] : text).toLowerCase();
  const found = (typed ? [typed[1]] : word ? ["param", "metric"] : []).flatMap((entity) => {
    const names = namesOf(runs, entity).filter((name) => name.toLowerCase() !== asked && name.toLowerCase().includes(asked));
    return names.map((name) => (typed ? text.slice(0, text.length - typed[2].length) : `${entity}s.`) + spelled(name));
  });
  return found.slice(0, 2 * MOST_LIKE);
}

/** @param {Clause} clause @param {Runs} runs @param {Set<string>} missing collects what is said of keys that no run has */
function missed({ entity, key }, runs, missing) {
  const separator = phrase("explorer-separator");
  const names = likeliest(key, namesOf(runs, entity)).map(spelled);
  missing.add(names.length ? phrase("explorer-filter-missing", { what: `${entity}s.${key}`, names: names.join(separator) }) : phrase("explorer-filter-none", { what: `${entity}s.${key}` }));
}

/** @param {Clause} clause @param {Runs} runs @param {Set<string>} beyond collects what MLflow does not have @param {Set<string>} missing collects keys that no run has @returns {(run: number) => boolean} */
function predicate(clause, runs, beyond, missing) {
  const { entity, key, op, values } = clause;
  if (entity === "metric") return ofMetric(clause, runs, missing);
  if (entity === "dataset") {
    const part = ["name", "digest", "context"].indexOf(key);
    if (part < 0) throw new Wrong(phrase("explorer-filter-dataset", { key }));
    if (clause.bare) throw new Wrong(phrase("explorer-filter-dataset-quotes", { key }));
    const fits = ofText(clause);
    const fitting = runs.datasets.map((dataset) => (part === 2 && dataset[2] === "" ? false : fits(dataset[part])));
    return (run) => runs.datasetsOf[run].some((place) => fitting[place]);
  }
  if (entity === "attribute") {
    const name = ATTRIBUTES[key];
    if (name === undefined) throw new Wrong(phrase("explorer-filter-attribute", { key }));
    if (name === "") throw new Wrong(phrase("explorer-filter-not-here", { key }));
    if (name === "start" || name === "end") return ofTime(clause, runs, name);
    if (clause.bare) throw new Wrong(phrase("explorer-filter-quotes", { key, op, value: values[0] }));
    if (op.endsWith("IN") && name !== "run_id") beyond.add(phrase("explorer-filter-op-for", { op, key }));
    if (!["=", "!=", "LIKE", "ILIKE", "IN", "NOT IN"].includes(op)) throw new Wrong(phrase("explorer-filter-not-by", { key, op }));
    const fits = ofText(clause);
    if (name === "run_id") return (run) => fits(runs.id(run));
    const column = /** @type {Column} */ (runs.byKey.get(name));
    return ofColumn(column, fits);
  }
  if (entity === "tag" && key === "mlflow.parentRunId" && !op.startsWith("IS")) {
    const fits = ofText(clause);
    return (run) => runs.parent[run] > 0 && fits(runs.id(runs.parent[run] - 1));
  }
  const column = runs.byKey.get(entity === "tag" && key === "mlflow.runName" ? "name" : `${entity}:${key}`);
  const left_out = (entity === "param" ? runs.meta.params : runs.meta.tags).some((/** @type {any} */ one) => one.name === key && one.left_out);
  if (left_out) throw new Wrong(phrase("explorer-filter-too-much", { entity, key }));
  if (!column) missed(clause, runs, missing);
  if (op === "IS NULL") return column ? (run) => !/** @type {any} */ (column.codes)[run] : () => true;
  if (op === "IS NOT NULL") return (run) => !!column && !!(/** @type {any} */ (column.codes)[run]);
  if (op.endsWith("IN")) beyond.add(phrase("explorer-filter-op-for-kind", { op, entity }));
  if (clause.bare || ["<", "<=", ">", ">="].includes(op)) {
    const wanted = Number(values[0]);
    if (values[0].trim() === "" || Number.isNaN(wanted)) throw new Wrong(phrase("explorer-filter-number-or-text", { entity, key, op, value: values[0] }));
    beyond.add(phrase("explorer-filter-numbers-for", { entity }));
    const compare = COMPARISONS[op];
    if (!compare) throw new Wrong(phrase("explorer-filter-op-quotes", { op }));
    if (!column) return () => false;
    const numbers = numbersOf(column);
    return (run) => !Number.isNaN(numbers[run]) && compare(numbers[run], wanted);
  }
  const fits = ofText(clause);
  return column ? ofColumn(column, fits) : () => false;
}

/** @param {Clause} clause @returns {(text: string) => boolean} */
function ofText({ op, values }) {
  if (op === "=") return (text) => text === values[0];
  if (op === "!=") return (text) => text !== values[0];
  if (op === "IN") return (text) => values.includes(text);
  if (op === "NOT IN") return (text) => !values.includes(text);
  if (op !== "LIKE" && op !== "ILIKE") throw new Wrong(phrase("explorer-filter-text-op", { op }));
  const pattern = like(values[0], op === "ILIKE");
  return (text) => pattern.test(text);
}

/** @param {Column} column @param {(text: string) => boolean} fits @returns {(run: number) => boolean} each word is judged once */
function ofColumn(column, fits) {
  const good = column.words.map(fits);
  const codes = column.codes || new Uint8Array(0);
  return (run) => codes[run] > 0 && good[codes[run] - 1];
}

/** @param {Clause} clause @param {Runs} runs @param {Set<string>} missing @returns {(run: number) => boolean} MLflow compares last values; NaN is only unequal */
function ofMetric(clause, runs, missing) {
  const { key, op, values, bare } = clause;
  const compare = COMPARISONS[op];
  if (!compare) throw new Wrong(phrase("explorer-filter-metric-op", { op }));
  const wanted = Number(values[0]);
  if (!bare || values[0].trim() === "" || Number.isNaN(wanted)) throw new Wrong(phrase("explorer-filter-metric-number", { key, op }));
  const column = runs.byKey.get(`last:${key}`) || runs.byKey.get(`metric:${key}`);
  if (!column) missed(clause, runs, missing);
  if (!column || !column.numbers || !column.has) return () => false;
  const { numbers, has } = column;
  /** @param {number} value */
  const stored = (value) => (value === Infinity ? LARGEST : value === -Infinity ? -LARGEST : value);
  return (run) => has[run] > 0 && compare(stored(numbers[run]), wanted);
}

/** @param {Clause} clause @param {Runs} runs @param {"start" | "end"} name @returns {(run: number) => boolean} */
function ofTime({ key, op, values, bare }, runs, name) {
  const compare = COMPARISONS[op];
  const wanted = Number(values[0]);
  if (!compare || !bare || Number.isNaN(wanted)) throw new Wrong(phrase("explorer-filter-time", { key: ALIASES[key] || key }));
  const took = /** @type {Column} */ (runs.byKey.get("duration")).numbers || new Float64Array(0);
  return (run) => {
    const at = name === "start" ? runs.start[run] : runs.start[run] + Math.round(took[run] * 1000);
    return runs.start[run] > 0 && !Number.isNaN(at) && compare(at, wanted);
  };
}

/** @param {string} text @param {Runs} runs @returns {Filter} */
export function filtered(text, runs) {
  const keeps = new Uint8Array(runs.n).fill(1);
  if (!text.trim()) return { keeps, kind: "all", message: "", unknown: false };
  if (!isLanguage(text)) return byWords(text, runs);
  try {
    /** @type {[Set<string>, Set<string>]} */
    const [beyond, missing] = [new Set(), new Set()];
    for (const clause of clausesOf(text)) {
      const holds = predicate(clause, runs, beyond, missing);
      for (let run = 0; run < runs.n; run += 1) if (keeps[run] && !holds(run)) keeps[run] = 0;
    }
    const separator = phrase("explorer-separator");
    const how = beyond.size ? phrase("explorer-filter-beyond", { what: Array.from(beyond).join(separator) }) : phrase("explorer-filter-mlflow");
    return { keeps, kind: beyond.size ? "extended" : "mlflow", message: Array.from(missing).join(" ") || how, unknown: missing.size > 0 };
  } catch (error) {
    if (error instanceof Wrong) return { keeps: null, kind: "wrong", message: error.message, unknown: false };
    throw error;
  }
}

/** @param {string} text @param {Runs} runs @returns {Filter} runs whose name has all the words, else whose params, tags or attributes have them */
function byWords(text, runs) {
  const wanted = text.toLocaleLowerCase().split(/\s+/).filter(Boolean).map((word) => new RegExp(`(?<![\\p{L}\\p{N}])${word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}(?![\\p{L}\\p{N}])`, "u"));
  /** @param {string} where @returns {boolean} */
  const holds = (where) => wanted.every((word) => word.test(where));
  const keeps = Uint8Array.from(runs.names, (name) => Number(holds(name.toLocaleLowerCase())));
  if (keeps.includes(1)) return { keeps, kind: "names", message: phrase("explorer-filter-words-name"), unknown: false };
  const columns = runs.columns.filter((column) => column.codes && column.kind !== "metric");
  const texts = columns.map((column) => column.words.map((word) => `${column.kind === "attribute" ? "" : column.name} ${word}`.toLocaleLowerCase()));
  for (let run = 0; run < runs.n; run += 1) {
    const own = columns.map((column, at) => (/** @type {any} */ (column.codes)[run] ? texts[at][/** @type {any} */ (column.codes)[run] - 1] : ""));
    keeps[run] = Number(holds(`${runs.id(run)} ${own.join(" \n ")}`));
  }
  return { keeps, kind: "words", message: phrase("explorer-filter-words-other"), unknown: false };
}

/** @param {Runs} runs @returns {string} a filter that leaves some runs of this page out, as an example; "" where no param tells them apart by numbers */
export function exampleOf(runs) {
  for (const column of runs.columns) {
    if (column.kind !== "param" || column.words.length < 2 || !isNumeric(column)) continue;
    const ordered = column.words.slice().sort((a, b) => Number(a) - Number(b));
    return `params.${spelled(column.name)} <= ${ordered[Math.floor((ordered.length - 1) / 2)].trim()}`;
  }
  return "";
}

/** @param {Column} column @param {number} run @returns {string} the clause that selects the runs with the value of this cell */
export function clauseOf(column, run) {
  const name = spelled(column.name);
  if (column.kind === "metric") return Number.isFinite(/** @type {any} */ (column.numbers)[run]) ? `metrics.${name} ${column.goal === "minimize" ? "<=" : ">="} ${/** @type {any} */ (column.numbers)[run]}` : "";
  if (!column.codes || !column.codes[run]) return "";
  const text = cellText(column, run);
  const quoted = text.includes("'") ? `"${text}"` : `'${text}'`;
  if (column.kind !== "attribute") return `${column.kind}s.${name} = ${quoted}`;
  const attribute = { name: "run_name", status: "status", user: "user_id" }[column.key];
  return attribute ? `${attribute} = ${quoted}` : "";
}
