// From state to what is shown: pure functions, each remembering its last answer.

import { filtered } from "./filter.js";
import { differs, isNumeric, sorted } from "./runs.js";
import { memo } from "./state.js";
import { phrase } from "./words.js";

/** @typedef {import("./runs.js").Runs} Runs */
/** @typedef {import("./runs.js").Column} Column */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./filter.js").Filter} Filter */

/**
 * @typedef {Object} Groups
 * @property {string} by "none", "report" or a column's key
 * @property {string[]} labels
 * @property {string[]} short the same beside a line, without the name of the param
 * @property {Uint16Array} of run → group; `labels.length - 1` is "others" where `rest` says so
 * @property {boolean} rest whether the last group holds what belongs to none
 */

/**
 * @typedef {Object} Shown
 * @property {Filter} filter
 * @property {Int32Array} runs that filter and groups leave, in the page's order
 * @property {Groups} groups
 * @property {number[]} counts of each group, of those that the filter leaves
 */

export const MOST_GROUPS = 7;

/** @param {Runs} runs @returns {Column[]} that runs can be grouped by */
export function groupColumns(runs) {
  return runs.columns.filter((column) => {
    if (!column.codes || column.key === "name" || column.key === "source_name") return false;
    const used = new Set(column.codes);
    used.delete(0);
    return used.size > 1 && used.size <= 24;
  });
}

/** @param {Runs} runs @param {string} by @returns {Groups} */
export function groupsOf(runs, by) {
  if (!by) by = runs.meta.groups.length ? "report" : differs(/** @type {Column} */ (runs.byKey.get("experiment")), Array.from({ length: runs.n }, (_, run) => run)) ? "experiment" : "none";
  const column = runs.byKey.get(by);
  if (by === "report" && runs.meta.groups.length) return grouped(by, runs.meta.groups, runs.group, runs.n);
  if (!column || !column.codes) return { by: "none", labels: [phrase("explorer-no-groups")], short: [phrase("explorer-no-groups")], of: new Uint16Array(runs.n), rest: false };
  const counts = new Map();
  for (let run = 0; run < runs.n; run += 1) if (column.codes[run]) counts.set(column.codes[run], (counts.get(column.codes[run]) || 0) + 1);
  const byCount = Array.from(counts).sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, MOST_GROUPS).map(([code]) => code);
  const words = column.words;
  byCount.sort((a, b) => words[a - 1].localeCompare(words[b - 1], "en", { numeric: true }));
  const place = new Map(byCount.map((code, at) => [code, at + 1]));
  const codes = Uint16Array.from(column.codes, (code) => place.get(code) || 0);
  const prefix = column.kind === "attribute" ? "" : `${column.label} `;
  const short = byCount.map((code) => words[code - 1]);
  return grouped(by, short.map((word) => prefix + word), codes, runs.n, short);
}

/** @param {string} by @param {string[]} labels @param {ArrayLike<number>} codes @param {number} n @param {string[]} [short] @returns {Groups} */
function grouped(by, labels, codes, n, short = labels) {
  const of = new Uint16Array(n);
  let rest = false;
  for (let run = 0; run < n; run += 1) {
    of[run] = codes[run] ? codes[run] - 1 : labels.length;
    rest = rest || !codes[run];
  }
  const others = rest ? [phrase("explorer-others")] : [];
  return { by, labels: [...labels, ...others], short: [...short, ...others], of, rest };
}

/** @param {Runs} runs @returns {(state: State) => Shown} */
export function selector(runs) {
  const filter = memo((/** @type {string} */ text) => filtered(text, runs));
  const groups = memo((/** @type {string} */ by) => groupsOf(runs, by));
  /** @type {Uint8Array} */
  let lastGood = new Uint8Array(runs.n).fill(1);
  const chosen = memo((/** @type {Filter} */ found, /** @type {Groups} */ own, /** @type {readonly string[]} */ off) => {
    lastGood = found.keeps || lastGood; // while a filter is being typed, the last one that could be read stays
    const hidden = own.labels.map((label) => off.includes(label));
    const counts = own.labels.map(() => 0);
    const left = [];
    for (let run = 0; run < runs.n; run += 1) {
      if (!lastGood[run]) continue;
      counts[own.of[run]] += 1;
      if (!hidden[own.of[run]]) left.push(run);
    }
    return { filter: found, runs: Int32Array.from(left), groups: own, counts };
  });
  return (state) => chosen(filter(state.filter), groups(state.by), state.off);
}

