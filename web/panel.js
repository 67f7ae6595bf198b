// One small multiple: two canvases, curves below and the pointer above. Draws what it is given and knows no state.

import { densityOf, logTicksOf, middleOf, nearestPoint, ticksOf } from "./curves.js";
import { clock, duration, number, textOf } from "./format.js";

/** @typedef {import("./data.js").Curves} Curves */

/**
 * @typedef {Object} Picture all that a panel shows
 * @property {Curves} curves
 * @property {Float64Array} x
 * @property {Float32Array} y smoothed, or `curves.mid`
 * @property {boolean} smooth
 * @property {boolean} byRank groups as median and quartiles, not as mean and standard deviation
 * @property {boolean} thinned
 * @property {Int32Array} runs
 * @property {{ label: string, color: string, runs: Int32Array }[]} groups of `runs`, without those that are hidden; one when nothing is grouped
 * @property {Uint16Array} groupOf run → group
 * @property {string[]} colors of all groups
 * @property {readonly number[]} picked
 * @property {readonly [number, number]} span of x
 * @property {readonly [number, number]} range of y
 * @property {boolean} log
 * @property {boolean} logX
 * @property {string} xKind "step", "wall", "relative" or "metric:…"
 * @property {string} format
 * @property {number} digits
 */

/** @typedef {{ ink: string, soft: string, rule: string, ground: string, bad: string, groups: string[], others: string, font: string }} Palette */
/** @typedef {{ left: number, top: number, width: number, height: number, toX: (x: number) => number, toY: (y: number) => number, fromX: (px: number) => number }} Frame */

export const MOST_LINES = 200;
const MEANS_FROM = 13;
const HEIGHT = 190;

/** @param {HTMLElement} root @returns {Palette} */
export function paletteOf(root) {
  const style = getComputedStyle(root);
  /** @param {string} name */
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    ink: read("--ink"),
    soft: read("--soft"),
    rule: read("--rule"),
    ground: read("--ground"),
    bad: read("--bad"),
    groups: Array.from({ length: 8 }, (_, at) => read(`--x-${at + 1}`)),
    others: read("--x-others"),
    font: style.fontFamily,
  };
}

