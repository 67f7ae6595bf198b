// The explorer of a report: one state, drawn into the page after its first section. Nothing is stored, nothing is fetched.

import { blockOf } from "./data.js";
import { controlsOf } from "./controls.js";
import { dialogOf } from "./dialog.js";
import { copied, el, isFree, name } from "./dom.js";
import { lineOf, MOST_COMPARED, oneRun, sideBySide } from "./drawer.js";
import { clauseOf } from "./filter.js";
import { Panels } from "./panels.js";
import { runsOf } from "./runs.js";
import { extentOf, orderOf, selector, sorter, startColumns } from "./select.js";
import { decoded, encoded, memo, START } from "./state.js";
import { RunTable, SPARK } from "./table.js";
import { tilesOf } from "./tiles.js";
import { learn, phrase } from "./words.js";

/** @typedef {import("./runs.js").Runs} Runs */
/** @typedef {import("./runs.js").Column} Column */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./table.js").Shown} ShownColumn */

const FIRST_PANELS = 24;

class Explorer {
  /** @param {HTMLElement} section @param {Runs} runs */
  constructor(section, runs) {
    this.section = section;
    this.runs = runs;
    /** @type {State} */
    this.state = START;
    this.select = selector(runs);
    this.order = sorter(runs);
    this.every = Int32Array.from({ length: runs.n }, (_, run) => run);
    const columns = memo((/** @type {string} */ keys) => this.#columns(JSON.parse(keys)));
    const started = memo((/** @type {Int32Array} */ left) => startColumns(runs, left));
    this.columnsOf = (/** @type {readonly string[] | null} */ keys) => columns(JSON.stringify(keys || this.startKeys()));
    this.startKeys = () => started(this.shown && this.shown.runs.length ? this.shown.runs : this.every);
    this.pickedOf = memo((/** @type {readonly number[]} */ picked) => new Set(picked));
    /** @type {WeakMap<Column, { runs: Int32Array, extent: [number, number] | null }>} */
    this.extents = new WeakMap();
    /** @type {import("./drawer.js").Details | null} */
    this.details = null;
    this.drawnOpen = -1;
    /** @type {Int32Array | null} */
    this.told = null;
    /** @type {Map<string, number> | null} */
    this.ids = null;
    /** @type {readonly number[] | null} */
    this.drawnPicked = null;
    /** @type {number | undefined} */
    this.forgetting = undefined;
    this.panels = new Panels(runs, {
      hover: (run) => this.table.mark(run),
      pick: (run) => this.pick(run),
      zoom: (zoom) => this.change({ zoom }),
      menu: (metric) => this.dialog.panel(metric),
      say: (text) => this.say(text),
    });
    this.table = new RunTable(runs, {
      sort: (key) => this.#sort(key),
      pick: (run) => this.pick(run),
      open: (run) => this.change({ open: run }),
      hover: (run) => this.panels.mark(run),
      narrow: (column, run) => this.narrow(column, run),
      resize: (key, width) => this.change({ widths: { ...this.state.widths, [key]: width } }),
    });
    this.live = el("p", { class: "vh", "aria-live": "polite" });
    this.controls = controlsOf(this);
    this.dialog = dialogOf(this);
    this.drawer = el("aside", { class: "x-drawer", "aria-label": phrase("explorer-run"), hidden: true });
    this.panels.loaded = () => {
      this.#queueTable();
      if (!this.drawer.hidden) this.#drawer();
    };
    this.#lay();
    this.tiles = tilesOf(runs);
  }

  #lay() {
    const { runs } = this;
    const rest = this.panels.metrics.length - FIRST_PANELS;
    const more = el("button", { type: "button", class: "x-button", text: phrase("explorer-more-metrics", { n: rest }) });
    more.addEventListener("click", () => {
      this.panels.build(this.panels.metrics.length);
      more.remove();
      this.queue();
    });
    this.panels.build(FIRST_PANELS);
    this.section.append(
      this.controls.lead,
      this.controls.bar,
      el("div", { class: "x-head" }, el("h3", { text: phrase("explorer-curves") }), this.controls.curves),
      ...(this.panels.metrics.length ? [this.panels.grid] : [el("p", { class: "x-faint", text: phrase("explorer-no-curves") })]),
      ...(rest > 0 ? [more] : []),
      el("div", { class: "x-head" }, el("h3", { text: phrase("explorer-runs") }), this.controls.table),
      this.table.box,
      this.controls.below,
      this.drawer,
      this.dialog.root,
      this.live,
    );
    document.querySelectorAll("#top h1, main > section:not(#explore) h2").forEach((title) => title.setAttribute("data-about", phrase("explorer-about-all", { n: runs.n })));
    const redraw = () => {
      this.panels.restyle();
      this.queue();
    };
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) matchMedia(query).addEventListener("change", redraw);
    let width = 0;
    new ResizeObserver(() => {
      if (this.panels.grid.clientWidth === width) return;
      width = this.panels.grid.clientWidth;
      redraw();
    }).observe(this.section);
    addEventListener("keydown", (event) => this.#key(event));
    addEventListener("popstate", () => this.open(location.hash));
  }

