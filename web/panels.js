// All small multiples: which are in sight, what each shows, and one pointer for all of them.

import { blockOf, curvesOf, vectorsOf } from "./data.js";
import { metricAt, rangeOf, smoothed, spanOf, stepsOf, timesOf } from "./curves.js";
import { el, name } from "./dom.js";
import { textOf } from "./format.js";
import { drawCurves, drawPointer, MOST_LINES, paletteOf, pointAt, runAt, xText } from "./panel.js";
import { phrase } from "./words.js";

/** @typedef {import("./runs.js").Runs} Runs */
/** @typedef {import("./runs.js").Metric} Metric */
/** @typedef {import("./data.js").Curves} Curves */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./select.js").Shown} Shown */
/** @typedef {import("./panel.js").Picture} Picture */
/** @typedef {import("./panel.js").Frame} Frame */
/** @typedef {import("./panel.js").Palette} Palette */

/**
 * @typedef {Object} Panel
 * @property {Metric} metric
 * @property {HTMLElement} root
 * @property {HTMLElement} said
 * @property {HTMLElement} notes
 * @property {HTMLCanvasElement} lines
 * @property {HTMLCanvasElement} over
 * @property {Picture | null} picture
 * @property {Frame | null} frame
 * @property {boolean} inSight
 * @property {number} drawn the drawing it shows
 */

/**
 * @typedef {Object} Handlers
 * @property {(run: number) => void} hover
 * @property {(run: number) => void} pick
 * @property {(zoom: [number, number] | null) => void} zoom
 * @property {(metric: Metric) => void} menu
 * @property {(text: string) => void} say
 */

