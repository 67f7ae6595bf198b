// One dialog for what needs room: columns of the table, points of a panel, a text to copy by hand.

import { el, downloaded, isFree, name } from "./dom.js";
import { csv, pointsOf, svgOf } from "./export.js";
import { ticksOf } from "./curves.js";
import { textOf } from "./format.js";
import { phrase } from "./words.js";

/** @typedef {import("./explorer.js").App} App */
/** @typedef {import("./runs.js").Metric} Metric */

/**
 * @typedef {Object} Dialog
 * @property {HTMLDialogElement} root
 * @property {() => void} columns
 * @property {(metric: Metric) => void} panel
 * @property {(title: string, text: string) => void} text
 */

const MOST_ROWS = 200;
const MOST_COLUMNS = 200;

/** @param {App} app @returns {Dialog} */
export function dialogOf(app) {
  const title = el("h3");
  const body = el("div", { class: "x-body" });
  const close = el("button", { type: "button", class: "x-close", "aria-label": phrase("explorer-close"), text: "×" });
  const root = el("dialog", { class: "x-dialog" }, close, title, body);
  close.addEventListener("click", () => root.close());
  root.addEventListener("click", (event) => {
    if (event.target === root) root.close();
  });
  /** @param {string} text @param {...(Node | null)} nodes */
  const show = (text, ...nodes) => {
    title.textContent = text;
    body.replaceChildren(...nodes.filter((node) => node !== null));
    if (!root.open) root.showModal();
  };
  /** @param {string} text @param {() => void} onclick */
  const act = (text, onclick) => el("button", { type: "button", class: "x-button", text, onclick });

  /** @param {string} what @param {string} text */
  const text = (what, text) => {
    const field = el("textarea", { readonly: true, rows: 12, "aria-label": what });
    field.value = text;
    show(phrase("explorer-copy-this"), el("p", { class: "x-faint", text: what }), field);
    field.select();
  };

  /** @param {Metric} metric */
  const panel = (metric) => {
    const found = app.panels.panels.find((one) => one.metric === metric);
    if (!found || !found.picture || !found.frame) return;
    const { picture, frame, lines } = found;
    const cells = pointsOf(app.runs, picture);
    const stem = metric.name.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, 60) || "metric";
    const svg = () => svgOf(picture, frame, metric.label, app.panels.palette.ink, ticksOf(picture.range[0], picture.range[1], 4), (value) => textOf(value, metric.format, metric.digits));
    const image = el("img", { alt: phrase("explorer-panel-picture", { metric: metric.label }), hidden: true });
    const table = el("table", {}, el("caption", { class: "vh", text: phrase("explorer-points-of", { metric: metric.label }) }), el("thead", {}, el("tr", {}, ...cells[0].map((label) => el("th", { scope: "col" }, name(label))))), el("tbody", {}, ...cells.slice(1, MOST_ROWS + 1).map((row) => el("tr", {}, ...row.map((value, at) => el("td", { class: at > 1 ? "num" : false }, name(value)))))));
    const png = act(isFree ? phrase("explorer-download-png") : phrase("explorer-show-png"), () => {
      if (isFree) lines.toBlob((blob) => blob && downloaded(`${stem}.png`, blob));
      else {
        image.src = lines.toDataURL("image/png");
        image.hidden = false;
      }
    });
    show(
      metric.label,
      el("div", { class: "x-line" }, act(phrase("explorer-copy-csv"), () => app.copy(csv(cells), phrase("explorer-points"))), act(phrase("explorer-copy-svg"), () => app.copy(svg(), phrase("explorer-copied-picture"))), isFree ? act(phrase("explorer-download-csv"), () => downloaded(`${stem}.csv`, new Blob([csv(cells)], { type: "text/csv" }))) : null, isFree ? act(phrase("explorer-download-svg"), () => downloaded(`${stem}.svg`, new Blob([svg()], { type: "image/svg+xml" }))) : null, png),
      image,
      el("p", { class: "x-faint", text: cells.length - 1 > MOST_ROWS ? phrase("explorer-points-first", { n: cells.length - 1, runs: picture.runs.length, first: MOST_ROWS }) : phrase("explorer-points-all", { n: cells.length - 1, runs: picture.runs.length }) }),
      el("div", { class: "x-wide", tabindex: 0, role: "region", "aria-label": phrase("explorer-points") }, table),
    );
  };

  const columns = () => {
    let chosen = (app.state.columns || app.startKeys()).slice();
    const search = el("input", { type: "search", placeholder: phrase("explorer-find-column"), "aria-label": phrase("explorer-find-column"), spellcheck: "false" });
    const left = el("ol", { class: "x-chosen" });
    const right = el("ul", { class: "x-others" });
    const pinned = el("input", { type: "number", min: 0, max: 8, value: app.state.pinned, "aria-label": phrase("explorer-pinned-title") });
    pinned.addEventListener("change", () => app.change({ pinned: Math.min(Math.max(Math.round(Number(pinned.value)) || 0, 0), 8) }));
    /** @type {{ key: string, label: string }[]} */
    const every = [...app.runs.columns.map((column) => ({ key: column.key, label: `${column.kind === "attribute" ? column.label : phrase("explorer-kind-of", { kind: column.kind, label: column.label })}${column.note ? ` (${column.note})` : ""}` })), ...app.panels.metrics.map((metric) => ({ key: `spark:${metric.name}`, label: phrase("explorer-curve-of", { metric: metric.label }) }))];
    const labels = new Map(every.map(({ key, label }) => [key, label]));
    /** @param {string[]} next */
    const set = (next) => {
      chosen = next;
      app.change({ columns: chosen });
      draw();
    };
    /** @param {number} at @param {number} by */
    const moved = (at, by) => {
      const next = chosen.slice();
      next.splice(at + by, 0, ...next.splice(at, 1));
      return next;
    };
    const draw = () => {
      left.replaceChildren(...chosen.map((key, at) => el("li", {},
        name(labels.get(key) || key),
        el("span", { class: "x-line" },
          at > 1 ? el("button", { type: "button", class: "x-button", "aria-label": phrase("explorer-move-up", { column: labels.get(key) || key }), text: "↑", onclick: () => set(moved(at, -1)) }) : null,
          at && at + 1 < chosen.length ? el("button", { type: "button", class: "x-button", "aria-label": phrase("explorer-move-down", { column: labels.get(key) || key }), text: "↓", onclick: () => set(moved(at, 1)) }) : null,
          at ? el("button", { type: "button", class: "x-button", "aria-label": phrase("explorer-leave-out", { column: labels.get(key) || key }), text: "×", onclick: () => set(chosen.filter((one) => one !== key)) }) : null))));
      const words = search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
      const found = every.filter(({ key, label }) => !chosen.includes(key) && words.every((word) => label.toLocaleLowerCase().includes(word)));
      right.replaceChildren(...found.slice(0, MOST_COLUMNS).map(({ key, label }) => el("li", {}, el("button", { type: "button", class: "x-button", onclick: () => set([...chosen, key]) }, "+ ", name(label)))), ...(found.length > MOST_COLUMNS ? [el("li", { class: "x-faint", text: phrase("explorer-more-columns", { n: found.length - MOST_COLUMNS }) })] : []));
    };
    search.addEventListener("input", draw);
    draw();
    show(phrase("explorer-columns"), el("div", { class: "x-line" }, search, el("label", { class: "x-choice" }, el("span", { text: phrase("explorer-pinned") }), pinned), act(phrase("explorer-as-at-first"), () => { set(app.startKeys().slice()); app.change({ columns: null, widths: {} }); })), el("div", { class: "x-two" }, left, right));
  };

  return { root, columns, panel, text };
}