/** @param {HTMLCanvasElement} canvas @param {number} width @returns {CanvasRenderingContext2D} sized for the screen's pixels, and empty */
function fresh(canvas, width) {
  const ratio = Math.min(devicePixelRatio || 1, 2);
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(HEIGHT * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${HEIGHT}px`;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, HEIGHT);
  return context;
}

/** @param {Picture} picture @param {number} width @returns {Frame} */
export function frameOf(picture, width) {
  const left = 54;
  const longest = picture.groups.reduce((most, group) => Math.max(most, group.label.length), 0);
  const labels = picture.groups.length > 1 ? Math.min(96, width * 0.24, 18 + 7.5 * longest) : 10;
  const [top, bottom] = [8, 22];
  const box = { left, top, width: Math.max(width - left - labels, 20), height: HEIGHT - top - bottom };
  /** @param {boolean} log @param {number} from @param {number} to @param {number} size */
  const scale = (log, from, to, size) => {
    if (log) [from, to] = [Math.log10(from), Math.log10(to)];
    const unit = size / (to - from || 1);
    return log ? (/** @type {number} */ value) => (value > 0 ? (Math.log10(value) - from) * unit : NaN) : (/** @type {number} */ value) => (value - from) * unit;
  };
  const [x, y] = [scale(picture.logX, ...picture.span, box.width), scale(picture.log, ...picture.range, box.height)];
  const [from, to] = picture.span;
  return {
    ...box,
    toX: (value) => box.left + x(value),
    toY: (value) => box.top + box.height - y(value),
    fromX: (px) => {
      const share = (px - box.left) / box.width;
      return picture.logX ? from * (to / from) ** share : from + share * (to - from);
    },
  };
}

/** @param {number} value @param {string} kind @param {number} span @returns {string} a place on x in few letters */
export function xText(value, kind, span) {
  if (kind === "relative") return duration(value);
  if (kind === "wall") return span > 2 * 86400e3 ? clock(value).slice(5, 10) : clock(value).slice(11, span > 600e3 ? 16 : 19);
  return number(value);
}

/** @param {CanvasRenderingContext2D} context @param {Picture} picture @param {Frame} frame @param {Palette} palette */
function axes(context, picture, frame, palette) {
  const [low, high] = picture.range;
  const [from, to] = picture.span;
  context.font = `11px ${palette.font}`;
  context.fillStyle = palette.soft;
  context.strokeStyle = palette.rule;
  context.lineWidth = 1;
  context.textAlign = "right";
  context.textBaseline = "middle";
  const ticks = picture.log ? logTicksOf(low, high) : ticksOf(low, high, 4);
  const step = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) * (picture.format === "percent" ? 100 : 1) : 1;
  const digits = picture.log ? undefined : Math.min(8, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  for (const tick of ticks) {
    const y = Math.round(frame.toY(tick)) + 0.5;
    if (y < frame.top - 1 || y > frame.top + frame.height + 1) continue;
    context.beginPath();
    context.moveTo(frame.left, y);
    context.lineTo(frame.left + frame.width, y);
    context.stroke();
    context.fillText(tick === 0 ? "0" : textOf(tick, picture.format === "percent" || picture.format === "bytes" ? picture.format : "number", digits), frame.left - 6, y);
  }
  context.textBaseline = "top";
  const along = picture.logX ? logTicksOf(from, to) : ticksOf(from, to, Math.max(3, Math.floor(frame.width / 70)));
  for (const tick of along) {
    const x = frame.toX(tick);
    context.textAlign = x < frame.left + 16 ? "left" : x > frame.left + frame.width - 16 ? "right" : "center";
    context.fillText(xText(tick, picture.xKind, to - from), x, frame.top + frame.height + 6);
  }
}

/** @param {CanvasRenderingContext2D} context @param {Picture} picture @param {Frame} frame @param {number} curve @param {Float32Array} y @param {boolean} whole whether stretches are drawn from lowest to highest */
function trace(context, picture, frame, curve, y, whole) {
  const { curves, x } = picture;
  const [from, end] = [curves.start[curve], curves.start[curve + 1]];
  const { toX, toY } = frame;
  const dense = end - from > 2 * frame.width;
  let open = false;
  let column = -1;
  let [low, high, last] = [0, 0, 0];
  for (let i = from; i < end; i += 1) {
    const px = toX(x[i]);
    const py = toY(y[i]);
    if (!Number.isFinite(py) || !Number.isFinite(px)) {
      if (column >= 0) context.lineTo(column, last);
      column = -1;
      open = false;
      continue;
    }
    if (whole) {
      const [a, b] = [toY(curves.lo[i]), toY(curves.hi[i])];
      const [first, second] = Number.isFinite(a) && Number.isFinite(b) ? (i & 1 ? [a, b] : [b, a]) : [py, py];
      if (open) context.lineTo(px, first);
      else context.moveTo(px, first);
      context.lineTo(px, second);
      open = true;
      continue;
    }
    if (!dense) {
      if (open) context.lineTo(px, py);
      else context.moveTo(px, py);
      if (!open && (i + 1 === end || !Number.isFinite(y[i + 1]))) context.lineTo(px + 1.5, py);
      open = true;
      continue;
    }
    const here = Math.round(px); // first, lowest, highest and last of each column of pixels
    if (here !== column) {
      if (column >= 0) {
        context.lineTo(column, low);
        context.lineTo(column, high);
        context.lineTo(column, last);
      }
      if (open) context.lineTo(here, py);
      else context.moveTo(here, py);
      [column, low, high, open] = [here, py, py, true];
    }
    if (py < low) low = py;
    if (py > high) high = py;
    last = py;
  }
  if (column >= 0) {
    context.lineTo(column, low);
    context.lineTo(column, high);
    context.lineTo(column, last);
  }
}

/** @param {CanvasRenderingContext2D} context @param {Picture} picture @param {Frame} frame @param {number} run @param {string} color @param {number} width @param {number} alpha */
export function drawRun(context, picture, frame, run, color, width, alpha) {
  const curve = picture.curves.of[run];
  if (curve < 0) return;
  context.strokeStyle = color;
  if (picture.smooth) {
    context.globalAlpha = alpha * 0.3;
    context.lineWidth = 1;
    context.beginPath();
    trace(context, picture, frame, curve, picture.curves.mid, picture.thinned);
    context.stroke();
  }
  context.globalAlpha = alpha;
  context.lineWidth = width;
  context.beginPath();
  trace(context, picture, frame, curve, picture.y, picture.thinned && !picture.smooth);
  context.stroke();
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {Picture} picture @param {Frame} frame @param {Palette} palette marks where curves become NaN or infinite */
function broken(context, picture, frame, palette) {
  const { curves, x } = picture;
  context.strokeStyle = palette.bad;
  context.lineWidth = 1.5;
  context.beginPath();
  let left = 400;
  for (const run of picture.runs) {
    const curve = curves.of[run];
    for (let i = curve < 0 ? 0 : curves.start[curve], end = curve < 0 ? 0 : curves.start[curve + 1]; i < end; i += 1) {
      if (Number.isFinite(curves.mid[i]) || (i > curves.start[curve] && !Number.isFinite(curves.mid[i - 1]))) continue;
      const before = i > curves.start[curve] ? frame.toY(curves.mid[i - 1]) : frame.top + 5;
      const [px, py] = [frame.toX(x[i]), Math.min(Math.max(before, frame.top + 5), frame.top + frame.height - 5)];
      if (!Number.isFinite(px) || !Number.isFinite(py) || px < frame.left || px > frame.left + frame.width || (left -= 1) < 0) continue;
      context.moveTo(px - 3, py - 3);
      context.lineTo(px + 3, py + 3);
      context.moveTo(px + 3, py - 3);
      context.lineTo(px - 3, py + 3);
    }
  }
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {Picture} picture @param {Frame} frame @param {string} color */
function density(context, picture, frame, color) {
  const [width, height] = [Math.floor(frame.width), Math.floor(frame.height)];
  const counts = densityOf(picture.curves, picture.runs, picture.x, picture.y, (value) => frame.toX(value) - frame.left, (value) => frame.toY(value) - frame.top, width, height);
  let most = 1;
  for (const count of counts) if (count > most) most = count;
  const image = new ImageData(width, height);
  const [red, green, blue] = rgb(color);
  const scale = 215 / Math.log1p(most);
  for (let at = 0; at < counts.length; at += 1) {
    if (!counts[at]) continue;
    image.data[4 * at] = red;
    image.data[4 * at + 1] = green;
    image.data[4 * at + 2] = blue;
    image.data[4 * at + 3] = 24 + Math.log1p(counts[at]) * scale;
  }
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).putImageData(image, 0, 0);
  context.drawImage(canvas, frame.left, frame.top);
}

/** @param {string} color "#rrggbb" @returns {[number, number, number]} */
function rgb(color) {
  const bits = parseInt(color.slice(1), 16) || 0;
  return [bits >> 16, (bits >> 8) & 255, bits & 255];
}

/** @param {CanvasRenderingContext2D} context @param {Picture} picture @param {Frame} frame @returns {{ label: string, color: string, y: number }[]} where each group's mean ends */
function means(context, picture, frame) {
  const ends = [];
  for (const group of picture.groups) {
    if (group.runs.length < 2) {
      if (group.runs.length) ends.push({ label: group.label, color: group.color, y: lastY(picture, frame, group.runs[0]) });
      continue;
    }
    const { x, middle, low, high } = middleOf(picture.curves, group.runs, picture.x, picture.y, picture.span, picture.byRank);
    /** @param {number} value */
    const edge = (value) => {
      const y = frame.toY(value);
      return Number.isFinite(y) ? y : frame.top + frame.height;
    };
    let end = NaN;
    for (let at = 0; at < x.length; at += 1) {
      if (Number.isNaN(middle[at])) continue;
      const from = at;
      while (at + 1 < x.length && !Number.isNaN(middle[at + 1])) at += 1;
      context.beginPath();
      for (let i = from; i <= at; i += 1) context.lineTo(frame.toX(x[i]), edge(high[i]));
      for (let i = at; i >= from; i -= 1) context.lineTo(frame.toX(x[i]), edge(low[i]));
      context.fillStyle = group.color;
      context.globalAlpha = 0.14;
      context.fill();
      context.globalAlpha = 1;
      context.beginPath();
      for (let i = from; i <= at; i += 1) context.lineTo(frame.toX(x[i]), frame.toY(middle[i]));
      context.strokeStyle = group.color;
      context.lineWidth = 2.2;
      context.stroke();
      end = frame.toY(middle[at]);
    }
    if (Number.isFinite(end)) ends.push({ label: group.label, color: group.color, y: end });
  }
  return ends;
}

/** @param {Picture} picture @param {Frame} frame @param {number} run */
function lastY(picture, frame, run) {
  const curve = picture.curves.of[run];
  return curve < 0 ? NaN : frame.toY(picture.y[picture.curves.start[curve + 1] - 1]);
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {Palette} palette @param {{ label: string, color: string, y: number }[]} ends @param {number} width labels at the ends of lines, apart from each other */
function endLabels(context, frame, palette, ends, width) {
  const placed = ends.filter((end) => Number.isFinite(end.y)).sort((a, b) => a.y - b.y);
  const gap = 13;
  placed.forEach((end, at) => { end.y = Math.max(end.y, at ? placed[at - 1].y + gap : frame.top + 4); });
  for (let at = placed.length - 1, floor = frame.top + frame.height; at >= 0; at -= 1) {
    placed[at].y = Math.min(placed[at].y, floor);
    floor = placed[at].y - gap;
  }
  context.font = `600 11px ${palette.font}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  const room = width - frame.left - frame.width - 8;
  for (const end of placed) {
    let text = end.label;
    while (text.length > 2 && context.measureText(text).width > room) text = `${text.slice(0, -2)}…`;
    context.fillStyle = end.color;
    context.fillText(text, frame.left + frame.width + 6, end.y);
  }
}

/** @param {HTMLCanvasElement} canvas @param {Picture} picture @param {Palette} palette @param {number} width @returns {Frame} */
export function drawCurves(canvas, picture, palette, width) {
  const context = fresh(canvas, width);
  const frame = frameOf(picture, width);
  axes(context, picture, frame, palette);
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top - 3, frame.width + 2, frame.height + 6);
  context.clip();
  context.lineJoin = "round";
  const n = picture.runs.length;
  const withMeans = picture.groups.length > 1 ? n > picture.groups.length : n >= MEANS_FROM;
  if (n > MOST_LINES) density(context, picture, frame, picture.groups.length > 1 ? palette.others : palette.groups[0]);
  else {
    const alpha = withMeans ? Math.max(0.22, 0.5 - n / 400) : n > MEANS_FROM ? 0.6 : 0.95;
    for (const run of picture.runs) drawRun(context, picture, frame, run, picture.colors[picture.groupOf[run]], withMeans ? 1 : 1.5, alpha);
  }
  const ends = withMeans ? means(context, picture, frame) : picture.groups.map((group) => ({ label: group.label, color: group.color, y: group.runs.length ? lastY(picture, frame, group.runs[0]) : NaN }));
  for (const run of picture.picked) drawRun(context, picture, frame, run, picture.colors[picture.groupOf[run]], 2.4, 1);
  broken(context, picture, frame, palette);
  context.restore();
  if (picture.groups.length > 1) endLabels(context, frame, palette, ends, width);
  return frame;
}