export class Panels {
  /** @param {Runs} runs @param {Handlers} handlers */
  constructor(runs, handlers) {
    this.runs = runs;
    this.handlers = handlers;
    this.metrics = runs.metrics.filter((metric) => metric.curve);
    this.grid = el("div", { class: "x-panels" });
    /** @type {Panel[]} */
    this.panels = [];
    /** @type {Map<number, Curves>} */
    this.curves = new Map();
    /** @type {Set<number>} */
    this.asked = new Set();
    /** @type {Map<string, any>} */
    this.pools = new Map();
    /** @type {Map<string, Float64Array>} */
    this.places = new Map();
    /** @type {Map<string, Float32Array>} */
    this.smooth = new Map();
    this.palette = paletteOf(this.grid);
    this.run = -1;
    this.x = NaN;
    this.drawing = 0;
    /** @type {{ state: State, shown: Shown } | null} */
    this.now = null;
    /** @type {() => void} */
    this.loaded = () => {};
    this.watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        const panel = this.panels.find((one) => one.root === entry.target);
        if (panel) panel.inSight = entry.isIntersecting;
      }
      this.#queue();
    }, { rootMargin: "120px 0px" });
    this.queued = false;
  }

  /** @param {number} n shows the first `n` metrics */
  build(n) {
    for (const metric of this.metrics.slice(this.panels.length, n)) this.panels.push(this.#panel(metric));
    this.grid.replaceChildren(...this.panels.map((panel) => panel.root));
    for (const panel of this.panels) this.watcher.observe(panel.root);
  }

  /** @param {Metric} metric @returns {Panel} */
  #panel(metric) {
    const arrow = metric.goal === "maximize" ? "↑" : metric.goal === "minimize" ? "↓" : "";
    const said = el("span", { class: "x-said" });
    const notes = el("p", { class: "x-notes" });
    const lines = el("canvas", { role: "img", "aria-label": metric.label });
    const over = el("canvas", { "aria-hidden": "true" });
    const menu = el("button", { type: "button", class: "x-menu", "aria-label": phrase("explorer-panel-menu", { metric: metric.label }), text: "⋯", onclick: () => this.handlers.menu(metric) });
    const title = el("span", { class: "x-title" }, name(metric.label), arrow ? el("span", { class: "goal", title: arrow === "↑" ? phrase("explorer-higher") : phrase("explorer-lower"), text: ` ${arrow}` }) : null);
    const plot = el("div", { class: "x-plot", tabindex: 0, role: "application", "aria-label": phrase("explorer-panel-keys", { metric: metric.label }) }, lines, over);
    const root = el("figure", { class: "x-panel" }, el("figcaption", {}, title, menu), said, plot, notes);
    /** @type {Panel} */
    const panel = { metric, root, said, notes, lines, over, picture: null, frame: null, inSight: false, drawn: -1 };
    this.#pointer(panel, plot);
    plot.addEventListener("keydown", (event) => this.#key(panel, event));
    return panel;
  }

  /** @param {Panel} panel @param {HTMLElement} plot */
  #pointer(panel, plot) {
    /** @type {number | null} */
    let from = null;
    /** @param {PointerEvent} event @returns {[number, number]} */
    const at = (event) => {
      const box = plot.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    plot.addEventListener("pointermove", (event) => {
      if (!panel.picture || !panel.frame) return;
      const [px, py] = at(event);
      this.brush = from !== null && Math.abs(px - from) > 4 ? { panel, pixels: [Math.min(from, px), Math.max(from, px)] } : null;
      this.point(from === null ? runAt(panel.picture, panel.frame, px, py) : this.run, panel.frame.fromX(px));
    });
    plot.addEventListener("pointerleave", () => {
      if (from === null) this.point(-1, NaN);
    });
    plot.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      [from] = at(event);
      if (event.pointerType === "mouse") plot.setPointerCapture(event.pointerId);
    });
    plot.addEventListener("pointercancel", () => { from = null; this.brush = null; });
    plot.addEventListener("pointerup", (event) => {
      const [px, py] = at(event);
      const { picture, frame } = panel;
      if (from !== null && picture && frame) {
        if (this.brush) {
          const [low, high] = /** @type {number[]} */ (this.brush.pixels).map((pixel) => frame.fromX(Math.min(Math.max(pixel, frame.left), frame.left + frame.width)));
          if (high > low) this.handlers.zoom([low, high]);
        } else {
          const run = runAt(picture, frame, px, py);
          if (run >= 0) this.handlers.pick(run);
        }
      }
      from = null;
      this.brush = null;
    });
    plot.addEventListener("dblclick", () => this.handlers.zoom(null));
  }

  /** @param {Panel} panel @param {KeyboardEvent} event */
  #key(panel, event) {
    const { picture } = panel;
    if (!picture || event.ctrlKey || event.metaKey || event.altKey) return;
    const ordered = Array.from(picture.runs).filter((run) => picture.curves.of[run] >= 0);
    if (!ordered.length) return;
    const at = ordered.indexOf(this.run);
    const run = at < 0 ? ordered[0] : this.run;
    let i = pointAt(picture, run, Number.isFinite(this.x) ? this.x : picture.span[1]);
    const curve = picture.curves.of[run];
    let next = run;
    if (event.key === "ArrowLeft") i = Math.max(i - 1, picture.curves.start[curve]);
    else if (event.key === "ArrowRight") i = Math.min(i + 1, picture.curves.start[curve + 1] - 1);
    else if (event.key === "ArrowDown") next = ordered[Math.min(at + 1, ordered.length - 1)];
    else if (event.key === "ArrowUp") next = ordered[Math.max(at - 1, 0)];
    else if (event.key === "Enter" || event.key === " ") this.handlers.pick(run);
    else if (event.key === "+" || event.key === "-") this.#zoomBy(picture, event.key === "+" ? 0.5 : 2);
    else if (event.key === "0") this.handlers.zoom(null);
    else return;
    event.preventDefault();
    this.point(next, picture.x[i]);
    const value = picture.y[pointAt(picture, next, picture.x[i])];
    this.handlers.say(`${this.runs.names[next]}, ${this.#xName(picture)} ${xText(picture.x[i], picture.xKind, picture.span[1] - picture.span[0])}, ${textOf(value, panel.metric.format, panel.metric.digits)}`);
  }

  /** @param {Picture} picture @param {number} factor */
  #zoomBy(picture, factor) {
    const middle = Number.isFinite(this.x) ? this.x : (picture.span[0] + picture.span[1]) / 2;
    const half = ((picture.span[1] - picture.span[0]) * factor) / 2;
    this.handlers.zoom([middle - half, middle + half]);
  }

  /** @param {Picture} picture */
  #xName(picture) {
    return picture.xKind.startsWith("metric:") ? picture.xKind.slice(7) : picture.xKind === "wall" ? phrase("explorer-at") : picture.xKind === "relative" ? phrase("explorer-after") : phrase("explorer-step");
  }

  /** @param {number} run @param {number} x the one pointer of all panels and the table */
  point(run, x) {
    const isNew = run !== this.run;
    [this.run, this.x] = [run, x];
    if (isNew) this.handlers.hover(run);
    if (this.pointing) return;
    this.pointing = true;
    requestAnimationFrame(() => {
      this.pointing = false;
      for (const panel of this.panels) if (panel.inSight) this.#pointed(panel);
    });
  }

  /** @param {number} run from the table: marks it without a place on x */
  mark(run) {
    if (run !== this.run) this.point(run, NaN);
  }

  /** @param {Panel} panel */
  #pointed(panel) {
    const { picture, frame } = panel;
    if (!picture || !frame) return;
    const brush = this.brush && this.brush.panel === panel ? /** @type {[number, number]} */ (this.brush.pixels) : null;
    drawPointer(panel.over, picture, frame, this.palette, panel.root.clientWidth - 2, { run: this.run, x: this.x, brush });
    const i = pointAt(picture, this.run, Number.isFinite(this.x) ? this.x : Infinity);
    const last = Number.isFinite(this.x) || this.run < 0 || picture.curves.of[this.run] < 0 ? i : picture.curves.start[picture.curves.of[this.run] + 1] - 1;
    if (this.run < 0 || last < 0) panel.said.replaceChildren(...this.#summary(panel, picture));
    else {
      const where = `${this.#xName(picture)} ${xText(picture.x[last], picture.xKind, picture.span[1] - picture.span[0])}`;
      const range = picture.thinned && !picture.smooth ? ` (${phrase("explorer-range", { low: textOf(picture.curves.lo[last], panel.metric.format, panel.metric.digits), high: textOf(picture.curves.hi[last], panel.metric.format, panel.metric.digits) })})` : "";
      const text = el("b", { text: textOf(picture.y[last], panel.metric.format, panel.metric.digits) });
      panel.said.replaceChildren(text, `${range} · `, name(this.runs.names[this.run]), ` · ${where}`);
    }
  }

  /** @param {Panel} panel @param {Picture} picture @returns {(Node | string)[]} what the selection says: its best run, or how many it has */
  #summary(panel, picture) {
    const { metric } = panel;
    const column = this.runs.byKey.get(`best:${metric.name}`) || this.runs.byKey.get(`metric:${metric.name}`);
    if (!column || !column.numbers || metric.goal === "none") return [phrase("explorer-n-runs", { n: picture.runs.length })];
    let best = -1;
    for (const run of picture.runs) {
      const value = column.numbers[run];
      if (Number.isFinite(value) && (best < 0 || (metric.goal === "maximize" ? value > column.numbers[best] : value < column.numbers[best]))) best = run;
    }
    if (best < 0) return [phrase("explorer-no-finite")];
    return [`${phrase("explorer-best")} `, el("b", { text: textOf(column.numbers[best], metric.format, metric.digits) }), " · ", name(this.runs.names[best])];
  }

  /** @param {State} state @param {Shown} shown draws the first panel in sight now, the others one a frame */
  draw(state, shown) {
    this.now = { state, shown };
    this.drawing += 1;
    const first = this.panels.find((panel) => panel.inSight);
    for (const panel of this.panels) panel.root.classList.toggle("stale", panel !== first && panel.picture !== null);
    if (first) this.#draw(first);
    this.#queue();
  }

  #queue() {
    if (this.queued || !this.now) return;
    this.queued = true;
    requestAnimationFrame(() => {
      this.queued = false;
      const next = this.panels.find((panel) => panel.inSight && panel.drawn !== this.drawing);
      if (!next) return;
      this.#draw(next);
      this.#queue();
    });
  }

  /** The panels look other: colours, sizes. */
  restyle() {
    this.palette = paletteOf(this.grid);
    if (this.now) this.draw(this.now.state, this.now.shown);
  }

  /** @param {number} at place of a metric @returns {Curves | null} null while it is being unpacked */
  curvesAt(at) {
    const known = this.curves.get(at);
    if (known) return known;
    this.#load(`curve-${at}`, (block) => this.curves.set(at, curvesOf(block, this.runs.n)));
    return null;
  }

  /** @param {string} block @returns {any} the vectors of "steps" or "times"; null while they are being unpacked */
  #pool(block) {
    const known = this.pools.get(block);
    if (known) return known;
    this.#load(block, (found) => this.pools.set(block, vectorsOf(found)));
    return null;
  }

  /** @param {string} block @param {(block: import("./data.js").Block) => void} keep */
  #load(block, keep) {
    const key = /** @type {any} */ (block);
    if (this.asked.has(key)) return;
    this.asked.add(key);
    blockOf(`x-${block}`).then((found) => {
      keep(found);
      document.getElementById(`x-${block}`)?.remove();
      this.drawing += 1;
      this.loaded();
      this.#queue();
    });
  }

  /** @param {Metric} metric @param {string} kind @returns {Float64Array | null} where each point lies on x */
  #places(metric, kind) {
    const key = `${metric.at} ${kind}`;
    const known = this.places.get(key);
    if (known) return known;
    const curves = this.curvesAt(metric.at);
    const pool = this.#pool(kind === "wall" || kind === "relative" ? "times" : "steps");
    if (!curves || !pool) return null;
    let x;
    if (kind === "wall") x = timesOf(curves, pool, this.runs.start);
    else if (kind === "relative") x = timesOf(curves, pool, null);
    else if (kind === "step") x = stepsOf(curves, pool, this.runs.meta.stretches > 0);
    else {
      const other = this.metrics.find((one) => `metric:${one.name}` === kind);
      const [theirs, theirSteps, steps] = other ? [this.curvesAt(other.at), this.#places(other, "step"), this.#places(metric, "step")] : [null, null, null];
      if (!theirs || !theirSteps || !steps) return null;
      x = metricAt(curves, steps, theirs, theirSteps);
    }
    if (this.places.size > 40) this.places.clear();
    this.places.set(key, x);
    return x;
  }

  /** @param {Metric} metric @returns {Picture | null} null while its data are being unpacked, and where nothing can be drawn */
  pictureOf(metric) {
    if (!this.now) return null;
    const { state, shown } = this.now;
    const curves = this.curvesAt(metric.at);
    const x = this.#places(metric, state.x);
    if (!curves || !x) return null;
    const key = `${metric.at} ${state.smooth}`;
    let y = this.smooth.get(key);
    if (!y) {
      if (this.smooth.size > 40) this.smooth.clear();
      this.smooth.set(key, (y = smoothed(curves, state.smooth)));
    }
    const runs = shown.runs.filter((run) => curves.of[run] >= 0);
    const range = rangeOf(curves, runs, x, state.zoom, state.log);
    let span = state.zoom || spanOf(curves, runs, x);
    if (!range || !span) return null;
    if (span[0] === span[1]) span = [span[0] - 0.5, span[1] + 0.5];
    const logX = state.logX && state.x !== "wall";
    if (logX) span = [Math.max(span[0], Number.MIN_VALUE * 1e20, firstAbove(x, curves, runs)), span[1]];
    const pad = (range.high - range.low || Math.abs(range.high) || 1) * 0.04;
    const { groups } = shown;
    const colors = groups.labels.map((_, at) => (groups.rest && at === groups.labels.length - 1 ? this.palette.others : this.palette.groups[at % 8]));
    const members = groups.short.map((label, at) => ({ label, color: colors[at], runs: runs.filter((run) => groups.of[run] === at) }));
    return {
      curves, x, y, runs, colors, logX, log: state.log, thinned: this.runs.meta.stretches > 0, smooth: state.smooth > 0, byRank: state.middle === "median",
      groups: members.filter((group) => group.runs.length), groupOf: groups.of, picked: state.picked.filter((run) => runs.includes(run)),
      span: /** @type {[number, number]} */ (span),
      range: state.log ? [range.low / 1.06, range.high * 1.06] : [range.low - pad, range.high + pad],
      xKind: state.x, format: metric.format, digits: metric.digits,
    };
  }

  /** @param {Panel} panel */
  #draw(panel) {
    panel.drawn = this.drawing;
    const picture = this.pictureOf(panel.metric);
    const loading = !this.curves.get(panel.metric.at);
    panel.root.classList.toggle("stale", loading && panel.picture !== null);
    if (!picture) {
      if (loading) return;
      panel.picture = null;
      panel.lines.width = panel.lines.width + 0;
      panel.said.textContent = this.asked.size > this.curves.size + this.pools.size ? "" : phrase("explorer-no-point");
      panel.notes.textContent = "";
      return;
    }
    panel.picture = picture;
    panel.frame = drawCurves(panel.lines, picture, this.palette, panel.root.clientWidth - 2);
    panel.lines.setAttribute("aria-label", this.#alt(panel, picture));
    panel.notes.textContent = this.#notes(picture);
    this.#pointed(panel);
  }

  /** @param {Picture} picture @returns {string} what is not as it was logged, or not as it is drawn elsewhere */
  #notes(picture) {
    const said = [];
    const { state } = /** @type {{ state: State }} */ (this.now);
    const range = /** @type {import("./curves.js").Range} */ (rangeOf(picture.curves, picture.runs, picture.x, state.zoom, state.log));
    if (picture.runs.length > MOST_LINES) said.push(phrase("explorer-density", { n: picture.runs.length }));
    if (range.beyond) said.push(phrase("explorer-beyond", { n: range.beyond }));
    if (range.broken) said.push(phrase("explorer-broken", { n: range.broken }));
    return said.join(" · ");
  }

  /** @param {Panel} panel @param {Picture} picture */
  #alt(panel, picture) {
    const { metric } = panel;
    const [low, high] = picture.range.map((value) => textOf(value, metric.format, metric.digits));
    const summary = this.#summary(panel, picture).map((part) => (typeof part === "string" ? part : part.textContent)).join("");
    return phrase("explorer-panel-alt", { metric: metric.label, n: picture.runs.length, low, high, summary });
  }

  /** @param {string} metric @param {number} run @returns {number | null} the step from which the run's curve is NaN or infinite to its end; null where it ends well, and while it is being unpacked */
  brokenFrom(metric, run) {
    const found = this.metrics.find((one) => one.name === metric);
    const curves = found ? this.curvesAt(found.at) : null;
    const steps = found ? this.#places(found, "step") : null;
    const curve = curves ? curves.of[run] : -1;
    if (!curves || !steps || curve < 0) return null;
    let i = curves.start[curve + 1];
    while (i > curves.start[curve] && !Number.isFinite(curves.mid[i - 1])) i -= 1;
    return i < curves.start[curve + 1] ? steps[i] : null;
  }

  /** @param {string} metric @param {number} run @param {number} width @param {number} height @returns {string} a path of the run's curve; "" while it is being unpacked */
  sparkOf(metric, run, width, height) {
    const found = this.metrics.find((one) => one.name === metric);
    const curves = found ? this.curvesAt(found.at) : null;
    const curve = curves ? curves.of[run] : -1;
    if (!curves || curve < 0) return "";
    const [from, end] = [curves.start[curve], curves.start[curve + 1]];
    let [low, high] = [Infinity, -Infinity];
    for (let i = from; i < end; i += 1) {
      const value = curves.mid[i];
      if (value < low && value > -Infinity) low = value;
      if (value > high && value < Infinity) high = value;
    }
    if (!(low <= high)) return "";
    const stride = Math.max(1, Math.floor((end - from) / (width / 2)));
    let path = "";
    let pen = "M";
    for (let i = from; i < end; i += i + stride < end || i === end - 1 ? stride : end - 1 - i) {
      const value = curves.mid[i];
      if (!Number.isFinite(value)) {
        pen = "M";
        continue;
      }
      const px = end - from > 1 ? 1 + ((i - from) / (end - from - 1)) * (width - 2) : width / 2;
      const py = high > low ? 1.5 + (1 - (value - low) / (high - low)) * (height - 3) : height / 2;
      path += `${pen}${px.toFixed(1)} ${py.toFixed(1)}`;
      pen = "L";
    }
    return path;
  }
}

/** @param {Float64Array} x @param {Curves} curves @param {Int32Array} runs @returns {number} the smallest place above 0 */
function firstAbove(x, curves, runs) {
  let least = Infinity;
  for (const run of runs) {
    const curve = curves.of[run];
    for (let i = curves.start[curve]; i < curves.start[curve + 1]; i += 1) if (x[i] > 0 && x[i] < least) least = x[i];
  }
  return Number.isFinite(least) ? least : 1;
}