  /** @param {readonly string[]} keys @returns {ShownColumn[]} */
  #columns(keys) {
    /** @type {ShownColumn[]} */
    const found = [];
    for (const key of keys) {
      const column = this.runs.byKey.get(key);
      const metric = key.startsWith("spark:") ? this.panels.metrics.find((one) => one.name === key.slice(6)) : undefined;
      if (column) found.push({ key, label: column.label, column, spark: "" });
      else if (metric) found.push({ key, label: phrase("explorer-curve-of", { metric: metric.label }), column: null, spark: metric.name });
    }
    return found.length ? found : this.#columns(["name"]);
  }

  /** @param {Partial<State>} part */
  change(part) {
    this.state = Object.freeze({ ...this.state, ...part });
    this.queue();
  }

  /** @param {string} text a fragment or a pasted view @returns {string} what to say about it; "" when it is no view */
  open(text) {
    const found = decoded(text);
    if (!found) return "";
    const own = found.report === this.runs.meta.report;
    const picked = own ? found.state.picked.filter((run) => run < this.runs.n) : [];
    this.state = Object.freeze({ ...found.state, picked, open: own && found.state.open < this.runs.n ? found.state.open : -1 });
    this.controls.filter(this.state.filter);
    this.queue();
    const said = own ? phrase("explorer-view-restored") : phrase("explorer-view-other");
    this.controls.say(own ? "" : said);
    return said;
  }

  /** @returns {string} the view as text */
  view() {
    return encoded(this.state, this.runs.meta.report);
  }

  queue() {
    if (this.queued) return;
    this.queued = true;
    requestAnimationFrame(() => {
      this.queued = false;
      this.draw();
    });
  }

  #queueTable() {
    if (this.tableQueued) return;
    this.tableQueued = true;
    requestAnimationFrame(() => {
      this.tableQueued = false;
      this.#table();
    });
  }

  draw() {
    const { state } = this;
    const shown = this.select(state);
    this.shown = shown;
    this.controls.draw(state, shown);
    this.#table();
    this.panels.draw(state, shown);
    if (this.drawnOpen !== state.open || this.drawnPicked !== state.picked) this.#drawer();
    document.body.classList.toggle("explored", shown.runs.length < this.runs.n);
    if (this.told !== shown.runs) this.#tell(shown.runs);
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.#save(), 300);
  }

  /** @param {Int32Array} left says to the tables of the report, which the page's own script holds, which runs are shown */
  #tell(left) {
    this.told = left;
    this.tiles(left);
    const kept = new Set(left);
    const groups = new Set(Array.from(left, (run) => -this.runs.group[run])); // −1: the first group that the report compares
    const isAll = left.length === this.runs.n;
    document.dispatchEvent(new CustomEvent("selection", {
      detail: isAll ? null : {
        runOf: (/** @type {string} */ id) => this.byId().get(id) ?? -1,
        keeps: (/** @type {number} */ run) => (run < 0 ? groups : kept).has(run),
        words: (/** @type {number} */ n, /** @type {number} */ of) => phrase("explorer-followed", { n, of }),
        about: phrase("explorer-about-all", { n: this.runs.n }),
      },
    }));
  }

  /** @returns {Map<string, number>} id, and the beginning of an id that tables print, → run; a beginning that two runs share is none */
  byId() {
    if (this.ids) return this.ids;
    this.ids = new Map();
    for (let run = 0; run < this.runs.n; run += 1) {
      const id = this.runs.id(run);
      const short = id.slice(0, 8);
      this.ids.set(short, this.ids.has(short) ? -1 : run);
      this.ids.set(id, run);
    }
    return this.ids;
  }

  #table() {
    const { state, shown } = this;
    if (!shown) return;
    const rows = this.order(shown, state);
    const [sort, down] = orderOf(this.runs, state, shown.runs);
    const { groups } = shown;
    this.rows = rows;
    this.table.draw({
      rows, sort, down,
      columns: this.columnsOf(state.columns),
      pinned: state.pinned,
      widths: state.widths,
      cells: state.cells,
      picked: this.pickedOf(state.picked),
      colorOf: (run) => this.colorOf(groups, run),
      extentOf: (column) => this.#extent(column, shown.runs),
      sparkOf: (metric, run) => this.panels.sparkOf(metric, run, SPARK[0], SPARK[1]),
    });
  }

  /** @param {import("./select.js").Groups} groups @param {number} run @returns {string} */
  colorOf(groups, run) {
    const at = groups.of[run];
    return groups.rest && at === groups.labels.length - 1 ? "var(--x-others)" : `var(--x-${(at % 8) + 1})`;
  }

  /** @param {Column} column @param {Int32Array} runs */
  #extent(column, runs) {
    const known = this.extents.get(column);
    if (known && known.runs === runs) return known.extent;
    const extent = extentOf(column, runs);
    this.extents.set(column, { runs, extent });
    return extent;
  }

  /** The view's fragment: only by replaceState, which a sandboxed frame allows and which scrolls nothing. */
  #save() {
    const text = this.view();
    if (!text && !location.hash.startsWith("#v1")) return;
    try {
      history.replaceState(null, "", text || `${location.href.replace(/#.*/, "")}#explore`);
    } catch {
      // a browser that limits how often: the view still travels as text
    }
  }

  /** @param {string} key */
  #sort(key) {
    const [sort, down] = orderOf(this.runs, this.state, this.shown ? this.shown.runs : this.every);
    const column = this.runs.byKey.get(key);
    this.change({ sort: key, down: sort === key ? !down : column !== undefined && column.goal === "maximize" });
  }

  /** @param {number} run */
  pick(run) {
    const { picked } = this.state;
    this.change({ picked: picked.includes(run) ? picked.filter((one) => one !== run) : [...picked, run] });
    this.say(phrase("explorer-picked-said", { run: this.runs.names[run], is: picked.includes(run) ? "off" : "on", n: this.state.picked.length }));
  }

  /** @param {Column} column @param {number} run adds the value of a cell to the filter */
  narrow(column, run) {
    const clause = clauseOf(column, run);
    if (!clause) return;
    const { filter } = this.state;
    const isClause = filter.trim() && this.select(this.state).filter.kind !== "words" && this.select(this.state).filter.kind !== "names" && this.select(this.state).filter.kind !== "wrong";
    const text = isClause ? `${filter.trim()} AND ${clause}` : clause;
    this.controls.filter(text);
    this.change({ filter: text });
  }

  /** @param {string} text for who hears the page */
  say(text) {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => { this.live.textContent = text; }, 150);
  }

  #drawer() {
    const { state, runs, drawer, shown } = this;
    const was = !drawer.hidden;
    [this.drawnOpen, this.drawnPicked] = [state.open, state.picked];
    const picked = state.open === -2 ? state.picked.slice() : [];
    const isOpen = state.open >= 0 || picked.length > 1;
    drawer.hidden = !isOpen;
    document.body.classList.toggle("x-open", isOpen);
    if (!isOpen || !shown) {
      if (was && this.opener instanceof HTMLElement) this.opener.focus({ preventScroll: true });
      return;
    }
    if (!this.details && !this.asking) {
      this.asking = true;
      blockOf("x-details").then((block) => {
        this.details = block.meta;
        this.#drawer();
      });
    }
    const close = el("button", { type: "button", class: "x-close", "aria-label": phrase("explorer-close"), text: "×", onclick: () => this.change({ open: -1 }) });
    /** @param {number} run */
    const colorOf = (run) => this.colorOf(shown.groups, run);
    if (state.open >= 0) {
      const run = state.open;
      const title = el("h3", { class: "x-run" }, name(runs.names[run]));
      title.style.setProperty("--dot", colorOf(run));
      const isPicked = state.picked.includes(run);
      const pick = el("button", { type: "button", class: "x-button", text: isPicked ? phrase("explorer-picked") : phrase("explorer-pick"), "aria-pressed": isPicked, onclick: () => this.pick(run) });
      drawer.replaceChildren(close, title, el("p", { class: "x-faint", text: lineOf(runs, run) }), pick, ...oneRun(runs, run, this.details, colorOf, (metric, one, width, height) => this.panels.sparkOf(metric, one, width, height), (metric, one) => this.panels.brokenFrom(metric, one), isFree));
    } else {
      const compared = picked.slice(0, MOST_COMPARED);
      drawer.replaceChildren(close, el("h3", { text: phrase("explorer-side-by-side", { n: compared.length }) }), ...sideBySide(runs, picked, colorOf));
    }
    drawer.classList.toggle("wide", picked.length > 2);
    if (!was) {
      this.opener = document.activeElement;
      close.focus({ preventScroll: true });
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = event.target;
    const typing = at instanceof HTMLInputElement && at.type !== "checkbox" && at.type !== "range" || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement;
    if (event.key === "Escape" && !this.dialog.root.open && !this.drawer.hidden) {
      this.change({ open: -1 });
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      event.preventDefault();
      this.section.scrollIntoView({ block: "start" });
      this.controls.focus();
    } else if (event.key === "c" && this.state.picked.length > 1 && at instanceof Element && this.section.contains(at)) this.change({ open: -2 });
  }

  /** @param {string} text @param {string} what */
  copy(text, what) {
    if (copied(text)) this.controls.say(phrase("explorer-copied", { what }));
    else this.dialog.text(what, text);
  }
}

const section = /** @type {HTMLElement} */ (document.getElementById("explore")); // made by the page's own script
Promise.all([blockOf("x-words"), blockOf("x-table")]).then(([words, block]) => {
  document.getElementById("x-table")?.remove();
  const { arrays: _, ...patterns } = words.meta;
  learn(patterns, document.documentElement.lang || "en");
  const explorer = new Explorer(section, runsOf(block));
  explorer.open(location.hash);
  explorer.draw();
  section.dataset.ready = "true";
}).catch((error) => {
  section.replaceChildren(el("p", { class: "notice tone-warning", text: document.getElementById("x-script")?.dataset.failed }));
  console.error(error);
}).finally(() => section.dispatchEvent(new Event("explored")));

/** @typedef {Explorer} App */