/** @param {Column} column @param {ArrayLike<number>} left @returns {number} how many of the runs have a value */
function filled(column, left) {
  const has = column.codes || column.has || new Uint8Array(0);
  let n = 0;
  for (let at = 0; at < left.length; at += 1) n += Number(has[left[at]] > 0);
  return n;
}

/** @param {Runs} runs @param {ArrayLike<number>} left @returns {Column[]} main metrics that some of the runs have; first the first that most of them have, since experiments of one report measure different things */
function mainOf(runs, left) {
  const main = runs.metrics.filter((metric) => metric.main).map((metric) => /** @type {Column} */ (runs.byKey.get(`metric:${metric.name}`)));
  const counted = main.map((column) => ({ column, n: filled(column, left) })).filter(({ n }) => n > 0);
  const most = counted.reduce((best, one) => (one.n > best.n && best.n * 2 < left.length ? one : best), counted[0]);
  return counted.length ? [most.column, ...counted.filter((one) => one !== most).map((one) => one.column)] : main;
}

/** @param {Runs} runs @param {ArrayLike<number>} left the runs that are shown @returns {string[]} the columns that a table begins with: main metrics, then params that differ; none that is empty */
export function startColumns(runs, left) {
  const main = mainOf(runs, left);
  const params = runs.columns.filter((column) => column.kind === "param" && differs(column, left)).sort((a, b) => filled(b, left) - filled(a, left));
  const first = main.slice(0, 6).map((column) => column.key);
  const curve = main.find((column) => runs.metrics.some((metric) => metric.curve && metric.name === column.name));
  const rank = main.length ? `rank:${main[0].name}` : "";
  /** @param {string} key */
  const ifDiffers = (key) => (differs(/** @type {Column} */ (runs.byKey.get(key)), left) ? [key] : []);
  return [
    "name",
    ...(runs.byKey.has(rank) ? [rank] : []),
    ...first.slice(0, 1),
    ...(curve ? [`spark:${curve.name}`] : []),
    ...first.slice(1),
    ...params.slice(0, 6).map((column) => column.key),
    ...ifDiffers("experiment"),
    ...ifDiffers("status"),
    "duration",
    "start",
  ];
}

/** @param {Runs} runs @param {State} state @param {ArrayLike<number>} left @returns {[string, boolean]} [key, descending] that rows are sorted by; "" keeps the page's order */
export function orderOf(runs, state, left) {
  if (state.sort) return [state.sort, state.down];
  const [first] = mainOf(runs, left);
  return first && first.goal !== "none" ? [first.key, first.goal === "maximize"] : ["", false];
}

/** @param {Runs} runs @returns {(shown: Shown, state: State) => Int32Array} rows of the table, in order */
export function sorter(runs) {
  const order = memo((/** @type {Int32Array} */ left, /** @type {string} */ key, /** @type {boolean} */ down) => {
    const column = runs.byKey.get(key);
    return column ? sorted(column, down, left) : left;
  });
  return (shown, state) => order(shown.runs, ...orderOf(runs, state, shown.runs));
}

/** @param {Column} column @param {Int32Array} runs @returns {[number, number] | null} the range of its finite numbers, for bars and shades */
export function extentOf(column, runs) {
  if (!isNumeric(column) || !column.numbers) return null;
  let [low, high] = [Infinity, -Infinity];
  for (const run of runs) {
    const value = column.numbers[run];
    if (value < low && value > -Infinity) low = value;
    if (value > high && value < Infinity) high = value;
  }
  return low < high ? [low, high] : null;
}
