// Values as text, as reportgen/formats.py writes them.

import { phrase } from "./words.js";

const MINUS = "−";

/** @param {string} value @param {string} unit @returns {string} as the catalogue writes them together */
function quantity(value, unit) {
  return phrase("explorer-quantity", { value, unit });
}

/** @param {number} value @param {number} [digits] @returns {string} */
export function number(value, digits) {
  if (!Number.isFinite(value)) return nonFinite(value);
  const size = Math.abs(value);
  if (value === 0) return digits === undefined ? "0" : (0).toFixed(digits);
  if (size >= 1e9 || size < (digits === undefined ? 1e-4 : 10 ** -digits / 2)) return signed(exponent(value));
  if (digits !== undefined) return signed(grouped(value, digits));
  if (Number.isInteger(value)) return signed(grouped(value, 0));
  return signed(grouped(value, Math.max(0, 3 - Math.floor(Math.log10(size)))));
}

/** @param {number} value */
function nonFinite(value) {
  return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : `${MINUS}∞`;
}

/** @param {number} value */
function exponent(value) {
  const [digits, power] = value.toExponential(3).split("e");
  const n = Number(power);
  return `${digits}e${n < 0 ? "-" : "+"}${String(Math.abs(n)).padStart(2, "0")}`;
}

/** @param {number} value @param {number} digits */
function grouped(value, digits) {
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** @param {string} text */
function signed(text) {
  return text.startsWith("-") ? MINUS + text.slice(1) : text;
}

/** @param {number} seconds @returns {string} */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return nonFinite(seconds);
  const size = Math.abs(seconds);
  if (size < 1) return quantity(number(seconds * 1000, size < 0.01 ? 1 : 0), "ms");
  if (size < 60) return quantity(number(seconds, size < 10 ? 1 : 0), "s");
  const whole = Math.round(size);
  const parts = [Math.floor(whole / 86400), Math.floor((whole % 86400) / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const first = parts.findIndex((part) => part > 0);
  const text = [0, 1].map((i) => (parts[first + i] ? quantity(String(parts[first + i]), ["d", "h", "min", "s"][first + i]) : "")).filter(Boolean);
  return (seconds < 0 ? MINUS : "") + text.join(" ");
}

/** @param {number} n @returns {string} */
export function bytes(n) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let at = 0;
  while (Math.abs(n) >= 1000 && at < units.length - 1) {
    n /= 1000;
    at += 1;
  }
  return quantity(number(n, at && Math.abs(n) < 100 ? 1 : 0), units[at]);
}

// The report's clock; Swedish writes a day and a time as ISO 8601 does.
const zone = globalThis.document?.documentElement?.dataset?.zone || "";
const zoned = zone ? new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }) : null;

/** @param {number} ms @returns {string} "2026-11-20 09:45:07" by the report's clock; "" for what is no time */
export function clock(ms) {
  const at = new Date(ms);
  if (Number.isNaN(at.getTime())) return "";
  return zoned ? zoned.format(at) : at.toISOString().slice(0, 19).replace("T", " ");
}

/** @param {number} ms @returns {string} */
export function time(ms) {
  return clock(ms) && `${clock(ms).slice(0, 16)} ${zone || "UTC"}`;
}

/** @param {number} value @param {string} format @param {number} [digits] @returns {string} */
export function textOf(value, format, digits) {
  if (format === "percent") return Number.isFinite(value) ? quantity(number(value * 100, digits ?? 1), "percent") : nonFinite(value);
  if (format === "duration") return duration(value);
  if (format === "bytes") return bytes(value);
  if (format === "time") return time(value);
  if (format === "integer") return Number.isFinite(value) ? number(Math.round(value), 0) : nonFinite(value);
  return number(value, digits);
}

/** @param {number} delta @param {string} format @param {number} [digits] @returns {string} a difference, with its sign */
export function changeOf(delta, format, digits) {
  if (delta === 0 || !Number.isFinite(delta)) return delta === 0 ? "±0" : nonFinite(delta);
  const size = Math.abs(delta);
  const text = format === "percent" ? quantity(number(size * 100, digits ?? 1), "points") : textOf(size, format, digits);
  return `${delta > 0 ? "+" : MINUS}${text}`;
}
