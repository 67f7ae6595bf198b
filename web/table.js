// The table of runs. Up to 200 rows are all there; with many cells, those out of sight are two cells, whose text search and readers find. Of more than
// 200 rows only those in sight are drawn.

import { el, name, spark } from "./dom.js";
import { cellText, isNumeric } from "./runs.js";
import { phrase } from "./words.js";

/** @typedef {import("./runs.js").Runs} Runs */
/** @typedef {import("./runs.js").Column} Column */

/** @typedef {{ key: string, label: string, column: Column | null, spark: string }} Shown a column of the table: of values, or of small curves of the metric `spark` */

/**
 * @typedef {Object} View
 * @property {Int32Array} rows runs in order
 * @property {Shown[]} columns
 * @property {number} pinned
 * @property {Readonly<Record<string, number>>} widths
 * @property {string} sort
 * @property {boolean} down
 * @property {string} cells
 * @property {ReadonlySet<number>} picked
 * @property {(run: number) => string} colorOf
 * @property {(column: Column) => [number, number] | null} extentOf
 * @property {(metric: string, run: number) => string} sparkOf path in 76 × 20 pixels; "" while it is not there
 */

/**
 * @typedef {Object} Handlers
 * @property {(key: string) => void} sort
 * @property {(run: number) => void} pick
 * @property {(run: number) => void} open
 * @property {(run: number) => void} hover -1 when the pointer leaves
 * @property {(column: Column, run: number) => void} narrow
 * @property {(key: string, width: number) => void} resize
 */

const ROW = 34;
const REAL = 200;
const MOST_CELLS = 600;
const SPARE = 4;
export const SPARK = [76, 20];

/** @param {Shown} shown @returns {number} */
function widthOf(shown) {
  if (shown.key === "name") return innerWidth < 480 ? 150 : 230; // of a phone it leaves room for two values
  if (shown.spark) return 100;
  const { column } = shown;
  if (!column) return 100;
  if (column.kind === "metric") return 128;
  if (column.key === "start") return 150;
  if (column.key.startsWith("rank:")) return 104;
  const longest = column.words.reduce((most, word) => Math.max(most, word.length), Math.min(column.label.length, 16));
  return Math.min(Math.max(longest * 8 + 30, 84), 220);
}

/** @param {View} view @returns {boolean} whether every row is there */
function isWhole({ rows }) {
  return rows.length <= REAL;
}

export class RunTable {
  /** @param {Runs} runs @param {Handlers} handlers */
  constructor(runs, handlers) {
    this.runs = runs;
    this.handlers = handlers;
    this.columns = el("colgroup");
    this.head = el("tr", { "aria-rowindex": 1 });
    this.body = el("tbody");
    this.table = el("table", { "aria-label": phrase("explorer-runs") }, this.columns, el("thead", {}, this.head), this.body);
    this.box = el("div", { class: "x-table", tabindex: 0, role: "region", "aria-label": phrase("explorer-runs-scroll") }, this.table);
    /** @type {View | null} */
    this.view = null;
    this.marked = -1;
    this.focused = 0;
    this.first = -1;
    this.end = -1;
    this.box.addEventListener("scroll", () => this.#queue());
    this.body.addEventListener("pointerover", (event) => this.handlers.hover(this.#runOf(event.target)));
    this.body.addEventListener("pointerleave", () => this.handlers.hover(-1));
    this.body.addEventListener("focusin", (event) => {
      const run = this.#runOf(event.target);
      if (run >= 0 && this.view) this.focused = this.view.rows.indexOf(run);
      this.handlers.hover(run);
    });
    this.body.addEventListener("click", (event) => this.#click(event));
    this.body.addEventListener("dblclick", (event) => this.#narrow(event));
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.waiting = false;
  }

  /** @param {EventTarget | null} target @returns {number} */
  #runOf(target) {
    const row = target instanceof Element ? target.closest("tr[data-run]") : null;
    return row instanceof HTMLElement ? Number(row.dataset.run) : -1;
  }

  #queue() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.#rows(false);
    });
  }

  /** @param {View} view */
  draw(view) {
    const before = this.view;
    this.view = view;
    this.focused = Math.min(this.focused, Math.max(view.rows.length - 1, 0));
    if (!before || before.columns !== view.columns || before.widths !== view.widths || before.pinned !== view.pinned || before.sort !== view.sort || before.down !== view.down) this.#heads(view);
    this.table.setAttribute("aria-rowcount", String(view.rows.length + 1));
    this.box.classList.toggle("virtual", !isWhole(view));
    this.#rows(true);
  }

  /** @param {number} run the one to mark, from a curve */
  mark(run) {
    this.marked = run;
    for (const row of this.body.rows) row.classList.toggle("marked", Number(row.dataset.run) === run);
  }

  /** @param {number} run brings it into sight */
  show(run) {
    const at = this.view ? this.view.rows.indexOf(run) : -1;
    if (at < 0) return;
    const top = at * ROW;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top + 2 * ROW > this.box.scrollTop + this.box.clientHeight - ROW) this.box.scrollTop = top - this.box.clientHeight + 3 * ROW;
  }

