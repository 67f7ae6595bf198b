import assert from "node:assert/strict";
import { test } from "node:test";

import { clauseOf, completions, exampleOf, filtered, likeliest } from "../../web/filter.js";
import { runs } from "./made.js";

/** @param {string} text */
const kept = (text) => {
  const { keeps } = filtered(text, runs);
  return keeps && Array.from(keeps.keys()).filter((run) => keeps[run]).map((run) => runs.names[run]);
};

test("nothing said keeps all", () => {
  assert.equal(filtered("  ", runs).kind, "all");
  assert.equal(kept("")?.length, 4);
});

test("clauses are joined by AND", () => {
  assert.deepEqual(kept("metrics.loss < 0.5 AND params.lr = '0.1'"), ["wide seed 1"]);
  assert.deepEqual(kept("metrics.`loss` >= 0.5 and attributes.status = 'FINISHED'"), ["base seed 11", "nameless"]);
});

test("NaN is only unequal, infinity is the greatest number, what lacks the metric is in neither", () => {
  assert.deepEqual(kept("metrics.loss != 0.25"), ["base seed 11", "base seed 2", "nameless"]);
  assert.deepEqual(kept("metrics.loss > 1e300"), ["nameless"]);
  assert.deepEqual(kept("metrics.acc != 5"), ["wide seed 1"]);
});

test("LIKE knows case, ILIKE does not; _ and % are wildcards, all else is itself", () => {
  assert.deepEqual(kept("run_name LIKE '%SEED%'"), []);
  assert.deepEqual(kept("run_name ILIKE '%SEED 1'"), ["wide seed 1"]);
  assert.deepEqual(kept("attributes.run_name LIKE 'base seed __'"), ["base seed 11"]);
  assert.deepEqual(kept("tags.note LIKE 'a.c%'"), ["base seed 2"]);
});

test("NULL, IN and data sets", () => {
  assert.deepEqual(kept("params.lr IS NULL"), ["nameless"]);
  assert.deepEqual(kept("params.lr IS NOT NULL")?.length, 3);
  assert.deepEqual(kept("dataset.name = 'train' AND dataset.context LIKE 't%'"), ["wide seed 1"]);
  assert.equal(filtered("run_id IN ('x')", runs).kind, "mlflow");
  assert.equal(filtered("params.lr IN ('0.1')", runs).kind, "extended");
});

test("numbers of params are more than MLflow has, and said to be", () => {
  const found = filtered("params.lr <= 1e-3", runs);
  assert.equal(found.kind, "extended");
  assert.match(found.message, /numbers-for param/);
  assert.deepEqual(kept("params.lr <= 1e-3"), ["base seed 11", "base seed 2"]);
});

test("words are whole words, in the name first", () => {
  assert.deepEqual(kept("seed 1"), ["wide seed 1"]);
  assert.deepEqual(kept("lr 0.1"), ["wide seed 1"]);
  assert.equal(filtered("seed", runs).kind, "names");
});

test("what cannot be read says why and keeps no answer", () => {
  for (const [text, why] of [
    ["metrics.loss < ", /ends value/],
    ["metrics.loss < '3'", /metric-number/],
    ["params.lr = '0.1' OR params.lr = '0.2'", /filter-and OR/],
    ["status = FINISHED", /filter-quotes status/],
    ["fruit.lr = 'x'", /filter-entity fruit/],
    ["params.lr = 'x", /filter-unread/],
  ]) {
    const found = filtered(/** @type {string} */ (text), runs);
    assert.equal(found.keeps, null, String(text));
    assert.match(found.message, /** @type {RegExp} */ (why));
  }
});

test("the clause of a cell selects its run", () => {
  for (const key of ["param:lr", "tag:note", "metric:loss", "status", "param:odd `name"]) {
    const column = runs.byKey.get(key);
    const clause = clauseOf(/** @type {any} */ (column), 2);
    if (clause) assert.ok(kept(clause)?.includes("base seed 2"), clause);
  }
});

test("a key that no run has is said, with those that somebody may have meant", () => {
  const found = filtered("params.l_r <= 0.1", runs);
  assert.deepEqual([found.kind, found.unknown], ["extended", true]);
  assert.match(found.message, /filter-missing params\.l_r .*lr/);
  assert.equal(filtered("params.lr <= 0.1", runs).unknown, false);
  assert.deepEqual(likeliest("lr", ["alpha", "layers", "learning_rate", "LR-decay"]).slice(0, 2), ["learning_rate", "LR-decay"]);
});

test("names are completed where one is being typed, and only there", () => {
  assert.deepEqual(completions("metrics.loss < 1 AND params.l", runs), ["metrics.loss < 1 AND params.lr"]);
  assert.deepEqual(completions("params.lr", runs), []);
  assert.deepEqual(completions("los", runs), ["metrics.loss"]);
  assert.deepEqual(completions("seed 11", runs), []);
  assert.equal(filtered(exampleOf(runs), runs).kind, "extended");
});