/**
 * @typedef {Object} Pointed
 * @property {number} run -1 for none
 * @property {number} x
 * @property {readonly [number, number] | null} brush pixels of this panel, while the reader drags
 */

/** @param {HTMLCanvasElement} canvas @param {Picture} picture @param {Frame} frame @param {Palette} palette @param {number} width @param {Pointed} pointed */
export function drawPointer(canvas, picture, frame, palette, width, pointed) {
  const context = fresh(canvas, width);
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top - 3, frame.width + 2, frame.height + 6);
  context.clip();
  if (pointed.run >= 0 && picture.curves.of[pointed.run] >= 0) {
    drawRun(context, { ...picture, smooth: false }, frame, pointed.run, palette.ground, 5, 0.8);
    drawRun(context, picture, frame, pointed.run, picture.colors[picture.groupOf[pointed.run]], 2.6, 1);
  }
  const px = Math.round(frame.toX(pointed.x)) + 0.5;
  if (Number.isFinite(px) && px >= frame.left && px <= frame.left + frame.width) {
    context.strokeStyle = palette.soft;
    context.setLineDash([3, 3]);
    context.beginPath();
    context.moveTo(px, frame.top);
    context.lineTo(px, frame.top + frame.height);
    context.stroke();
    context.setLineDash([]);
    const i = pointAt(picture, pointed.run, pointed.x);
    if (i >= 0 && Number.isFinite(picture.y[i])) {
      context.fillStyle = picture.colors[picture.groupOf[pointed.run]];
      context.beginPath();
      context.arc(frame.toX(picture.x[i]), frame.toY(picture.y[i]), 3.5, 0, 7);
      context.fill();
    }
  }
  if (pointed.brush) {
    context.fillStyle = palette.soft;
    context.globalAlpha = 0.18;
    context.fillRect(pointed.brush[0], frame.top, pointed.brush[1] - pointed.brush[0], frame.height);
  }
  context.restore();
}

