import assert from "node:assert/strict";
import { test } from "node:test";

import { learn, phrase } from "../../web/words.js";

test("values are put in, whole numbers choose a form by number first, then by the language's plurals", () => {
  learn({ found: [["n", { 0: ["none"], one: ["one run of ", ["of"]], other: [["n"], " runs of ", ["of"]] }, "other"], ", ", ["is", { on: ["on"], off: ["off"] }, "off"]] }, "en");
  assert.equal(phrase("found", { n: 1, of: "a<b>", is: "on" }), "one run of a<b>, on");
  assert.equal(phrase("found", { n: 1234, of: 2000, is: "?" }), "1,234 runs of 2,000, off");
  assert.equal(phrase("found", { n: 0, of: "x", is: "constructor" }), "none, off");
  learn({ found: [["n", { one: ["un"], other: ["des"] }, "other"]] }, "fr");
  assert.equal(phrase("found", { n: 0 }), "un");
  learn({}, "en");
});
