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
  if (!column || !column.codes) return { by: "none", labels: [phrase("explorer-no-groups")], of: new Uint16Array(runs.n), rest: false };
  const counts = new Map();
  for (let run = 0; run < runs.n; run += 1) if (column.codes[run]) counts.set(column.codes[run], (counts.get(column.codes[run]) || 0) + 1);
  const byCount = Array.from(counts).sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, MOST_GROUPS).map(([code]) => code);
  const words = column.words;
  byCount.sort((a, b) => words[a - 1].localeCompare(words[b - 1], "en", { numeric: true }));
  const place = new Map(byCount.map((code, at) => [code, at + 1]));
  const codes = Uint16Array.from(column.codes, (code) => place.get(code) || 0);
  const prefix = column.kind === "attribute" ? "" : `${column.label} `;
  return grouped(by, byCount.map((code) => prefix + words[code - 1]), codes, runs.n);
}

/** @param {string} by @param {string[]} labels @param {ArrayLike<number>} codes @param {number} n @returns {Groups} */
function grouped(by, labels, codes, n) {
  const of = new Uint16Array(n);
  let rest = false;
  for (let run = 0; run < n; run += 1) {
    of[run] = codes[run] ? codes[run] - 1 : labels.length;
    rest = rest || !codes[run];
  }
  return { by, labels: rest ? [...labels, phrase("explorer-others")] : labels.slice(), of, rest };
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

/** @param {Runs} runs @returns {string[]} the columns that a table begins with: main metrics, then params that differ */
export function startColumns(runs) {
  const main = runs.columns.filter((column) => column.key.startsWith("metric:") && runs.metrics.some((metric) => metric.main && metric.name === column.name));
  const all = Array.from({ length: runs.n }, (_, run) => run);
  const params = runs.columns.filter((column) => column.kind === "param" && differs(column, all));
  const experiment = /** @type {Column} */ (runs.byKey.get("experiment"));
  const first = main.slice(0, 6).map((column) => column.key);
  const curve = runs.metrics.find((metric) => metric.main && metric.curve);
  return [
    "name",
    ...(runs.byKey.has("rank") ? ["rank"] : []),
    ...first.slice(0, 1),
    ...(curve ? [`spark:${curve.name}`] : []),
    ...first.slice(1),
    ...params.slice(0, 6).map((column) => column.key),
    ...(differs(experiment, all) ? ["experiment"] : []),
    "status",
    "duration",
    "start",
  ];
}

/** @param {Runs} runs @param {State} state @returns {[string, boolean]} [key, descending] that rows are sorted by; "" keeps the page's order */
export function orderOf(runs, state) {
  if (state.sort) return [state.sort, state.down];
  const first = runs.metrics.find((metric) => metric.main);
  return first && first.goal !== "none" ? [`metric:${first.name}`, first.goal === "maximize"] : ["", false];
}

/** @param {Runs} runs @returns {(shown: Shown, state: State) => Int32Array} rows of the table, in order */
export function sorter(runs) {
  const order = memo((/** @type {Int32Array} */ left, /** @type {string} */ key, /** @type {boolean} */ down) => {
    const column = runs.byKey.get(key);
    return column ? sorted(column, down, left) : left;
  });
  return (shown, state) => order(shown.runs, ...orderOf(runs, state));
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
