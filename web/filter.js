// Which runs a text selects: MLflow's filter language, with numbers for params as an extension, or plain words.

import { cellText, numbersOf } from "./runs.js";
import { phrase } from "./words.js";

/** @typedef {import("./runs.js").Runs} Runs */
/** @typedef {import("./runs.js").Column} Column */

/**
 * @typedef {Object} Filter
 * @property {Uint8Array | null} keeps 1 for each run that it selects; null where the text cannot be read
 * @property {"all" | "words" | "names" | "mlflow" | "extended" | "wrong"} kind
 * @property {string} message what is wrong, or how the text was understood
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

/** @param {Clause} clause @param {Runs} runs @param {Set<string>} beyond collects what MLflow does not have @returns {(run: number) => boolean} */
function predicate(clause, runs, beyond) {
  const { entity, key, op, values } = clause;
  if (entity === "metric") return ofMetric(clause, runs);
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
  if (op === "IS NULL") return column ? (run) => !/** @type {any} */ (column.codes)[run] : () => true;
  if (!column) return () => false;
  if (op === "IS NOT NULL") return (run) => !!(/** @type {any} */ (column.codes)[run]);
  if (op.endsWith("IN")) beyond.add(phrase("explorer-filter-op-for-kind", { op, entity }));
  if (clause.bare || ["<", "<=", ">", ">="].includes(op)) {
    const wanted = Number(values[0]);
    if (values[0].trim() === "" || Number.isNaN(wanted)) throw new Wrong(phrase("explorer-filter-number-or-text", { entity, key, op, value: values[0] }));
    beyond.add(phrase("explorer-filter-numbers-for", { entity }));
    const numbers = numbersOf(column);
    const compare = COMPARISONS[op];
    if (!compare) throw new Wrong(phrase("explorer-filter-op-quotes", { op }));
    return (run) => !Number.isNaN(numbers[run]) && compare(numbers[run], wanted);
  }
  return ofColumn(column, ofText(clause));
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

/** @param {Clause} clause @param {Runs} runs @returns {(run: number) => boolean} MLflow compares last values; NaN is only unequal */
function ofMetric({ key, op, values, bare }, runs) {
  const compare = COMPARISONS[op];
  if (!compare) throw new Wrong(phrase("explorer-filter-metric-op", { op }));
  const wanted = Number(values[0]);
  if (!bare || values[0].trim() === "" || Number.isNaN(wanted)) throw new Wrong(phrase("explorer-filter-metric-number", { key, op }));
  const column = runs.byKey.get(`last:${key}`) || runs.byKey.get(`metric:${key}`);
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
  if (!text.trim()) return { keeps, kind: "all", message: "" };
  if (!isLanguage(text)) return byWords(text, runs);
  try {
    /** @type {Set<string>} */
    const beyond = new Set();
    for (const clause of clausesOf(text)) {
      const holds = predicate(clause, runs, beyond);
      for (let run = 0; run < runs.n; run += 1) if (keeps[run] && !holds(run)) keeps[run] = 0;
    }
    const separator = phrase("explorer-separator");
    if (!beyond.size) return { keeps, kind: "mlflow", message: phrase("explorer-filter-mlflow") };
    return { keeps, kind: "extended", message: phrase("explorer-filter-beyond", { what: Array.from(beyond).join(separator) }) };
  } catch (error) {
    if (error instanceof Wrong) return { keeps: null, kind: "wrong", message: error.message };
    throw error;
  }
}

/** @param {string} text @param {Runs} runs @returns {Filter} runs whose name has all the words, else whose params, tags or attributes have them */
function byWords(text, runs) {
  const wanted = text.toLocaleLowerCase().split(/\s+/).filter(Boolean).map((word) => new RegExp(`(?<![\\p{L}\\p{N}])${word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}(?![\\p{L}\\p{N}])`, "u"));
  /** @param {string} where @returns {boolean} */
  const holds = (where) => wanted.every((word) => word.test(where));
  const keeps = Uint8Array.from(runs.names, (name) => Number(holds(name.toLocaleLowerCase())));
  if (keeps.includes(1)) return { keeps, kind: "names", message: phrase("explorer-filter-words-name") };
  const columns = runs.columns.filter((column) => column.codes && column.kind !== "metric");
  const texts = columns.map((column) => column.words.map((word) => `${column.kind === "attribute" ? "" : column.name} ${word}`.toLocaleLowerCase()));
  for (let run = 0; run < runs.n; run += 1) {
    const own = columns.map((column, at) => (/** @type {any} */ (column.codes)[run] ? texts[at][/** @type {any} */ (column.codes)[run] - 1] : ""));
    keeps[run] = Number(holds(`${runs.id(run)} ${own.join(" \n ")}`));
  }
  return { keeps, kind: "words", message: phrase("explorer-filter-words-other") };
}

/** @param {Column} column @param {number} run @returns {string} the clause that selects the runs with the value of this cell */
export function clauseOf(column, run) {
  const name = /^[A-Za-z_]\w*$/.test(column.name) ? column.name : column.name.includes("`") ? `"${column.name}"` : `\`${column.name}\``;
  if (column.kind === "metric") return Number.isFinite(/** @type {any} */ (column.numbers)[run]) ? `metrics.${name} ${column.goal === "minimize" ? "<=" : ">="} ${/** @type {any} */ (column.numbers)[run]}` : "";
  if (!column.codes || !column.codes[run]) return "";
  const text = cellText(column, run);
  const quoted = text.includes("'") ? `"${text}"` : `'${text}'`;
  if (column.kind !== "attribute") return `${column.kind}s.${name} = ${quoted}`;
  const attribute = { name: "run_name", status: "status", user: "user_id" }[column.key];
  return attribute ? `${attribute} = ${quoted}` : "";
}
