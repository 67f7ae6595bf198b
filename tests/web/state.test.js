import assert from "node:assert/strict";
import { test } from "node:test";

import { decoded, encoded, memo, START } from "../../web/state.js";

test("a view comes back from its text, whatever it holds", () => {
  const state = { ...START, filter: "params.lr <= 1e-3 AND tags.`a;b` = '#v1;q=%'", off: ["wide, or not", "ü"], picked: [3, 17], x: "metric:a;b=c", log: true, smooth: 0.6, zoom: /** @type {[number, number]} */ ([0.5, 12]), columns: ["name", "param:x,y"], widths: { "param:x,y": 120 }, sort: "param:x,y", down: true, open: -2 };
  const text = encoded(state, "weekly-abc");
  assert.match(text, /^#v1;q=weekly-abc;/);
  assert.deepEqual(decoded(text)?.report, "weekly-abc");
  assert.deepEqual({ ...decoded(text)?.state, widths: { ...decoded(text)?.state.widths } }, state);
  assert.deepEqual(decoded(`see file:///x/report.html${text}`)?.state.filter, state.filter);
});

test("the first view has no text", () => assert.equal(encoded(START, "weekly"), ""));

test("unknown keys and broken values leave the view as it begins", () => {
  for (const text of ["", "#s-runs", "#v2;f=x", "hello"]) assert.equal(decoded(text), null);
  const found = decoded("#v1;q=r;zz=1;__proto__=1;f=%E0%A4%A;z=5,1;s=nonsense;p=1,-2,x,2.5;h=fire;n=99;w=a,5;r=x;constructor=2");
  assert.deepEqual({ ...found?.state, widths: {} }, { ...START, picked: [1], pinned: 8, smooth: 0, widths: {} });
});

test("a memo makes again only what changed", () => {
  let made = 0;
  const sum = memo((/** @type {number} */ a, /** @type {number} */ b) => (made += 1, a + b));
  assert.deepEqual([sum(1, 2), sum(1, 2), sum(1, NaN), sum(1, NaN), made], [3, 3, NaN, NaN, 2]);
});