  /** @param {View} view */
  #heads(view) {
    const widths = view.columns.map((shown) => view.widths[shown.key] || widthOf(shown));
    this.columns.replaceChildren(...widths.map((width) => el("col", { style: { width: `${width}px` } })));
    this.table.style.width = `${widths.reduce((sum, width) => sum + width, 0)}px`;
    const lefts = widths.map((_, at) => widths.slice(0, at).reduce((sum, width) => sum + width, 0));
    this.pins = lefts.map((left, at) => (at < view.pinned ? `${left}px` : ""));
    this.head.replaceChildren(
      ...view.columns.map((shown, at) => {
        const { column } = shown;
        const order = shown.key !== view.sort ? "none" : view.down ? "descending" : "ascending";
        const arrow = column && column.goal === "maximize" ? "↑" : column && column.goal === "minimize" ? "↓" : "";
        const label = el("span", { class: "x-label" }, name(shown.label));
        const th = el("th", { scope: "col", class: this.#css(shown, at), "aria-sort": shown.spark ? undefined : order, title: `${shown.label}${column && column.note ? ` (${column.note})` : ""}` });
        if (shown.spark) th.append(label);
        else th.append(el("button", { type: "button", onclick: () => this.handlers.sort(shown.key) }, label, arrow ? el("span", { class: "goal", text: ` ${arrow}` }) : null));
        if (column && column.note) th.append(el("span", { class: "head-note", text: column.note }));
        if (this.pins && this.pins[at]) th.style.left = this.pins[at];
        th.append(this.#grip(shown.key, widths[at], at));
        return th;
      }),
    );
  }

  /** @param {Shown} shown @param {number} at @returns {string} */
  #css(shown, at) {
    const number = shown.column && isNumeric(shown.column) && shown.column.kind !== "attribute";
    const measured = shown.key === "duration" || shown.key.startsWith("rank:");
    return [number || measured ? "num" : "", this.view && at < this.view.pinned ? "pin" : "", this.view && at === this.view.pinned - 1 ? "last-pin" : ""].filter(Boolean).join(" ");
  }

  /** @param {string} key @param {number} width @param {number} at */
  #grip(key, width, at) {
    const grip = el("span", { class: "x-grip", "aria-hidden": "true" });
    grip.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      grip.setPointerCapture(event.pointerId);
      const from = event.clientX;
      /** @param {PointerEvent} moved */
      const wide = (moved) => Math.max(56, Math.min(900, width + moved.clientX - from));
      /** @param {PointerEvent} moved */
      const move = (moved) => { /** @type {HTMLElement} */ (this.columns.children[at]).style.width = `${wide(moved)}px`; };
      grip.addEventListener("pointermove", move);
      grip.addEventListener("pointerup", (up) => {
        grip.removeEventListener("pointermove", move);
        this.handlers.resize(key, Math.round(wide(up)));
      }, { once: true });
    });
    return grip;
  }

  /** @param {boolean} anew */
  #rows(anew) {
    const view = this.view;
    if (!view) return;
    const n = view.rows.length;
    const whole = isWhole(view);
    const most = Math.max(0, n * ROW - this.box.clientHeight + ROW);
    if (this.box.scrollTop > most + ROW) this.box.scrollTop = most; // fewer rows than before: the place is gone
    const small = whole && n * view.columns.length <= MOST_CELLS;
    const first = small ? 0 : Math.max(0, Math.min(n, Math.floor(this.box.scrollTop / ROW)) - SPARE);
    const end = small ? n : Math.min(n, first + Math.ceil((this.box.clientHeight || 600) / ROW) + 2 * SPARE);
    if (!anew && first === this.first) return;
    const [wasFirst, wasEnd] = [this.first, this.end];
    [this.first, this.end] = [first, end];
    if (whole && !anew) {
      for (let at = Math.min(first, wasFirst); at < Math.max(end, wasEnd); at += 1) {
        const [is, was] = [at >= first && at < end, at >= wasFirst && at < wasEnd];
        const old = this.body.rows[at];
        const held = old.contains(document.activeElement);
        if (is === was || held && !is) continue;
        const row = is ? this.#row(view, view.rows[at], at) : this.#brief(view, view.rows[at], at);
        old.replaceWith(row);
        if (held) row.focus({ preventScroll: true });
      }
      return;
    }
    const active = document.activeElement;
    const hadFocus = active instanceof Element && this.body.contains(active) ? active.tagName : "";
    const rows = [];
    for (let at = whole ? 0 : first; at < (whole ? n : end); at += 1) rows.push(at >= first && at < end ? this.#row(view, view.rows[at], at) : this.#brief(view, view.rows[at], at));
    const above = !whole && first ? el("tr", { class: "space", "aria-hidden": "true", style: { height: `${first * ROW}px` } }) : null;
    const below = !whole && end < n ? el("tr", { class: "space", "aria-hidden": "true", style: { height: `${(n - end) * ROW}px` } }) : null;
    this.body.replaceChildren(...[above, ...rows, below].filter((row) => row !== null));
    if (!n) this.body.append(el("tr", {}, el("td", { class: "none", colspan: view.columns.length, text: phrase("explorer-no-run") })));
    if (!hadFocus) return;
    const row = this.#rowAt(this.focused);
    if (row) (hadFocus === "TR" ? row : row.querySelector(hadFocus.toLowerCase()) || row).focus({ preventScroll: true });
    else this.box.focus({ preventScroll: true });
  }

  /** @param {number} at @returns {any} */
  #rowAt(at) {
    return this.body.querySelector(`tr[aria-rowindex="${at + 2}"]`);
  }

  /** @param {View} view @param {number} run @param {number} at */
  #bare(view, run, at) {
    const css = [view.picked.has(run) ? "picked" : "", run === this.marked ? "marked" : ""].filter(Boolean).join(" ");
    return el("tr", { "data-run": run, "aria-rowindex": at + 2, tabindex: at === this.focused ? 0 : -1, class: css || false });
  }

  /** @param {View} view @param {number} run @param {number} at a row out of sight: its name, and all else in one cell */
  #brief(view, run, at) {
    const row = this.#bare(view, run, at);
    const values = view.columns.filter((shown) => shown.column && shown.key !== "name").map((shown) => `${shown.label} ${cellText(/** @type {Column} */ (shown.column), run) || "—"}`);
    row.append(el("th", { scope: "row" }, name(this.runs.names[run])), el("td", { colspan: Math.max(1, view.columns.length - 1), text: values.join(phrase("explorer-separator")) }));
    return row;
  }

  /** @param {View} view @param {number} run @param {number} at */
  #row(view, run, at) {
    const picked = view.picked.has(run);
    const row = this.#bare(view, run, at);
    view.columns.forEach((shown, place) => {
      const cell = el(shown.key === "name" ? "th" : "td", { class: this.#css(shown, place) || false, scope: shown.key === "name" ? "row" : undefined });
      if (this.pins && this.pins[place]) cell.style.left = this.pins[place];
      if (shown.key === "name") this.#name(cell, view, run, picked);
      else if (shown.spark) this.#spark(cell, view, shown.spark, run);
      else if (shown.column) this.#value(cell, view, shown.column, run);
      row.append(cell);
    });
    return row;
  }

  /** @param {HTMLElement} cell @param {View} view @param {number} run @param {boolean} picked */
  #name(cell, view, run, picked) {
    const label = this.runs.names[run];
    const box = el("input", { type: "checkbox", tabindex: -1, "aria-label": phrase("explorer-pick-run", { run: label }) });
    box.checked = picked;
    const button = el("button", { type: "button", tabindex: -1, class: "x-name", title: label }, name(label));
    button.style.setProperty("--dot", view.colorOf(run));
    cell.append(box, button);
  }

  /** @param {HTMLElement} cell @param {View} view @param {string} metric @param {number} run */
  #spark(cell, view, metric, run) {
    const path = view.sparkOf(metric, run);
    if (!path) return;
    cell.classList.add("x-curve");
    for (const [property, value] of Object.entries(spark(path, SPARK[0], SPARK[1], view.colorOf(run)))) cell.style.setProperty(property, value);
  }

  /** @param {HTMLElement} cell @param {View} view @param {Column} column @param {number} run */
  #value(cell, view, column, run) {
    const text = cellText(column, run);
    cell.textContent = text || "—";
    cell.dataset.key = column.key;
    if (!text) cell.classList.add("none");
    else if (column.kind !== "metric" && !cell.classList.contains("num")) cell.dir = "auto";
    if (column.key === "status" && text !== "FINISHED") cell.classList.add("bad");
    const extent = column.kind === "metric" && view.cells !== "plain" ? view.extentOf(column) : null;
    const value = column.numbers ? column.numbers[run] : NaN;
    if (!extent || !Number.isFinite(value)) return;
    const share = Math.min(Math.max((value - extent[0]) / (extent[1] - extent[0]), 0), 1);
    cell.classList.add(view.cells);
    cell.style.setProperty("--part", (0.06 + share * 0.94).toFixed(3));
    cell.style.setProperty("--share", view.cells === "bar" ? `${(6 + share * 94).toFixed(1)}%` : `${((column.goal === "minimize" ? 1 - share : share) * 62).toFixed(0)}%`);
    cell.style.setProperty("--dot", view.colorOf(run));
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const run = this.#runOf(event.target);
    if (run < 0 || !(event.target instanceof Element)) return;
    if (event.target.closest("input")) this.handlers.pick(run);
    else if (event.target.closest(".x-name")) this.handlers.open(run);
  }

  /** @param {MouseEvent} event */
  #narrow(event) {
    const cell = event.target instanceof Element ? event.target.closest("td[data-key]") : null;
    const run = this.#runOf(event.target);
    const column = cell instanceof HTMLElement ? this.runs.byKey.get(cell.dataset.key || "") : undefined;
    if (column && run >= 0) this.handlers.narrow(column, run);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const view = this.view;
    if (!view || event.ctrlKey && !["Home", "End"].includes(event.key) || event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(this.box.clientHeight / ROW) - 2);
    const move = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -view.rows.length, End: view.rows.length })[event.key];
    const run = view.rows[this.focused];
    if (move) {
      if (event.target === this.box) this.focused = Math.min(this.focused, view.rows.length - 1);
      else this.focused = Math.min(Math.max(this.focused + move, 0), view.rows.length - 1);
      event.preventDefault();
      this.show(view.rows[this.focused]);
      this.#rows(true);
      const row = this.#rowAt(this.focused);
      if (row) row.focus({ preventScroll: true });
    } else if (event.target instanceof HTMLTableRowElement && run !== undefined) {
      if (event.key === " " || event.key === "x") this.handlers.pick(run);
      else if (event.key === "Enter") this.handlers.open(run);
      else return;
      event.preventDefault();
    }
  }
}
