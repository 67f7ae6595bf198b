// Four runs as reportgen/render/explorer.py packs them, unpacked.

import { runsOf } from "../../web/runs.js";
import { learn } from "../../web/words.js";

const units = { percent: "%", points: "pp", ...Object.fromEntries(["ms", "s", "min", "h", "d"].map((unit) => [unit, unit])) };
learn({ "explorer-quantity": [["unit", Object.fromEntries(Object.entries(units).map(([key, unit]) => [key, [["value"], ` ${unit}`]])), "s"]] }, "en");

const meta = {
  v: 1, report: "made-1", runs: 4, left_out: 0, ids: ["a1", "b2", "c3", "d4"], experiments: { 1: "one" }, pages: { 1: "http://host/#/experiments/1/runs/" },
  attributes: { name: ["wide seed 1", "base seed 11", "base seed 2", "nameless"], status: ["FINISHED", "FAILED"], user: ["ann"], source_name: [], experiment_id: ["1"] },
  stretches: 0, points: 0,
  metrics: [
    { name: "loss", label: "Loss", format: "number", digits: 3, goal: "minimize", rule: "last", main: true, curve: true },
    { name: "acc", label: "Accuracy", format: "percent", digits: 1, goal: "maximize", rule: "last", main: false, curve: false },
  ],
  params: [{ name: "lr", words: ["0.1", "1e-3", "0.0005"], left_out: false }, { name: "odd `name", words: ["it's"], left_out: false }],
  tags: [{ name: "note", words: ["a.c%d", "abcd"], left_out: false }],
  groups: ["wide", "base"], datasets: [["train", "f00", "training"], ["test", "f01", ""]],
};
const arrays = {
  start: Int32Array.of(1000, 2000, 3000, 0), duration: Float64Array.of(1500, NaN, 60_000, -1),
  name: Uint16Array.of(1, 2, 3, 4), status: Uint16Array.of(1, 1, 2, 1), user: Uint16Array.of(1, 1, 1, 0), source_name: new Uint16Array(4), experiment_id: Uint16Array.of(1, 1, 1, 1),
  parent: Uint16Array.of(0, 0, 1, 0), ids: new Uint8Array(0), group: Uint16Array.of(1, 2, 2, 0),
  has0: Uint8Array.of(1, 1, 1, 1), value0: Float64Array.of(0.25, 0.5, NaN, Infinity), has1: Uint8Array.of(1, 0, 0, 0), value1: Float64Array.of(0.9),
  p0: Uint16Array.of(1, 2, 3, 0), p1: Uint16Array.of(0, 0, 1, 0), t0: Uint16Array.of(2, 0, 1, 0),
  dataset_run: Uint16Array.of(0, 1), dataset: Uint16Array.of(0, 1),
};

export const runs = runsOf({ meta, arrays });
