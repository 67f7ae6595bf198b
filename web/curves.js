// Arithmetic on curves: places on x, smoothing, group means, ranges, density, the nearest curve.

/** @typedef {import("./data.js").Curves} Curves */
/** @typedef {import("./data.js").Numbers} Numbers */

/**
 * @param {Curves} curves @param {Numbers[]} vectors of steps @param {boolean} thinned
 * @returns {Float64Array} the step of each point; the middle of a stretch
 */
export function stepsOf(curves, vectors, thinned) {
  const x = new Float64Array(curves.mid.length);
  for (let curve = 0; curve < curves.n; curve += 1) {
    const vector = vectors[curves.steps[curve]];
    const from = curves.start[curve];
    const n = curves.start[curve + 1] - from;
    for (let at = 0; at < n; at += 1) x[from + at] = thinned ? (vector[2 * at] + vector[2 * at + 1]) / 2 : vector[at];
  }
  return x;
}

/**
 * @param {Curves} curves @param {Numbers[]} vectors of times @param {Float64Array | null} bases start of each run in ms; null for times since then
 * @returns {Float64Array} seconds since the run began, or milliseconds since 1970
 */
export function timesOf(curves, vectors, bases) {
  const x = new Float64Array(curves.mid.length);
  for (let curve = 0; curve < curves.n; curve += 1) {
    const vector = vectors[curves.times[curve]];
    const from = curves.start[curve];
    const n = curves.start[curve + 1] - from;
    const base = bases ? bases[curves.run[curve]] : 0;
    for (let at = 0; at < n; at += 1) x[from + at] = bases ? base + vector[at] : vector[at] / 1000;
  }
  return x;
}

/**
 * @param {Curves} curves @param {Float64Array} steps of `curves` @param {Curves} other @param {Float64Array} otherSteps
 * @returns {Float64Array} what the other metric was at each step; NaN where the run had not logged it yet
 */
export function metricAt(curves, steps, other, otherSteps) {
  const x = new Float64Array(curves.mid.length).fill(NaN);
  for (let curve = 0; curve < curves.n; curve += 1) {
    const theirs = other.of[curves.run[curve]];
    if (theirs < 0) continue;
    let at = other.start[theirs];
    const end = other.start[theirs + 1];
    for (let i = curves.start[curve]; i < curves.start[curve + 1]; i += 1) {
      while (at + 1 < end && otherSteps[at + 1] <= steps[i]) at += 1;
      if (otherSteps[at] <= steps[i]) x[i] = other.mid[at];
    }
  }
  return x;
}

/** @param {Curves} curves @param {number} weight 0 to 0.99 @returns {Float32Array} moving averages, without the pull of the first value; from all points */
export function smoothed(curves, weight) {
  if (!weight) return curves.mid;
  const out = new Float32Array(curves.mid.length);
  for (let curve = 0; curve < curves.n; curve += 1) {
    let sum = 0;
    let share = 0;
    for (let at = curves.start[curve]; at < curves.start[curve + 1]; at += 1) {
      const value = curves.mid[at];
      if (!Number.isFinite(value)) {
        out[at] = value;
        continue;
      }
      sum = sum * weight + value * (1 - weight);
      share = share * weight + (1 - weight);
      out[at] = sum / share;
    }
  }
  return out;
}

/**
 * @typedef {Object} Range
 * @property {number} low
 * @property {number} high
 * @property {number} beyond points outside, because a few far values would flatten all others
 * @property {number} broken points that are NaN or infinite
 */

/**
 * @param {Curves} curves @param {ArrayLike<number>} runs @param {Float64Array | null} x with `zoom`: only points within
 * @param {readonly [number, number] | null} zoom @param {boolean} log
 * @returns {Range | null} null where nothing finite is
 */
