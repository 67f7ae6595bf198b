// Elements from plain values. Texts become text nodes only, so no text of a store is ever read as markup.

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Record<string, any>} [given] attributes; `on…` are listeners, `text` is the content, false leaves one out
 * @param {...(Node | string | null)} children @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, given = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === false || value === null) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "text") node.textContent = value;
    else if (name === "style") for (const [property, text] of Object.entries(value)) node.style.setProperty(property, String(text));
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

const DIRECTED = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff]|[\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** @param {string} text @returns {Node} a name that keeps its own direction */
export function name(text) {
  return DIRECTED.test(text) ? el("bdi", { text }) : document.createTextNode(text);
}

/** @param {string} path @param {number} width @param {number} height @param {string} color @returns {Record<string, string>} a small curve as the style of an element: no element of its own, thousands of which would be slow */
export function spark(path, width, height, color) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><path d="${path}" fill="none" stroke="#000" stroke-width="1.4" stroke-linejoin="round"/></svg>`;
  return { "--curve": `url("data:image/svg+xml,${encodeURIComponent(svg)}")`, "--width": `${width}px`, "--height": `${height}px`, "--dot": color };
}

/** Whether downloads, printing, pop-ups and links to places in the page work here; in a sandboxed frame of a viewer they are dead. */
export const isFree = /^(https?|file):$/.test(location.protocol);

/** @param {string} text @returns {boolean} whether it was copied; the event works where the clipboard itself is closed */
export function copied(text) {
  let done = false;
  /** @param {ClipboardEvent} event */
  const give = (event) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    done = true;
  };
  document.addEventListener("copy", give);
  document.execCommand("copy");
  document.removeEventListener("copy", give);
  return done;
}

/** @param {string} file @param {Blob} content */
export function downloaded(file, content) {
  const url = URL.createObjectURL(content);
  el("a", { href: url, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
