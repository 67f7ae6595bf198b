// The controls above curves and table, and what they say about the selection.

import { el, isFree, name } from "./dom.js";
import { cellsOf, csv, markdown, tsv } from "./export.js";
import { downloaded } from "./dom.js";
import { plural } from "./format.js";
import { groupColumns } from "./select.js";
import { START } from "./state.js";

/** @typedef {import("./explorer.js").App} App */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./select.js").Shown} Shown */

/**
 * @typedef {Object} Controls
 * @property {HTMLElement} lead
 * @property {HTMLElement} bar
 * @property {HTMLElement} curves
 * @property {HTMLElement} table
 * @property {HTMLElement} below
 * @property {(state: State, shown: Shown) => void} draw
 * @property {(text: string) => void} filter sets the field
 * @property {(text: string) => void} say
 * @property {() => void} focus
 */

const HELP = "Words, or MLflow's filter: params.lr <= 0.001 AND metrics.loss < 0.2";

/** @param {string} text @param {() => void} onclick @returns {HTMLButtonElement} */
function button(text, onclick) {
  return el("button", { type: "button", class: "x-button", text, onclick });
}

/** @param {string} label @param {[string, string][]} options @param {(value: string) => void} change @returns {{ root: HTMLElement, field: HTMLSelectElement }} */
function choice(label, options, change) {
  const field = el("select", { "aria-label": label }, ...options.map(([value, text]) => el("option", { value, text })));
  field.addEventListener("change", () => change(field.value));
  return { root: el("label", { class: "x-choice" }, el("span", { text: label }), field), field };
}

/** @param {string} label @param {string} text @param {() => void} onclick */
function toggle(label, text, onclick) {
  return el("button", { type: "button", class: "x-button", "aria-pressed": "false", title: label, text, onclick });
}

