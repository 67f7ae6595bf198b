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
export function say(message, values = {}) {
  return filled(catalogue.patterns[message] || [message], values);
}

/** @param {Piece[]} pieces @param {Values} values @returns {string} */
function filled(pieces, values) {
  return pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    const [name, forms, otherwise] = piece;
    const value = values[name];
    if (!forms) return typeof value === "number" ? value.toLocaleString(catalogue.language) : value;
    const form = typeof value === "number" && !forms[value] ? catalogue.plural.select(value) : String(value);
    return filled(forms[form] || forms[/** @type {string} */ (otherwise)], values);
  }).join("");
}
