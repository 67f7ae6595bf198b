// The runs and their columns, as the whole explorer shares them. Nothing here changes after it is made.

import { textOf } from "./format.js";
import { phrase } from "./words.js";

/** @typedef {import("./data.js").Block} Block */
/** @typedef {import("./data.js").Numbers} Numbers */
/** @typedef {"metric" | "param" | "tag" | "attribute"} Kind */

/**
 * @typedef {Object} Column
 * @property {string} key unique: "metric:loss", "param:lr", "status"
 * @property {Kind} kind
 * @property {string} name as MLflow spells it
 * @property {string} label
 * @property {Float64Array | null} numbers NaN where there is none, see `has`
 * @property {Numbers | null} has for numbers: 1 where the run has one, NaN included
 * @property {string[]} words for texts
 * @property {Numbers | null} codes for texts: place of the word + 1, 0 where there is none
 * @property {string} format
 * @property {number | undefined} digits
 * @property {string} goal
 * @property {string} note
 */

/**
 * @typedef {Object} Metric
 * @property {number} at
 * @property {string} name
 * @property {string} label
 * @property {string} format
 * @property {number} digits
 * @property {string} goal
 * @property {boolean} main
 * @property {boolean} curve
 */

/**
 * @typedef {Object} Runs
 * @property {number} n
 * @property {any} meta
 * @property {Column[]} columns in the order in which they are offered
 * @property {Map<string, Column>} byKey
 * @property {Metric[]} metrics
 * @property {Float64Array} start milliseconds
 * @property {string[]} names
 * @property {Numbers} parent
 * @property {Numbers} group place of the report's own group + 1
 * @property {(run: number) => string} id
 * @property {(run: number) => string} experimentId
 * @property {(run: number) => string} page address of the run in MLflow, or ""
 * @property {string[][]} datasets [name, digest, context]
 * @property {number[][]} datasetsOf run → places in `datasets`
 */

/** @param {Partial<Column> & { key: string, kind: Kind, name: string }} given @returns {Column} */
function column(given) {
  return { label: given.name, numbers: null, has: null, words: [], codes: null, format: "text", digits: undefined, goal: "none", note: "", ...given };
}

/** @param {Block} block @returns {Runs} */
export function runsOf(block) {
  const { meta, arrays } = block;
  /** @type {number} */
  const n = meta.runs;
  /** @param {string} name @param {string} label */
  const attribute = (name, label) => column({ key: name, kind: "attribute", name, label, words: meta.attributes[name], codes: arrays[name] });
  const start = Float64Array.from(arrays.start);
  /** @param {number} run */
  const id = (run) => (meta.ids.length ? meta.ids[run] : Array.from(arrays.ids.subarray(run * 16, run * 16 + 16), (byte) => byte.toString(16).padStart(2, "0")).join(""));
  const experiments = attribute("experiment_id", phrase("explorer-experiment-id"));
  const experiment = { ...experiments, key: "experiment", name: "experiment", label: phrase("explorer-experiment"), words: experiments.words.map((word) => meta.experiments[word] ?? word) };
  const names = Array.from({ length: n }, (_, run) => meta.attributes.name[arrays.name[run] - 1] || id(run).slice(0, 8));
  /** @type {Column[]} */
  const columns = [
    { ...attribute("name", phrase("explorer-run")) },
    attribute("status", phrase("explorer-status")),
    column({ key: "start", kind: "attribute", name: "start_time", label: phrase("explorer-started"), numbers: start, has: Uint8Array.from(start, (at) => (at ? 1 : 0)), format: "time" }),
    durations(/** @type {Float64Array} */ (arrays.duration)),
    experiment,
    attribute("user", phrase("explorer-user")),
    attribute("source_name", phrase("explorer-source")),
  ];
  meta.metrics.forEach((/** @type {any} */ metric, /** @type {number} */ at) => {
    const { name, label, format, digits, goal } = metric;
    const has = arrays[`has${at}`];
    /** @param {string} prefix @param {Numbers} values @param {string} note */
    const add = (prefix, values, note) =>
      columns.push(column({ key: `${prefix}:${name}`, kind: "metric", name, label, format, digits, goal, has, numbers: spread(values, has), note }));
    add("metric", arrays[`value${at}`], metric.rule === "last" ? "" : phrase("explorer-rule", { rule: metric.rule }));
    if (arrays[`last${at}`]) add("last", arrays[`last${at}`], phrase("explorer-rule", { rule: "last" }));
    if (arrays[`best${at}`]) add("best", arrays[`best${at}`], phrase("explorer-best"));
  });
  meta.params.forEach((/** @type {any} */ { name, words, left_out }, /** @type {number} */ at) => {
    if (!left_out) columns.push(column({ key: `param:${name}`, kind: "param", name, words, codes: arrays[`p${at}`] }));
  });
  meta.tags.forEach((/** @type {any} */ { name, words, left_out }, /** @type {number} */ at) => {
    if (!left_out) columns.push(column({ key: `tag:${name}`, kind: "tag", name, words, codes: arrays[`t${at}`] }));
  });
  columns.splice(1, 0, ...ranks(meta.metrics, columns));
  /** @type {number[][]} */
  const datasetsOf = Array.from({ length: n }, () => []);
  arrays.dataset_run.forEach((run, at) => datasetsOf[run].push(arrays.dataset[at]));
  /** @param {number} run */
  const experimentId = (run) => meta.attributes.experiment_id[arrays.experiment_id[run] - 1];
  /** @param {number} run */
  const page = (run) => {
    const prefix = meta.pages[experimentId(run)];
    return prefix ? prefix + id(run).split("#")[0] : "";
  };
  return {
    n,
    meta,
    columns,
    byKey: new Map(columns.map((one) => [one.key, one])),
    metrics: meta.metrics.map((/** @type {any} */ metric, /** @type {number} */ at) => ({ ...metric, at })),
    start,
    names,
    parent: arrays.parent,
    group: arrays.group,
    id,
    experimentId,
    page,
    datasets: meta.datasets,
    datasetsOf,
  };
}

