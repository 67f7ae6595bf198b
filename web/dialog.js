// One dialog for what needs room: columns of the table, points of a panel, a text to copy by hand.

import { el, downloaded, isFree, name } from "./dom.js";
import { csv, pointsOf, svgOf } from "./export.js";
import { ticksOf } from "./curves.js";
import { plural, textOf } from "./format.js";
import { startColumns } from "./select.js";

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
  const close = el("button", { type: "button", class: "x-close", "aria-label": "Close", text: "×" });
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
    show("Copy this text", el("p", { class: "x-faint", text: what }), field);
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
    const image = el("img", { alt: `${metric.label}: picture of the panel`, hidden: true });
    const table = el("table", {}, el("caption", { class: "vh", text: `Points of ${metric.label}` }), el("thead", {}, el("tr", {}, ...cells[0].map((label) => el("th", { scope: "col" }, name(label))))), el("tbody", {}, ...cells.slice(1, MOST_ROWS + 1).map((row) => el("tr", {}, ...row.map((value, at) => el("td", { class: at > 1 ? "num" : false }, name(value)))))));
    const png = act(isFree ? "Download PNG" : "Show PNG", () => {
      if (isFree) lines.toBlob((blob) => blob && downloaded(`${stem}.png`, blob));
      else {
        image.src = lines.toDataURL("image/png");
        image.hidden = false;
      }
    });
    show(
      metric.label,
      el("div", { class: "x-line" }, act("Copy CSV", () => app.copy(csv(cells), "Points")), act("Copy SVG", () => app.copy(svg(), "Picture")), isFree ? act("Download CSV", () => downloaded(`${stem}.csv`, new Blob([csv(cells)], { type: "text/csv" }))) : null, isFree ? act("Download SVG", () => downloaded(`${stem}.svg`, new Blob([svg()], { type: "image/svg+xml" }))) : null, png),
      image,
      el("p", { class: "x-faint", text: `${plural(cells.length - 1, "point")} of ${plural(picture.runs.length, "run")}${cells.length - 1 > MOST_ROWS ? `; the first ${MOST_ROWS} here, all in the copy` : ""}.` }),
      el("div", { class: "x-wide", tabindex: 0, role: "region", "aria-label": "Points" }, table),
    );
  };

  const columns = () => {
    let chosen = (app.state.columns || startColumns(app.runs)).slice();
    const search = el("input", { type: "search", placeholder: "Find a column", "aria-label": "Find a column", spellcheck: "false" });
    const left = el("ol", { class: "x-chosen" });
    const right = el("ul", { class: "x-others" });
    const pinned = el("input", { type: "number", min: 0, max: 8, value: app.state.pinned, "aria-label": "How many columns stay in sight" });
    pinned.addEventListener("change", () => app.change({ pinned: Math.min(Math.max(Math.round(Number(pinned.value)) || 0, 0), 8) }));
    /** @type {{ key: string, label: string }[]} */
    const every = [...app.runs.columns.map((column) => ({ key: column.key, label: `${column.kind === "attribute" ? "" : `${column.kind}: `}${column.label}${column.note ? ` (${column.note})` : ""}` })), ...app.panels.metrics.map((metric) => ({ key: `spark:${metric.name}`, label: `curve: ${metric.label}` }))];
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
          at > 1 ? el("button", { type: "button", class: "x-button", "aria-label": `Move ${labels.get(key)} up`, text: "↑", onclick: () => set(moved(at, -1)) }) : null,
          at && at + 1 < chosen.length ? el("button", { type: "button", class: "x-button", "aria-label": `Move ${labels.get(key)} down`, text: "↓", onclick: () => set(moved(at, 1)) }) : null,
          at ? el("button", { type: "button", class: "x-button", "aria-label": `Leave out ${labels.get(key)}`, text: "×", onclick: () => set(chosen.filter((one) => one !== key)) }) : null))));
      const words = search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
      const found = every.filter(({ key, label }) => !chosen.includes(key) && words.every((word) => label.toLocaleLowerCase().includes(word)));
      right.replaceChildren(...found.slice(0, MOST_COLUMNS).map(({ key, label }) => el("li", {}, el("button", { type: "button", class: "x-button", onclick: () => set([...chosen, key]) }, "+ ", name(label)))), ...(found.length > MOST_COLUMNS ? [el("li", { class: "x-faint", text: `and ${(found.length - MOST_COLUMNS).toLocaleString("en")} more: type to find them` })] : []));
    };
    search.addEventListener("input", draw);
    draw();
    show("Columns", el("div", { class: "x-line" }, search, el("label", { class: "x-choice" }, el("span", { text: "pinned" }), pinned), act("As at first", () => { set(startColumns(app.runs).slice()); app.change({ columns: null, widths: {} }); })), el("div", { class: "x-two" }, left, right));
  };

  return { root, columns, panel, text };
}
