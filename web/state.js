// What the reader has chosen, as one frozen value; as a text it makes the same view again, in a link or pasted.

/**
 * @typedef {Object} State
 * @property {string} filter
 * @property {string} by what groups are made by: "", a column's key, or "report" for the groups that the report compares
 * @property {readonly string[]} off labels of groups that are hidden
 * @property {readonly number[]} picked runs
 * @property {string} x "step", "wall", "relative" or "metric:name"
 * @property {boolean} log of y
 * @property {boolean} logX
 * @property {number} smooth 0 to 0.99
 * @property {string} middle of a group: "mean" or "median"
 * @property {readonly [number, number] | null} zoom of x
 * @property {readonly string[] | null} columns keys; null for those chosen by the page
 * @property {number} pinned how many columns stay in sight
 * @property {Readonly<Record<string, number>>} widths
 * @property {string} sort a column's key
 * @property {boolean} down
 * @property {string} cells "bar", "heat" or "plain"
 * @property {number} open the run in the drawer, -1 for none, -2 for the comparison of those picked
 */

/** @type {State} */
export const START = Object.freeze({
  filter: "", by: "", off: [], picked: [], x: "step", log: false, logX: false, smooth: 0, middle: "mean", zoom: null,
  columns: null, pinned: 1, widths: {}, sort: "", down: false, cells: "bar", open: -1,
});

const VERSION = "v1";

/** @type {Record<string, [keyof State, (value: any) => string, (text: string) => any]>} */
const FIELDS = {
  f: ["filter", String, String],
  g: ["by", String, String],
  o: ["off", list, parts],
  p: ["picked", (value) => value.join(","), (text) => text.split(",").map(Number).filter((run) => Number.isInteger(run) && run >= 0)],
  x: ["x", String, String],
  l: ["log", Number1, flag],
  lx: ["logX", Number1, flag],
  s: ["smooth", String, (text) => Math.min(Math.max(Number(text) || 0, 0), 0.99)],
  m: ["middle", String, (text) => (text === "median" ? text : "mean")],
  z: ["zoom", (value) => value.join(","), zoomOf],
  c: ["columns", list, parts],
  n: ["pinned", String, (text) => Math.min(Math.max(Math.round(Number(text)) || 0, 0), 8)],
  w: ["widths", (value) => list(Object.entries(value).flatMap(([key, width]) => [key, String(width)])), widthsOf],
  k: ["sort", String, String],
  d: ["down", Number1, flag],
  h: ["cells", String, (text) => (["bar", "heat", "plain"].includes(text) ? text : "bar")],
  r: ["open", String, (text) => Math.max(Math.round(Number(text)), -2)],
};

/** @param {any} value */
function Number1(value) {
  return value ? "1" : "0";
}

/** @param {string} text */
function flag(text) {
  return text === "1";
}

/** @param {readonly string[]} items */
function list(items) {
  return items.map((item) => encodeURIComponent(item)).join(",");
}

/** @param {string} text */
function parts(text) {
  return text.split(",").filter(Boolean).map((part) => decodeURIComponent(part));
}

/** @param {string} text @returns {[number, number] | null} */
function zoomOf(text) {
  const [from, to] = text.split(",").map(Number);
  return Number.isFinite(from) && Number.isFinite(to) && from < to ? [from, to] : null;
}

/** @param {string} text @returns {Record<string, number>} */
function widthsOf(text) {
  /** @type {Record<string, number>} */
  const widths = Object.create(null);
  const items = parts(text);
  for (let at = 0; at + 1 < items.length; at += 2) {
    const width = Number(items[at + 1]);
    if (width >= 40 && width <= 2000) widths[items[at]] = Math.round(width);
  }
  return widths;
}

/** @param {State} state @param {string} report which report the view is of @returns {string} "#v1;q=report;f=…" */
export function encoded(state, report) {
  const said = [`#${VERSION}`, `q=${encodeURIComponent(report)}`];
  for (const [short, [name, write]] of Object.entries(FIELDS)) {
    if (JSON.stringify(state[name]) !== JSON.stringify(START[name])) said.push(`${short}=${encodeURIComponent(write(state[name]))}`);
  }
  return said.length > 2 ? said.join(";") : "";
}

/** @param {string} text @returns {{ state: State, report: string } | null} null where the text is no view; unknown keys are left out */
export function decoded(text) {
  const [version, ...fields] = text.trim().replace(/^.*?#/, "#").split(";");
  if (version !== `#${VERSION}`) return null;
  /** @type {any} */
  const state = { ...START };
  let report = "";
  for (const field of fields) {
    const at = field.indexOf("=");
    try {
      const value = decodeURIComponent(field.slice(at + 1));
      const known = FIELDS[field.slice(0, at)];
      if (field.slice(0, at) === "q") report = value;
      else if (known && Object.hasOwn(FIELDS, field.slice(0, at))) state[known[0]] = known[2](value);
    } catch {
      // half an escape: this one field stays as it begins
    }
  }
  if (Number.isNaN(state.open)) state.open = -1;
  return { state: Object.freeze(state), report };
}

/**
 * @template {readonly any[]} A
 * @template R
 * @param {(...given: A) => R} make @returns {(...given: A) => R} `make` that remembers its last answer
 */
export function memo(make) {
  /** @type {A | null} */
  let last = null;
  /** @type {any} */
  let answer;
  return (...given) => {
    if (!last || given.some((value, at) => !Object.is(value, /** @type {A} */ (last)[at]))) {
      answer = make(...given);
      last = given;
    }
    return answer;
  };
}
