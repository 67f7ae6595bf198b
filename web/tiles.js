// Tiles of the report while runs are left out: what a number is among those shown, where it can be said, and that it is about all where it cannot.

import { el, name } from "./dom.js";
import { cellText } from "./runs.js";
import { phrase } from "./words.js";

/** @typedef {import("./runs.js").Runs} Runs */
/** @typedef {import("./runs.js").Column} Column */

/** @param {Runs} runs @param {Column} column @param {Int32Array} shown @returns {number} the run with the best value, of those that finished; -1 where none has one */
export function bestOf(runs, column, shown) {
  const status = runs.byKey.get("status");
  const sign = column.goal === "minimize" ? -1 : 1;
  let best = -1;
  for (const run of shown) {
    const value = column.numbers ? column.numbers[run] : NaN;
    if (!Number.isFinite(value) || status && cellText(status, run) !== "FINISHED") continue;
    if (best < 0 || sign * value > sign * /** @type {Float64Array} */ (column.numbers)[best]) best = run;
  }
  return best;
}

/** @param {Runs} runs @returns {(shown: Int32Array) => void} */
export function tilesOf(runs) {
  const tiles = /** @type {HTMLElement[]} */ (Array.from(document.querySelectorAll("main > section:not(#explore) .tile")));
  const notes = tiles.map((tile) => {
    const note = el("dd", { class: "note among", hidden: true });
    tile.append(note);
    return note;
  });
  const every = Int32Array.from({ length: runs.n }, (_, run) => run);
  return (shown) => tiles.forEach((tile, at) => {
    notes[at].hidden = shown.length === runs.n;
    if (notes[at].hidden) return;
    const { among, experiments: ids } = tile.dataset;
    const own = ids ? new Set(ids.split(" ")) : null;
    /** @param {number} run */
    const isOwn = (run) => !own || own.has(runs.experimentId(run));
    const column = runs.byKey.get(`metric:${among}`);
    const best = column ? bestOf(runs, column, shown.filter(isOwn)) : -1;
    if (among === "") notes[at].replaceChildren(phrase("explorer-some-shown", { n: shown.filter(isOwn).length, of: every.filter(isOwn).length }));
    else if (!column) notes[at].replaceChildren(phrase("explorer-about-all", { n: runs.n }));
    else if (best < 0) notes[at].replaceChildren(phrase("explorer-best-none"));
    else notes[at].replaceChildren(name(phrase("explorer-best-shown", { value: cellText(column, best), run: runs.names[best] })));
  });
}
