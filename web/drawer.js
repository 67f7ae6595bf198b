// The drawer: everything of one run, or what differs between two to five.

import { el, name, spark } from "./dom.js";
import { bytes, changeOf, duration, number, textOf, time } from "./format.js";
import { cellText, differs, numbersOf } from "./runs.js";
import { counted, phrase } from "./words.js";

/** @typedef {import("./runs.js").Runs} Runs */
/** @typedef {import("./runs.js").Column} Column */
/** @typedef {{ notes: Record<string, string>, models: Record<string, Listed>, files: Record<string, Listed> }} Details */
/** @typedef {{ n: number, items: [string, number?][] }} Listed */
/** @typedef {(metric: string, run: number, width: number, height: number) => string} SparkOf */
/** @typedef {(metric: string, run: number) => number | null} BrokenFrom */

export const MOST_COMPARED = 5;

/** @param {string} title @param {[Node | string, (Node | string)[]][]} rows @param {string} [css] @returns {HTMLElement | null} */
function section(title, rows, css = "") {
  if (!rows.length) return null;
  const body = rows.map(([label, cells]) => el("tr", {}, el("th", { scope: "row" }, label), ...cells.map((cell) => el("td", {}, cell))));
  return el("section", {}, el("h4", { text: title }), el("table", { class: css }, el("tbody", {}, ...body)));
}

/** @param {Runs} runs @param {number} run @param {Details | null} details @param {(run: number) => string} colorOf @param {SparkOf} sparkOf @param {BrokenFrom} brokenFrom @param {boolean} isFree @returns {Node[]} */
export function oneRun(runs, run, details, colorOf, sparkOf, brokenFrom, isFree) {
  /** @param {string} kind @returns {[Node | string, (Node | string)[]][]} */
  const rowsOf = (kind) => runs.columns.filter((column) => column.kind === kind && cellText(column, run)).map((column) => [name(column.label), [name(cellText(column, run))]]);
  /** @type {[Node | string, (Node | string)[]][]} */
  const metrics = runs.columns
    .filter((column) => column.kind === "metric" && cellText(column, run))
    .map((column) => {
      const path = column.key.startsWith("metric:") ? sparkOf(column.name, run, 76, 18) : "";
      const from = column.key.startsWith("metric:") ? brokenFrom(column.name, run) : null;
      const value = el("span", {}, cellText(column, run), from === null ? null : el("span", { class: "x-broken", text: phrase("explorer-not-finite", { step: number(from) }) }));
      return [labelOf(column), [value, path ? el("span", { class: "x-curve", style: spark(path, 76, 18, colorOf(run)) }) : ""]];
    });
  const parent = runs.parent[run] ? runs.names[runs.parent[run] - 1] : "";
  const took = /** @type {Column} */ (runs.byKey.get("duration"));
  /** @type {[Node | string, (Node | string)[]][]} */
  const facts = [[phrase("explorer-run-id"), [el("code", { text: runs.id(run) })]]];
  for (const column of runs.columns.filter((one) => one.key.startsWith("rank:"))) {
    if (cellText(column, run)) facts.push([labelOf(column), [cellText(column, run)]]);
  }
  for (const key of ["status", "start", "experiment", "user", "source_name"]) {
    const column = runs.byKey.get(key);
    if (column && cellText(column, run)) facts.push([column.label, [name(cellText(column, run))]]);
  }
  if (cellText(took, run)) facts.push([phrase("explorer-duration"), [cellText(took, run)]]);
  if (parent) facts.push([phrase("explorer-parent"), [name(parent)]]);
  const note = details && details.notes[run];
  const datasets = runs.datasetsOf[run].map((place) => runs.datasets[place]);
  return [
    pageOf(runs, run, isFree),
    note ? el("section", {}, el("h4", { text: phrase("explorer-note") }), el("p", { class: "x-note", dir: "auto", text: note })) : null,
    section(phrase("explorer-metrics"), metrics, "values"),
    section(phrase("explorer-parameters"), rowsOf("param")),
    section(phrase("explorer-run"), facts),
    section(phrase("explorer-datasets"), datasets.map(([label, digest, context]) => [name(label), [name([digest, context].filter(Boolean).join(" · "))]])),
    details && listed(phrase("explorer-models"), details.models[run]),
    details && listed(phrase("explorer-files"), details.files[run]),
    section(phrase("explorer-tags"), rowsOf("tag")),
  ].filter((node) => node !== null);
}

/** @param {Column} column */
function labelOf(column) {
  const label = el("span", {}, name(column.label));
  if (column.note) label.append(el("span", { class: "x-faint", text: ` ${column.note}` }));
  return label;
}

