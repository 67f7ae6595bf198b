// Selections as text for elsewhere: TSV, Markdown and CSV of the table, CSV and SVG of a panel.

import { cellText } from "./runs.js";
import { pointAt } from "./panel.js";

/** @typedef {import("./runs.js").Runs} Runs */
/** @typedef {import("./table.js").Shown} Shown */
/** @typedef {import("./panel.js").Picture} Picture */
/** @typedef {import("./panel.js").Frame} Frame */

/** @param {string} text @returns {string} on one line, and nothing that a spreadsheet would run */
export function inert(text) {
  const line = text.replace(/[\t\r\n]+/g, " ");
  const bare = line.normalize("NFKC").replace(/^[ \v\f"'\ufeff\u200b\u00a0]+/, "");
  const isNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(line.trim());
  return !isNumber && /^[=+\-@]/.test(bare) ? `'${line}` : line;
}

/** @param {Runs} runs @param {Int32Array} rows @param {Shown[]} columns @returns {string[][]} values with all their digits; run ids last */
export function cellsOf(runs, rows, columns) {
  const kept = columns.filter((shown) => shown.column);
  const head = [...kept.map((shown) => shown.label), "run_id"];
  const body = Array.from(rows, (run) => [
    ...kept.map(({ column, key }) => {
      if (key === "name") return runs.names[run];
      if (column && column.numbers && column.has && column.format !== "time") return column.has[run] ? String(column.numbers[run]) : "";
      return column ? cellText(column, run) : "";
    }),
    runs.id(run),
  ]);
  return [head, ...body];
}

/** @param {string[][]} cells */
export function tsv(cells) {
  return cells.map((row) => row.map(inert).join("\t")).join("\n");
}

/** @param {string[][]} cells */
export function csv(cells) {
  return cells.map((row) => row.map((text) => `"${inert(text).replace(/"/g, '""')}"`).join(",")).join("\n");
}

/** @param {string[][]} cells */
export function markdown(cells) {
  const line = (/** @type {string[]} */ row) => `| ${row.map((text) => inert(text).replace(/[\\|`*_[\]<>]/g, "\\$&")).join(" | ")} |`;
  return [line(cells[0]), `|${" --- |".repeat(cells[0].length)}`, ...cells.slice(1).map(line)].join("\n");
}

/** @param {Runs} runs @param {Picture} picture @returns {string[][]} every point of the curves that are shown */
export function pointsOf(runs, picture) {
  const { curves, x } = picture;
  const head = ["run", "run_id", picture.xKind, ...(picture.thinned ? ["lowest", "mean", "highest"] : ["value"]), ...(picture.smooth ? ["smoothed"] : [])];
  const body = [];
  for (const run of picture.runs) {
    const curve = curves.of[run];
    if (curve < 0) continue;
    for (let i = curves.start[curve]; i < curves.start[curve + 1]; i += 1) {
      const values = picture.thinned ? [curves.lo[i], curves.mid[i], curves.hi[i]] : [curves.mid[i]];
      body.push([runs.names[run], runs.id(run), String(x[i]), ...[...values, ...(picture.smooth ? [picture.y[i]] : [])].map((value) => String(Number(value.toPrecision(8))))]);
    }
  }
  return [head, ...body];
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** @param {Picture} picture @param {Frame} frame @param {string} title @param {string} ink @param {number[]} ticks of y @param {(value: number) => string} say @returns {string} the lines of a panel as a picture that scales */
export function svgOf(picture, frame, title, ink, ticks, say) {
  const [width, height] = [frame.left + frame.width + 90, frame.top + frame.height + 40];
  const lines = [];
  for (const run of picture.runs) {
    const curve = picture.curves.of[run];
    if (curve < 0) continue;
    const points = [];
    for (let i = picture.curves.start[curve]; i < picture.curves.start[curve + 1]; i += 1) {
      const [px, py] = [frame.toX(picture.x[i]), frame.toY(picture.y[i])];
      if (Number.isFinite(px) && Number.isFinite(py) && px >= frame.left - 1 && px <= frame.left + frame.width + 1) points.push(`${px.toFixed(1)},${py.toFixed(1)}`);
    }
    lines.push(`<polyline points="${points.join(" ")}" fill="none" stroke="${picture.colors[picture.groupOf[run]]}" stroke-opacity="0.7"/>`);
  }
  const marks = ticks.map((tick) => `<line x1="${frame.left}" x2="${frame.left + frame.width}" y1="${frame.toY(tick).toFixed(1)}" y2="${frame.toY(tick).toFixed(1)}" stroke="${ink}" stroke-opacity="0.15"/><text x="${frame.left - 6}" y="${(frame.toY(tick) + 4).toFixed(1)}" text-anchor="end">${escaped(say(tick))}</text>`);
  const names = picture.groups.length > 1 ? picture.groups.map((group, at) => `<text x="${frame.left + frame.width + 6}" y="${frame.top + 12 + 14 * at}" fill="${group.color}">${escaped(group.label)}</text>`) : [];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + 20}" viewBox="0 -20 ${width} ${height + 20}" font-family="sans-serif" font-size="11" fill="${ink}"><text x="${frame.left}" y="-6" font-weight="bold">${escaped(title)}</text>${marks.join("")}${lines.join("")}${names.join("")}</svg>`;
}

/** @param {Picture} picture @param {number} run @param {number} x @returns {[number, number] | null} [x, value] of the point of a run that is nearest to x */
export function valueAt(picture, run, x) {
  const i = pointAt(picture, run, x);
  return i < 0 ? null : [picture.x[i], picture.y[i]];
}
