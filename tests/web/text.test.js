import assert from "node:assert/strict";
import { test } from "node:test";

import { changeOf, duration, number, textOf } from "../../web/format.js";
import { cellsOf, csv, inert, markdown, tsv } from "../../web/export.js";
import { groupsOf, orderOf, selector, sorter, startColumns } from "../../web/select.js";
import { cellText, differs, sorted } from "../../web/runs.js";
import { START } from "../../web/state.js";
import { runs } from "./made.js";

test("numbers are written as everywhere in a report", () => {
  assert.deepEqual([0.98004, -1234.5, 1e-7, 2e12, 0, NaN, -Infinity].map((one) => number(one, 2)), ["0.98", "−1,234.50", "1.000e-07", "2.000e+12", "0.00", "NaN", "−∞"]);
  assert.deepEqual([number(0.123456), number(12), textOf(0.98, "percent", 1), changeOf(-0.012, "percent", 1), changeOf(0, "number")], ["0.1235", "12", "98.0 %", "−1.2 pp", "±0"]);
  assert.deepEqual([duration(0.25), duration(5), duration(65), duration(7200), duration(90061)], ["250 ms", "5.0 s", "1 min 5 s", "2 h", "1 d 1 h"]);
});

test("nothing that a spreadsheet would run leaves the page", () => {
  for (const text of ["=1+1", "+x", "-x", "@x", "  =x", "\t=x", "＝x", "\"=x"]) assert.match(inert(text), /^'/, text);
  for (const text of ["-1.5", "+3e-4", "plain", "a=b"]) assert.equal(inert(text), text);
  assert.equal(csv([["a\"b", "=x"]]), "\"a\"\"b\",\"'=x\"");
  assert.equal(tsv([["a\tb\nc", "1"]]), "a b c\t1");
  assert.equal(markdown([["a|b"], ["<b>*"]]), "| a\\|b |\n| --- |\n| \\<b\\>\\* |");
});

test("a table in text has all digits and ids", () => {
  const columns = ["name", "metric:loss"].map((key) => ({ key, label: key, column: runs.byKey.get(key) || null, spark: "" }));
  assert.deepEqual(cellsOf(runs, Int32Array.of(0, 2, 3), columns)[1], ["wide seed 1", "0.25", "a1"]);
  assert.deepEqual(cellsOf(runs, Int32Array.of(2, 3), columns).slice(1), [["base seed 2", "NaN", "c3"], ["nameless", "Infinity", "d4"]]);
});

test("rows are sorted by number or by word, what is missing last", () => {
  const every = Int32Array.of(0, 1, 2, 3);
  const lr = /** @type {any} */ (runs.byKey.get("param:lr"));
  assert.deepEqual(Array.from(sorted(lr, false, every)), [2, 1, 0, 3]);
  assert.deepEqual(Array.from(sorted(lr, true, every)), [0, 1, 2, 3]);
  assert.deepEqual(Array.from(sorted(/** @type {any} */ (runs.byKey.get("metric:loss")), false, every)), [0, 1, 3, 2]);
  assert.equal(differs(lr, [0, 3]), true);
  assert.equal(cellText(/** @type {any} */ (runs.byKey.get("duration")), 3), "");
});

test("a rank is among all runs, and only where a value is finite", () => {
  const rank = /** @type {any} */ (runs.byKey.get("rank:loss"));
  assert.deepEqual([0, 1, 2, 3].map((run) => cellText(rank, run)), ["1", "2", "", ""]);
});

test("a table begins with the metric that most of its runs have, and with no column that is empty or the same", () => {
  const both = { ...runs, metrics: runs.metrics.map((metric) => ({ ...metric, main: true })) };
  both.metrics.reverse();
  assert.deepEqual(startColumns(both, [0, 1, 2, 3]).slice(0, 5), ["name", "rank:loss", "metric:loss", "spark:loss", "metric:acc"].filter((key) => key === "name" || both.byKey.has(key) || key.startsWith("spark:")));
  assert.deepEqual(orderOf(both, START, [0, 1, 2, 3]), ["metric:loss", false]);
  assert.deepEqual(orderOf(both, START, [0]), ["metric:acc", true]);
  assert.ok(!startColumns(both, [1, 2]).includes("metric:acc"));
  assert.ok(!startColumns(both, [0, 1]).includes("status") && startColumns(both, [1, 2]).includes("status"));
});

test("groups: those of the report first, a param's words, others", () => {
  assert.deepEqual(groupsOf(runs, "").labels, ["wide", "base", "explorer-others"]);
  assert.deepEqual(groupsOf(runs, "status").labels, ["FAILED", "FINISHED"]);
  assert.deepEqual(groupsOf(runs, "none").labels, ["explorer-no-groups"]);
});

test("filter and hidden groups leave what is shown; a filter that cannot be read keeps the last answer", () => {
  const select = selector(runs);
  const order = sorter(runs);
  const off = ["wide"];
  const shown = select({ ...START, filter: "seed", off });
  assert.deepEqual([Array.from(shown.runs), shown.counts], [[1, 2], [1, 2, 0]]);
  assert.equal(select({ ...START, filter: "seed", off, log: true }).runs, shown.runs);
  assert.equal(select({ ...START, filter: "seed <" }).runs.length, 3);
  assert.deepEqual(Array.from(order(select(START), START)), [0, 1, 3, 2]);
});