/** @param {string} title @param {Listed | undefined} found @returns {HTMLElement | null} */
function listed(title, found) {
  if (!found) return null;
  const items = found.items.map(([label, size]) => el("li", {}, name(label), typeof size === "number" ? el("span", { class: "x-faint", text: ` ${bytes(size)}` }) : null));
  const more = found.n > items.length ? el("li", { class: "x-faint", text: phrase("explorer-and-more", { n: found.n - items.length }) }) : null;
  return el("section", {}, el("h4", { text: `${title} (${counted(found.n)})` }), el("ul", {}, ...items, more));
}

/** @param {Runs} runs @param {number} run @param {boolean} isFree @returns {HTMLElement | null} */
function pageOf(runs, run, isFree) {
  const url = runs.page(run);
  if (!url) return null;
  if (!isFree) return el("p", { class: "x-page" }, `${phrase("explorer-in-mlflow")} `, el("code", { text: url }));
  return el("p", { class: "x-page" }, el("a", { href: url, target: "_blank", rel: "noopener noreferrer", text: phrase("explorer-open-mlflow") }));
}

/** @param {Runs} runs @param {readonly number[]} picked the first is what the others are held against @param {(run: number) => string} colorOf @returns {Node[]} */
export function sideBySide(runs, picked, colorOf) {
  const compared = picked.slice(0, MOST_COMPARED);
  const head = el("tr", {}, el("th", { scope: "col", text: phrase("explorer-differs") }), ...compared.map((run, at) => {
    const cell = el("th", { scope: "col", class: "x-run" }, name(runs.names[run]), at ? null : el("span", { class: "x-faint", text: ` ${phrase("explorer-reference")}` }));
    cell.style.setProperty("--dot", colorOf(run));
    return cell;
  }));
  const bodies = [];
  let same = 0;
  for (const [kind, title] of [["metric", phrase("explorer-metrics")], ["param", phrase("explorer-parameters")], ["attribute", phrase("explorer-run")], ["tag", phrase("explorer-tags")]]) {
    const rows = [];
    for (const column of runs.columns) {
      if (column.kind !== kind || column.key === "name") continue;
      if (differs(column, compared)) rows.push(compareRow(column, compared));
      else if (compared.some((run) => cellText(column, run))) same += 1;
    }
    if (rows.length) bodies.push(el("tbody", {}, el("tr", {}, el("th", { class: "x-part", colspan: compared.length + 1, scope: "rowgroup", text: title })), ...rows));
  }
  const data = compared.map((run) => runs.datasetsOf[run].map((place) => runs.datasets[place].filter(Boolean).join(" · ")).sort().join(", "));
  if (new Set(data).size > 1) bodies.push(el("tbody", {}, el("tr", {}, el("th", { scope: "row", text: phrase("explorer-datasets") }), ...data.map((text) => el("td", {}, name(text || "—"))))));
  const left = picked.length - compared.length;
  const said = [phrase("explorer-shared-hidden", { n: same }), left > 0 ? phrase("explorer-first-picked", { n: MOST_COMPARED, of: picked.length }) : ""].filter(Boolean).join(" ");
  return [el("div", { class: "x-wide", tabindex: 0, role: "region", "aria-label": phrase("explorer-comparison-scrolls") }, el("table", { class: "compare" }, el("thead", {}, head), ...bodies)), el("p", { class: "x-faint", text: said })];
}

/** @param {Column} column @param {readonly number[]} compared */
function compareRow(column, compared) {
  const numbers = numbersOf(column);
  const first = numbers[compared[0]];
  const cells = compared.map((run, at) => {
    const cell = el("td", { class: column.kind === "metric" ? "num" : false }, name(cellText(column, run) || "—"));
    const delta = numbers[run] - first;
    if (at && (column.kind === "metric" || column.key === "duration") && Number.isFinite(delta) && delta !== 0) {
      const better = column.goal === "none" ? "" : delta > 0 === (column.goal === "maximize") ? "good" : "bad";
      const word = better === "good" ? phrase("explorer-better") : better === "bad" ? phrase("explorer-worse") : "";
      cell.append(el("span", { class: `x-delta ${better}` }, changeOf(delta, column.format, column.digits), word ? el("span", { class: "vh", text: ` ${word}` }) : null));
    }
    return cell;
  });
  return el("tr", {}, el("th", { scope: "row" }, labelOf(column)), ...cells);
}

/** @param {Runs} runs @param {number} run @returns {string} one line under the name */
export function lineOf(runs, run) {
  const took = numbersOf(/** @type {Column} */ (runs.byKey.get("duration")))[run];
  return [runs.start[run] ? time(runs.start[run]) : "", Number.isFinite(took) ? duration(took) : "", cellText(/** @type {Column} */ (runs.byKey.get("status")), run).toLowerCase()].filter(Boolean).join(" · ");
}

/** @param {Column} column @param {number} value @returns {string} */
export function valueText(column, value) {
  return textOf(value, column.format, column.digits);
}