export function rangeOf(curves, runs, x, zoom, log) {
  let low = Infinity;
  let high = -Infinity;
  let broken = 0;
  let n = 0;
  const { lo, hi, start, of } = curves;
  for (let at = 0; at < runs.length; at += 1) {
    const curve = of[runs[at]];
    if (curve < 0) continue;
    for (let i = start[curve]; i < start[curve + 1]; i += 1) {
      if (zoom && x && !(x[i] >= zoom[0] && x[i] <= zoom[1])) continue;
      if (!Number.isFinite(lo[i]) || !Number.isFinite(hi[i])) broken += 1;
      if (hi[i] > high && hi[i] < Infinity) high = hi[i];
      if (lo[i] < low && lo[i] > (log ? 0 : -Infinity)) low = lo[i];
      n += 1;
    }
  }
  if (low > high) return null;
  const whole = { low, high, beyond: 0, broken };
  if (log || n < 50) return whole;
  const sample = [];
  const stride = Math.max(1, Math.floor(n / 3000));
  let count = 0;
  for (let at = 0; at < runs.length; at += 1) {
    const curve = of[runs[at]];
    if (curve < 0) continue;
    for (let i = start[curve]; i < start[curve + 1]; i += 1) {
      if (zoom && x && !(x[i] >= zoom[0] && x[i] <= zoom[1])) continue;
      if (count++ % stride === 0 && Number.isFinite(curves.mid[i])) sample.push(curves.mid[i]);
    }
  }
  sample.sort((a, b) => a - b);
  const [first, last] = [sample[Math.floor(sample.length * 0.01)], sample[Math.ceil(sample.length * 0.99) - 1]];
  const span = last - first;
  if (!(span > 0) || high - low <= 12 * span) return whole;
  const [bottom, top] = [Math.max(low, first - span / 2), Math.min(high, last + span / 2)];
  let beyond = 0;
  for (let at = 0; at < runs.length; at += 1) {
    const curve = of[runs[at]];
    if (curve < 0) continue;
    for (let i = start[curve]; i < start[curve + 1]; i += 1) {
      if (zoom && x && !(x[i] >= zoom[0] && x[i] <= zoom[1])) continue;
      if (hi[i] > top || lo[i] < bottom) beyond += 1;
    }
  }
  return { low: bottom, high: top, beyond, broken };
}

/** @param {Curves} curves @param {ArrayLike<number>} runs @param {Float64Array} x @returns {[number, number] | null} */
export function spanOf(curves, runs, x) {
  let low = Infinity;
  let high = -Infinity;
  for (let at = 0; at < runs.length; at += 1) {
    const curve = curves.of[runs[at]];
    if (curve < 0) continue;
    for (let i = curves.start[curve]; i < curves.start[curve + 1]; i += 1) {
      if (x[i] < low) low = x[i];
      if (x[i] > high) high = x[i];
    }
  }
  return low <= high ? [low, high] : null;
}

/**
 * @typedef {Object} Middle of the runs of a group, on a grid of x
 * @property {Float64Array} x
 * @property {Float64Array} middle mean or median; NaN where fewer than two runs, or less than half of them, are
 * @property {Float64Array} low mean − standard deviation between the runs, or first quartile
 * @property {Float64Array} high
 */

const GRID = 120;

/**
 * @param {Curves} curves @param {ArrayLike<number>} runs of one group @param {Float64Array} x @param {Float32Array} y
 * @param {readonly [number, number]} span @param {boolean} byRank median and quartiles, which one run that diverges does not move
 * @returns {Middle}
 */