/** @param {Picture} picture @param {number} run @param {number} x @returns {number} the point of the run nearest to x, or -1 */
export function pointAt(picture, run, x) {
  const curve = run < 0 ? -1 : picture.curves.of[run];
  if (curve < 0 || !Number.isFinite(x)) return -1;
  const [from, end] = [picture.curves.start[curve], picture.curves.start[curve + 1]];
  if (!picture.xKind.startsWith("metric:")) return nearestPoint(picture.x, from, end, x);
  let best = -1;
  for (let i = from; i < end; i += 1) if (Number.isFinite(picture.x[i]) && (best < 0 || Math.abs(picture.x[i] - x) < Math.abs(picture.x[best] - x))) best = i;
  return best;
}

/** @param {Picture} picture @param {Frame} frame @param {number} px @param {number} py @returns {number} the run whose curve is nearest there, or -1 */
export function runAt(picture, frame, px, py) {
  const x = frame.fromX(px);
  let best = -1;
  let least = 36;
  for (const run of picture.runs) {
    const i = pointAt(picture, run, x);
    if (i < 0 || Math.abs(frame.toX(picture.x[i]) - px) > 40) continue;
    const off = Math.abs(frame.toY(between(picture, run, i, x)) - py);
    if (off < least) [best, least] = [run, off];
  }
  return best;
}

/** @param {Picture} picture @param {number} run @param {number} i @param {number} x @returns {number} the value of the curve at x, between its points */
function between(picture, run, i, x) {
  const curve = picture.curves.of[run];
  const j = picture.x[i] < x ? Math.min(i + 1, picture.curves.start[curve + 1] - 1) : Math.max(i - 1, picture.curves.start[curve]);
  const width = picture.x[j] - picture.x[i];
  const share = width ? (x - picture.x[i]) / width : 0;
  return share >= 0 && share <= 1 ? picture.y[i] + share * (picture.y[j] - picture.y[i]) : picture.y[i];
}
