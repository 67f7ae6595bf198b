import assert from "node:assert/strict";
import { test } from "node:test";

import { densityOf, logTicksOf, metricAt, middleOf, nearestPoint, rangeOf, smoothed, spanOf, stepsOf, ticksOf } from "../../web/curves.js";

/** @param {number[][]} values one list for each run @returns {import("../../web/data.js").Curves} */
function made(values) {
  const mid = Float32Array.from(values.flat());
  const start = Int32Array.from([0, ...values.map((_, at) => values.slice(0, at + 1).flat().length)]);
  const run = Int32Array.from(values.keys());
  return { n: values.length, of: run, run, start, steps: new Int32Array(values.length), times: new Int32Array(values.length), mid, lo: mid, hi: mid };
}

test("steps come from the shared vector, or from the middle of a stretch", () => {
  const curves = made([[1, 2], [3, 4]]);
  assert.deepEqual(Array.from(stepsOf(curves, [Int32Array.of(0, 10)], false)), [0, 10, 0, 10]);
  assert.deepEqual(Array.from(stepsOf(curves, [Int32Array.of(0, 4, 5, 9)], true)), [2, 7, 2, 7]);
});

test("smoothing keeps a constant, starts at the first value and passes over NaN", () => {
  const out = smoothed(made([[2, 2, NaN, 2], [0, 1]]), 0.5);
  assert.deepEqual(Array.from(out.subarray(0, 4)), [2, 2, NaN, 2]);
  assert.equal(out[4], 0);
  assert.ok(Math.abs(out[5] - 2 / 3) < 1e-6);
});

test("a range counts what is broken and what lies far away", () => {
  const calm = Array.from({ length: 100 }, (_, at) => at / 100);
  const range = rangeOf(made([calm, [...calm, 1e9, NaN, Infinity]]), [0, 1], null, null, false);
  assert.equal(range?.broken, 2);
  assert.equal(range?.beyond, 1 + 1);
  assert.ok(range && range.high < 3);
  assert.equal(rangeOf(made([[NaN, Infinity]]), [0], null, null, false), null);
  assert.deepEqual(rangeOf(made([[-1, 0, 2, 4]]), [0], null, null, true)?.low, 2);
  assert.deepEqual(spanOf(made([[5, 6]]), [0], Float64Array.of(3, 9)), [3, 9]);
});

test("a middle is of all runs that are there, and stops where half of them are gone", () => {
  const curves = made([[1, 1, 1], [3, 3, 3], [5, 5, NaN]]);
  const x = Float64Array.of(0, 1, 2, 0, 1, 2, 0, 1, 2);
  const mean = middleOf(curves, [0, 1, 2], x, curves.mid, [0, 2], false);
  assert.deepEqual([mean.low[0], mean.middle[0], mean.high[0], mean.middle[119]], [1, 3, 5, 2]);
  assert.ok(Number.isNaN(middleOf(curves, [0], x, curves.mid, [0, 2], false).middle[0]));
  const far = made([[1, 1], [2, 2], [3, 3], [1e9, 1e9]]);
  const median = middleOf(far, [0, 1, 2, 3], Float64Array.of(0, 1, 0, 1, 0, 1, 0, 1), far.mid, [0, 1], true);
  assert.deepEqual([median.low[0], median.middle[0]], [1.75, 2.5]);
});

test("another metric is taken at the same step, or the last one before", () => {
  const [y, other] = [made([[1, 2, 3]]), made([[10, 30]])];
  assert.deepEqual(Array.from(metricAt(y, Float64Array.of(0, 1, 2), other, Float64Array.of(1, 2))), [NaN, 10, 30]);
});

test("the nearest point", () => {
  const x = Float64Array.of(0, 1, 2, 10);
  assert.deepEqual([-5, 0.4, 0.6, 5.9, 6.1, 99].map((at) => nearestPoint(x, 0, 4, at)), [0, 0, 1, 2, 3, 3]);
});

test("density counts each curve once in each column", () => {
  const curves = made([[0, 0], [0, 0], [3, 0]]);
  const counts = densityOf(curves, [0, 1, 2], Float64Array.of(0, 3, 0, 3, 0, 3), curves.mid, (x) => x, (y) => y, 4, 4);
  assert.deepEqual(Array.from(counts), [2, 2, 2, 3, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0]);
});

test("ticks are round", () => {
  assert.deepEqual(ticksOf(0, 10, 3), [0, 5, 10]);
  assert.deepEqual(ticksOf(0.91, 0.98, 3).map((tick) => tick.toFixed(2)), ["0.95"]);
  assert.deepEqual(logTicksOf(0.001, 10), [0.001, 0.01, 0.1, 1, 10]);
});
