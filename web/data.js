// Unpacks what reportgen/render/explorer_pack.py packed: a JSON header, then typed arrays in byte planes.

/** @typedef {Float64Array | Float32Array | Int32Array | Uint16Array | Uint8Array} Numbers */
/** @typedef {{ meta: any, arrays: Record<string, Numbers> }} Block */

/** @typedef {"f8" | "f4" | "f3" | "i4" | "d4" | "u2" | "u1"} PackedKind */

/** @type {Record<PackedKind, number>} */
const SIZES = { f8: 8, f4: 4, f3: 3, i4: 4, d4: 4, u2: 2, u1: 1 };
const CODES = 4096;
const NAN = CODES - 3;
const MINUS = CODES - 2;
const PLUS = CODES - 1;

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} the bytes behind base64 */
export function bytesOf(text) {
  const native = /** @type {any} */ (Uint8Array).fromBase64;
  if (native) return native.call(Uint8Array, text);
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) bytes[at] = letters.charCodeAt(at);
  return bytes;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function gunzipped(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Block} */
export function unpacked(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const meta = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  /** @type {Record<string, Numbers>} */
  const arrays = {};
  let at = 4 + length;
  for (const [name, kind, n] of /** @type {[string, PackedKind, number][]} */ (meta.arrays)) {
    arrays[name] = numbersOf(bytes, at, kind, n);
    at += n * SIZES[kind];
  }
  return { meta, arrays };
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {number} at @param {PackedKind} kind @param {number} n @returns {Numbers} */
function numbersOf(bytes, at, kind, n) {
  if (kind === "u1") return bytes.slice(at, at + n);
  const size = kind === "f3" ? 4 : SIZES[kind];
  const raw = new Uint8Array(n * size);
  const first = size - SIZES[kind]; // of f3 the lowest byte is not there
  for (let plane = 0; plane < SIZES[kind]; plane += 1) {
    const from = at + plane * n;
    for (let i = 0, to = first + plane; i < n; i += 1, to += size) raw[to] = bytes[from + i];
  }
  if (kind === "f8") return new Float64Array(raw.buffer);
  if (kind === "f4" || kind === "f3") return new Float32Array(raw.buffer);
  if (kind === "u2") return new Uint16Array(raw.buffer);
  if (kind === "i4") return new Int32Array(raw.buffer);
  const changes = new Int32Array(raw.buffer);
  for (let i = 1; i < n; i += 1) changes[i] += changes[i - 1];
  return changes;
}

/**
 * @typedef {Object} Curves one metric of all runs; points of one curve follow each other
 * @property {number} n how many curves
 * @property {Int32Array} of run → its curve, or -1
 * @property {Numbers} run curve → its run
 * @property {Int32Array} start curve → its first point; one more at the end
 * @property {Numbers} steps curve → its vector of steps
 * @property {Numbers} times curve → its vector of times
 * @property {Float32Array} mid value, or mean of a stretch
 * @property {Float32Array} lo lowest of a stretch; `mid` itself where every point is there
 * @property {Float32Array} hi
 */

/** @param {Block} block @param {number} nRuns @returns {Curves} */
export function curvesOf(block, nRuns) {
  const { run, length, steps, times, low, high } = block.arrays;
  const n = run.length;
  const start = new Int32Array(n + 1);
  for (let at = 0; at < n; at += 1) start[at + 1] = start[at] + length[at];
  const of = new Int32Array(nRuns).fill(-1);
  for (let at = 0; at < n; at += 1) of[run[at]] = at;
  let longest = 0;
  for (let at = 0; at < n; at += 1) longest = Math.max(longest, length[at]);
  /** @template {Numbers} T @param {T} packed the first point of every curve, then the second of every curve @returns {T} curve after curve */
  const along = (packed) => {
    const out = packed.slice();
    let from = 0;
    for (let place = 0; place < longest; place += 1) for (let at = 0; at < n; at += 1) if (place < length[at]) out[start[at] + place] = packed[from++];
    return /** @type {T} */ (out);
  };
  /** @param {Numbers} packed */
  const values = (packed) => {
    const codes = along(packed);
    const out = new Float32Array(codes.length);
    for (let at = 0; at < n; at += 1) {
      const unit = (high[at] - low[at]) / (NAN - 1);
      for (let i = start[at]; i < start[at + 1]; i += 1) {
        const code = codes[i];
        out[i] = code < NAN ? low[at] + code * unit : code === PLUS ? Infinity : code === MINUS ? -Infinity : NaN;
      }
    }
    return out;
  };
  const mid = low ? values(block.arrays.mid) : along(/** @type {Float32Array} */ (block.arrays.mid));
  const [lo, hi] = block.arrays.lo ? [values(block.arrays.lo), values(block.arrays.hi)] : [mid, mid];
  return { n, of, run, start, steps, times, mid, lo, hi };
}

/** @param {Block} block @returns {Numbers[]} the vectors of a pool */
export function vectorsOf(block) {
  const { lengths, numbers } = block.arrays;
  let at = 0;
  return Array.from(lengths, (length) => numbers.subarray(at, (at += length)));
}

/** @param {string} id @returns {Promise<Block>} the block of the page with this id */
export async function blockOf(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no ${id}`);
  return unpacked(await gunzipped(bytesOf(element.textContent || "")));
}
