// The controls above curves and table, and what they say about the selection.

import { el, isFree, name } from "./dom.js";
import { cellsOf, csv, markdown, tsv } from "./export.js";
import { downloaded } from "./dom.js";
import { completions, exampleOf } from "./filter.js";
import { groupColumns } from "./select.js";
import { START } from "./state.js";
import { counted, phrase } from "./words.js";

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
  const help = phrase("explorer-help");
  const count = el("strong", { class: "x-count", "aria-live": "polite" });
  const how = el("span", { class: "x-how" });
  const status = el("span", { class: "x-status", role: "status" });
  const field = el("input", { type: "search", class: "x-filter", placeholder: phrase("explorer-placeholder", { clause: exampleOf(runs) || "status = 'FAILED'" }), list: "x-completions", "aria-label": phrase("explorer-filter-label", { help }), title: help, autocomplete: "off", spellcheck: "false" });
  const completing = el("datalist", { id: "x-completions" });
  field.addEventListener("input", () => {
    completing.replaceChildren(...completions(field.value, runs).map((value) => el("option", { value })));
    if (field.value.trim().startsWith("#v1;") || field.value.includes("#v1;q=")) {
      const said = app.open(field.value);
      if (said) {
        say(said);
        return;
      }
    }
    app.change({ filter: field.value });
  });
  const chips = el("div", { class: "x-chips", role: "group", "aria-label": phrase("explorer-groups") });
  const by = choice(phrase("explorer-group-by"), [
    ["", phrase("explorer-by-report-choice")],
    ["none", phrase("explorer-by-nothing")],
    ...(runs.meta.groups.length ? /** @type {[string, string][]} */ ([["report", phrase("explorer-by-compared")]]) : []),
    ...groupColumns(runs).map((column) => /** @type {[string, string]} */ ([column.key, column.kind === "attribute" ? column.label : phrase("explorer-kind-of", { kind: column.kind, label: column.label })])),
  ], (value) => app.change({ by: value, off: [] }));
  const x = choice(phrase("explorer-x"), [["step", phrase("explorer-step")], ["wall", phrase("explorer-wall")], ["relative", phrase("explorer-relative")], ...app.panels.metrics.map((metric) => /** @type {[string, string]} */ ([`metric:${metric.name}`, metric.label]))], (value) => app.change({ x: value, zoom: null }));
  const logY = toggle(phrase("explorer-log-y-title"), phrase("explorer-log-y"), () => app.change({ log: !app.state.log }));
  const logX = toggle(phrase("explorer-log-x-title"), phrase("explorer-log-x"), () => app.change({ logX: !app.state.logX, zoom: null }));
  const smooth = el("input", { type: "range", min: 0, max: 0.99, step: 0.01, "aria-label": phrase("explorer-smoothing-title") });
  const amount = el("output", { class: "x-amount" });
  smooth.addEventListener("input", () => app.change({ smooth: Number(smooth.value) }));
  const middle = choice(phrase("explorer-groups-as"), [["mean", phrase("explorer-mean")], ["median", phrase("explorer-median")]], (value) => app.change({ middle: value }));
  const unzoom = button(phrase("explorer-reset-zoom"), () => app.change({ zoom: null }));
  const compare = button("", () => app.change({ open: -2 }));
  const unpick = button(phrase("explorer-clear-picks"), () => app.change({ picked: [], open: app.state.open === -2 ? -1 : app.state.open }));
  const cells = choice(phrase("explorer-cells"), [["bar", phrase("explorer-cells-bar")], ["heat", phrase("explorer-cells-heat")], ["plain", phrase("explorer-cells-plain")]], (value) => app.change({ cells: value }));
  const reset = button(phrase("explorer-reset"), () => {
    field.value = "";
    app.change({ ...START });
  });

  const rows = () => cellsOf(runs, app.rows || new Int32Array(0), app.columnsOf(app.state.columns));
  const view = button(phrase("explorer-copy-view"), () => app.copy(app.view() || `#v1;q=${encodeURIComponent(runs.meta.report)}`, phrase("explorer-view-text")));
  view.title = phrase("explorer-view-title");
  const more = [
    button(phrase("explorer-columns-open"), () => app.dialog.columns()),
    button(phrase("explorer-copy-tsv"), () => app.copy(tsv(rows()), phrase("explorer-copied-table"))),
    button(phrase("explorer-copy-markdown"), () => app.copy(markdown(rows()), phrase("explorer-copied-table"))),
    ...(isFree ? [button(phrase("explorer-download-csv"), () => downloaded("runs.csv", new Blob([csv(rows())], { type: "text/csv" })))] : []),
  ];
  const forMlflow = button(phrase("explorer-copy-mlflow"), () => app.copy(app.state.filter, phrase("explorer-copied-filter")));

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
      /** @type {HTMLElement} */ (chip.lastChild).textContent = ` ${counted(shown.counts[at])}`;
    });
  };

  const lead = el("p", { class: "question" }, phrase("explorer-lead"));
  const curveNote = el("span", { class: "x-faint" });
  const nothing = el("p", { class: "x-faint x-below" });
  const { meta } = runs;
  const left_out = [...meta.params, ...meta.tags].filter((/** @type {any} */ one) => one.left_out).map((/** @type {any} */ one) => one.name);
  const separator = phrase("explorer-separator");
  const notes = [
    meta.left_out ? phrase("explorer-left-out", { n: meta.left_out }) : "",
    meta.stretches ? phrase("explorer-stretches", { points: meta.points, stretches: meta.stretches }) : "",
    !meta.stretches && meta.rounded ? phrase("explorer-rounded") : "",
    left_out.length ? phrase("explorer-values-left-out", { names: left_out.slice(0, 8).join(separator) }) : "",
    phrase("explorer-keys"),
  ];
  nothing.textContent = notes.filter(Boolean).join(" ");

  return {
    lead,
    bar: el("div", { class: "x-bar", role: "search" }, el("div", { class: "x-line" }, field, completing, chips, by.root), el("div", { class: "x-line" }, count, how, compare, unpick, forMlflow, view, reset, status)),
    curves: el("div", { class: "x-line" }, x.root, logY, logX, el("label", { class: "x-choice" }, el("span", { text: phrase("explorer-smoothing") }), smooth, amount), middle.root, curveNote, unzoom),
    table: el("div", { class: "x-line" }, cells.root, ...more),
    below: nothing,
    focus: () => field.focus({ preventScroll: true }),
    filter: (text) => { field.value = text; },
    say,
    draw: (state, shown) => {
      const n = shown.runs.length;
      count.textContent = n === runs.n ? phrase("explorer-all-shown", { n }) : phrase("explorer-some-shown", { n, of: runs.n });
      how.textContent = shown.filter.message;
      how.className = `x-how ${shown.filter.kind}${shown.filter.unknown ? " unknown" : ""}`;
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
      amount.textContent = state.smooth ? state.smooth.toFixed(2) : phrase("explorer-smoothing-off");
      unzoom.hidden = !state.zoom;
      compare.hidden = state.picked.length < 2;
      compare.textContent = phrase("explorer-compare-picked", { n: Math.min(state.picked.length, 5) });
      unpick.hidden = !state.picked.length;
      reset.hidden = !app.view();
      middle.field.value = state.middle;
      const hasMiddle = n > 12 || shown.groups.labels.length > 1;
      middle.root.hidden = !hasMiddle;
      curveNote.textContent = !hasMiddle ? "" : state.middle === "median" ? phrase("explorer-band-median") : phrase("explorer-band-mean");
    },
  };
}