export function middleOf(curves, runs, x, y, span, byRank) {
  const grid = Float64Array.from({ length: GRID }, (_, at) => span[0] + ((span[1] - span[0]) * at) / (GRID - 1));
  /** @type {number[][]} */
  const values = Array.from({ length: GRID }, () => []);
  let most = 0;
  for (let r = 0; r < runs.length; r += 1) {
    const curve = curves.of[runs[r]];
    if (curve < 0) continue;
    most += 1;
    const end = curves.start[curve + 1];
    let i = curves.start[curve];
    for (let at = 0; at < GRID; at += 1) {
      while (i + 1 < end && !(x[i + 1] >= grid[at])) i += 1;
      const j = Math.min(i + 1, end - 1);
      if (!(x[i] <= grid[at]) || !(x[j] >= grid[at])) continue;
      const share = x[j] > x[i] ? (grid[at] - x[i]) / (x[j] - x[i]) : 0;
      const value = share === 0 ? y[i] : y[i] + share * (y[j] - y[i]);
      if (Number.isFinite(value)) values[at].push(value);
    }
  }
  const [middle, low, high] = [0, 1, 2].map(() => new Float64Array(GRID).fill(NaN));
  values.forEach((own, at) => {
    if (own.length >= 2 && own.length * 2 >= most) [low[at], middle[at], high[at]] = byRank ? quartiles(own) : meanAndSpread(own);
  });
  return { x: grid, middle, low, high };
}

/** @param {number[]} values @returns {[number, number, number]} mean − sd, mean, mean + sd */
function meanAndSpread(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  return [mean - spread, mean, mean + spread];
}

/** @param {number[]} values @returns {[number, number, number]} */
function quartiles(values) {
  const sorted = Float64Array.from(values).sort();
  /** @param {number} share */
  const at = (share) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    return sorted[below] + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
  };
  return [at(0.25), at(0.5), at(0.75)];
}

/** @param {Float64Array} x @param {number} from @param {number} end @param {number} at @returns {number} the point of [from, end) nearest to `at`; x grows */
export function nearestPoint(x, from, end, at) {
  let low = from;
  let high = end - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle] < at) low = middle + 1;
    else high = middle;
  }
  return low > from && at - x[low - 1] < x[low] - at ? low - 1 : low;
}

/**
 * How many curves go through each pixel.
 * @param {Curves} curves @param {ArrayLike<number>} runs @param {Float64Array} x @param {Float32Array} y
 * @param {(value: number) => number} toX @param {(value: number) => number} toY @param {number} width @param {number} height
 * @returns {Uint32Array}
 */
export function densityOf(curves, runs, x, y, toX, toY, width, height) {
  const counts = new Uint32Array(width * height);
  for (let r = 0; r < runs.length; r += 1) {
    const curve = curves.of[runs[r]];
    if (curve < 0) continue;
    let [lastX, lastY] = [NaN, NaN];
    for (let i = curves.start[curve]; i < curves.start[curve + 1]; i += 1) {
      const [px, py] = [toX(x[i]), toY(y[i])];
      if (Number.isFinite(px) && Number.isFinite(py) && Number.isFinite(lastX)) {
        const first = Math.max(0, Math.ceil(lastX));
        const end = Math.min(width - 1, Math.floor(px));
        const slope = px > lastX ? (py - lastY) / (px - lastX) : 0;
        for (let column = first; column <= end; column += 1) {
          const row = Math.round(lastY + slope * (column - lastX));
          if (row >= 0 && row < height) counts[row * width + column] += 1;
        }
      }
      lastX = Number.isFinite(py) ? px : NaN;
      lastY = py;
    }
  }
  return counts;
}

/** @param {number} low @param {number} high @param {number} n @returns {number[]} round numbers between, about `n` of them */
export function ticksOf(low, high, n) {
  const span = high - low;
  if (!(span > 0)) return [low];
  const rough = span / n;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) || power * 10;
  const ticks = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at += 1) ticks.push(at * step || 0);
  return ticks;
}

/** @param {number} low @param {number} high both above 0 @returns {number[]} powers of ten, with 2 and 5 where few are */
export function logTicksOf(low, high) {
  const ticks = [];
  const decades = Math.log10(high / low);
  const every = Math.max(1, Math.ceil(decades / 5));
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += every) {
    for (const digit of decades < 2 ? [1, 2, 5] : [1]) {
      const tick = digit * 10 ** power;
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  }
  return ticks.length ? ticks : [low, high];
}