/** @param {App} app @returns {Controls} */
export function controlsOf(app) {
  const { runs } = app;
  const count = el("strong", { class: "x-count", "aria-live": "polite" });
  const how = el("span", { class: "x-how" });
  const status = el("span", { class: "x-status", role: "status" });
  const field = el("input", { type: "search", class: "x-filter", placeholder: "Filter runs: seed 11, or params.lr <= 0.001", "aria-label": `Filter runs. ${HELP}`, title: HELP, autocomplete: "off", spellcheck: "false" });
  field.addEventListener("input", () => {
    if (field.value.trim().startsWith("#v1;") || field.value.includes("#v1;q=")) {
      const said = app.open(field.value);
      if (said) {
        say(said);
        return;
      }
    }
    app.change({ filter: field.value });
  });
  const chips = el("div", { class: "x-chips", role: "group", "aria-label": "Groups" });
  const by = choice("group by", [["", "report's choice"], ["none", "nothing"], ...(runs.meta.groups.length ? /** @type {[string, string][]} */ ([["report", "compared groups"]]) : []), ...groupColumns(runs).map((column) => /** @type {[string, string]} */ ([column.key, column.kind === "attribute" ? column.label : `${column.kind}: ${column.label}`]))], (value) => app.change({ by: value, off: [] }));
  const x = choice("x", [["step", "step"], ["wall", "wall time"], ["relative", "relative time"], ...app.panels.metrics.map((metric) => /** @type {[string, string]} */ ([`metric:${metric.name}`, metric.label]))], (value) => app.change({ x: value, zoom: null }));
  const logY = toggle("Logarithmic y", "log y", () => app.change({ log: !app.state.log }));
  const logX = toggle("Logarithmic x", "log x", () => app.change({ logX: !app.state.logX, zoom: null }));
  const smooth = el("input", { type: "range", min: 0, max: 0.99, step: 0.01, "aria-label": "Smoothing; the raw line stays" });
  const amount = el("output", { class: "x-amount" });
  smooth.addEventListener("input", () => app.change({ smooth: Number(smooth.value) }));
  const middle = choice("groups as", [["mean", "mean"], ["median", "median"]], (value) => app.change({ middle: value }));
  const unzoom = button("Reset zoom", () => app.change({ zoom: null }));
  const compare = button("Compare", () => app.change({ open: -2 }));
  const unpick = button("Clear picks", () => app.change({ picked: [], open: app.state.open === -2 ? -1 : app.state.open }));
  const cells = choice("cells", [["bar", "bars"], ["heat", "shades"], ["plain", "plain"]], (value) => app.change({ cells: value }));
  const reset = button("Reset", () => {
    field.value = "";
    app.change({ ...START });
  });

  const rows = () => cellsOf(runs, app.rows || new Int32Array(0), app.columnsOf(app.state.columns));
  const view = button("Copy view", () => app.copy(app.view() || `#v1;q=${encodeURIComponent(runs.meta.report)}`, "This view, as text: paste it into the filter field of the report."));
  view.title = "A short text: pasted into the filter field it brings this view back";
  const more = [
    button("Columns…", () => app.dialog.columns()),
    button("Copy as TSV", () => app.copy(tsv(rows()), "Table")),
    button("Copy as Markdown", () => app.copy(markdown(rows()), "Table")),
    ...(isFree ? [button("Download CSV", () => downloaded("runs.csv", new Blob([csv(rows())], { type: "text/csv" })))] : []),
  ];
  const forMlflow = button("Copy for MLflow", () => app.copy(app.state.filter, "Filter"));

  /** @param {string} text */
  function say(text) {
    status.textContent = text;
    clearTimeout(app.forgetting);
    app.forgetting = setTimeout(() => { status.textContent = ""; }, 6000);
  }

  /** @type {Shown["groups"] | null} */
  let chipsOf = null;
  /** @param {State} state @param {Shown} shown */
  const drawChips = (state, shown) => {
    const { groups } = shown;
    if (groups.by === "none") {
      chips.replaceChildren();
      chipsOf = null;
      return;
    }
    if (chipsOf !== groups) {
      chips.replaceChildren(...groups.labels.map((label, at) => {
        const chip = el("button", { type: "button", class: "x-chip", onclick: () => {
          const { off } = app.state;
          app.change({ off: off.includes(label) ? off.filter((one) => one !== label) : [...off, label] });
        } }, name(label), el("span", { class: "x-n" }));
        const isRest = groups.rest && at === groups.labels.length - 1;
        chip.style.setProperty("--dot", isRest ? "var(--x-others)" : `var(--x-${(at % 8) + 1})`);
        return chip;
      }));
      chipsOf = groups;
    }
    Array.from(chips.children).forEach((chip, at) => {
      chip.setAttribute("aria-pressed", String(!state.off.includes(groups.labels[at])));
      /** @type {HTMLElement} */ (chip.lastChild).textContent = ` ${shown.counts[at].toLocaleString("en")}`;
    });
  };

  const lead = el("p", { class: "question" }, "Filter, group and pick runs; every curve and row below follows. What the report says elsewhere is about all runs.");
  const curveNote = el("span", { class: "x-faint" });
  const nothing = el("p", { class: "x-faint x-below" });
  const { meta } = runs;
  const notes = [
    meta.left_out ? `${plural(meta.left_out, "older run")} not in this page.` : "",
    meta.stretches ? `${meta.points.toLocaleString("en")} points in up to ${meta.stretches} stretches a curve: lowest, mean and highest of each. Smoothing and group means use the means.` : "",
    !meta.stretches && meta.rounded ? "Curves are rounded to 1/4,000 of their own range; the table is exact." : "",
    [...meta.params, ...meta.tags].some((/** @type {any} */ one) => one.left_out) ? `Not in this page: ${[...meta.params, ...meta.tags].filter((/** @type {any} */ one) => one.left_out).slice(0, 8).map((/** @type {any} */ one) => one.name).join(", ")}; data/ has every value.` : "",
    "Double-click a cell to add its value to the filter. Keys: / filter, arrows rows or points, space pick, Enter open, c compare.",
  ];
  nothing.textContent = notes.filter(Boolean).join(" ");

  return {
    lead,
    bar: el("div", { class: "x-bar", role: "search" }, el("div", { class: "x-line" }, field, chips, by.root, count, how), el("div", { class: "x-line x-acts" }, compare, unpick, forMlflow, view, reset, status)),
    curves: el("div", { class: "x-line" }, curveNote, x.root, logY, logX, el("label", { class: "x-choice" }, el("span", { text: "smoothing" }), smooth, amount), middle.root, unzoom),
    table: el("div", { class: "x-line" }, cells.root, ...more),
    below: nothing,
    focus: () => field.focus({ preventScroll: true }),
    filter: (text) => { field.value = text; },
    say,
    draw: (state, shown) => {
      const n = shown.runs.length;
      count.textContent = n === runs.n ? `all ${plural(n, "run")} shown` : `${n.toLocaleString("en")} of ${plural(runs.n, "run")} shown`;
      how.textContent = shown.filter.message;
      how.className = `x-how ${shown.filter.kind}`;
      field.setAttribute("aria-invalid", String(shown.filter.kind === "wrong"));
      forMlflow.hidden = shown.filter.kind !== "mlflow";
      drawChips(state, shown);
      by.field.value = state.by;
      x.field.value = state.x;
      cells.field.value = state.cells;
      logY.setAttribute("aria-pressed", String(state.log));
      logX.setAttribute("aria-pressed", String(state.logX));
      logX.hidden = state.x === "wall";
      if (Number(smooth.value) !== state.smooth) smooth.value = String(state.smooth);
      amount.textContent = state.smooth ? state.smooth.toFixed(2) : "off";
      unzoom.hidden = !state.zoom;
      compare.hidden = state.picked.length < 2;
      compare.textContent = `Compare ${Math.min(state.picked.length, 5)} picked`;
      unpick.hidden = !state.picked.length;
      reset.hidden = !app.view();
      middle.field.value = state.middle;
      const hasMiddle = n > 12 || shown.groups.labels.length > 1;
      middle.root.hidden = !hasMiddle;
      curveNote.textContent = !hasMiddle ? "" : state.middle === "median" ? "strong: median of a group, band: interquartile range" : "strong: mean of a group, band: ± 1 standard deviation between runs";
    },
  };
}