/** @param {any[]} metrics @param {Column[]} columns @returns {Column[]} places by each main metric, among all runs of the page: a filter leaves them; made when one is looked at */
function ranks(metrics, columns) {
  return metrics.filter((metric) => metric.main && metric.goal !== "none").flatMap((metric) => {
    const by = columns.find((one) => one.key === `metric:${metric.name}`);
    if (!by) return [];
    const rank = column({ key: `rank:${metric.name}`, kind: "attribute", name: "rank", label: phrase("explorer-rank"), format: "integer", note: phrase("explorer-rank-note", { metric: metric.label }) });
    /** @type {Float64Array | null} */
    let made = null;
    const numbers = () => (made = made || placesOf(/** @type {Float64Array} */ (by.numbers), metric.goal));
    Object.defineProperty(rank, "numbers", { get: numbers });
    Object.defineProperty(rank, "has", { get: () => Uint8Array.from(numbers(), (one) => (Number.isNaN(one) ? 0 : 1)) });
    return [rank];
  });
}

/** @param {Float64Array} values @param {string} goal @returns {Float64Array} 1 for the best; equal values share a place, NaN where there is none */
function placesOf(values, goal) {
  const order = Array.from(values.keys()).filter((run) => Number.isFinite(values[run])).sort((a, b) => (goal === "maximize" ? values[b] - values[a] : values[a] - values[b]) || a - b);
  const places = new Float64Array(values.length).fill(NaN);
  order.forEach((run, at) => { places[run] = at && values[run] === values[order[at - 1]] ? places[order[at - 1]] : at + 1; });
  return places;
}

/** @param {Float64Array} ms @returns {Column} */
function durations(ms) {
  const seconds = ms.map((value) => (value < 0 ? NaN : value / 1000));
  return column({ key: "duration", kind: "attribute", name: "duration", label: phrase("explorer-duration"), numbers: seconds, has: Uint8Array.from(seconds, (one) => (Number.isNaN(one) ? 0 : 1)), format: "duration" });
}

/** @param {Numbers} values of the runs that have one @param {Numbers} has @returns {Float64Array} one for each run */
function spread(values, has) {
  const out = new Float64Array(has.length).fill(NaN);
  let at = 0;
  for (let run = 0; run < has.length; run += 1) if (has[run]) out[run] = values[at++];
  return out;
}

/** @param {Column} column @param {number} run @returns {string} what a reader sees; "" where there is nothing */
export function cellText(column, run) {
  if (column.codes) return column.codes[run] ? column.words[column.codes[run] - 1] : "";
  if (!column.numbers || !column.has || !column.has[run]) return "";
  return textOf(column.numbers[run], column.format, column.digits);
}

/** @type {WeakMap<Column, Float64Array>} */
const asNumbers = new WeakMap();

/** @param {Column} column @returns {Float64Array} the number of each run; NaN where there is none or a text */
export function numbersOf(column) {
  if (column.numbers) return column.numbers;
  const known = asNumbers.get(column);
  if (known) return known;
  const ofWord = column.words.map((word) => (word.trim() === "" ? NaN : Number(word)));
  const codes = column.codes || [];
  const out = Float64Array.from(codes, (code) => (code ? ofWord[code - 1] : NaN));
  asNumbers.set(column, out);
  return out;
}

/** @param {Column} column @returns {boolean} whether all its words are numbers */
export function isNumeric(column) {
  return column.numbers !== null || (column.words.length > 0 && column.words.every((word) => word.trim() !== "" && !Number.isNaN(Number(word))));
}

/** @param {Column} column @param {ArrayLike<number>} runs @returns {boolean} whether the runs differ in it */
export function differs(column, runs) {
  if (!runs.length) return false;
  /** @param {number} run */
  const of = (run) => (column.codes ? column.codes[run] : column.has && column.has[run] ? /** @type {Float64Array} */ (column.numbers)[run] : "none");
  const first = of(runs[0]);
  for (let at = 1; at < runs.length; at += 1) if (!Object.is(of(runs[at]), first)) return true;
  return false;
}

const collator = new Intl.Collator("en", { numeric: true });

/** @param {Column} column @param {boolean} descending @param {Int32Array} runs @returns {Int32Array} in order; what has no value comes last */
export function sorted(column, descending, runs) {
  const sign = descending ? -1 : 1;
  if (isNumeric(column)) {
    const numbers = numbersOf(column);
    return runs.slice().sort((a, b) => {
      const [x, y] = [numbers[a], numbers[b]];
      if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
      return x === y ? a - b : sign * (x < y ? -1 : 1);
    });
  }
  const order = column.words.map((_, at) => at).sort((a, b) => collator.compare(column.words[a], column.words[b]));
  const rank = new Int32Array(column.words.length);
  order.forEach((word, at) => { rank[word] = at; });
  const codes = column.codes || new Uint8Array(0);
  return runs.slice().sort((a, b) => {
    if (!codes[a] || !codes[b]) return Number(!codes[a]) - Number(!codes[b]) || a - b;
    return sign * (rank[codes[a] - 1] - rank[codes[b] - 1]) || a - b;
  });
}
