// The sentences of the explorer: patterns of the catalogue (reportgen/words/<language>/explorer.ftl) that stand in the page as data.

/** @typedef {string | [string] | [string, Record<string, Piece[]>, string]} Piece a text, a value, or a value that chooses: [name, form → pieces, form of last resort] */
/** @typedef {Record<string, string | number>} Values */

/** @type {{ patterns: Record<string, Piece[]>, language: string, plural: Intl.PluralRules }} */
const catalogue = { patterns: {}, language: "en", plural: new Intl.PluralRules("en") };

/** @param {Record<string, Piece[]>} patterns @param {string} language of the page */
export function learn(patterns, language) {
  Object.assign(catalogue, { patterns, language, plural: new Intl.PluralRules(language) });
}

/** @param {string} message @param {Values} [values] whole numbers choose a plural form and are written with their thousands apart @returns {string} */
export function phrase(message, values = {}) {
  return filled(catalogue.patterns[message] || [[message, ...Object.values(values)].join(" ")], values);
}

/** @param {number} n @returns {string} with its thousands apart */
export function counted(n) {
  return n.toLocaleString(catalogue.language);
}

/** @param {Piece[]} pieces @param {Values} values @returns {string} */
function filled(pieces, values) {
  return pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    const [name, forms, otherwise] = piece;
    const value = values[name];
    if (!forms) return typeof value === "number" ? counted(value) : value;
    const form = typeof value === "number" && !Object.hasOwn(forms, value) ? catalogue.plural.select(value) : String(value);
    return filled(forms[Object.hasOwn(forms, form) ? form : /** @type {string} */ (otherwise)], values);
  }).join("");
}
