// The values that a slider asks for, from what the server sent along: scores, tables of quantiles, Johnson's system.
import { evenScores, moments } from "./column.js"

export const REACH = 5 // the tables run from −5 to 5 standard normal scores
const SMALL = 1e-3
const MOST_TIGHT = 30
const FARTHEST = 40
const STEPS = 90
const FEW = 100 // scores that find the parameters; all polish them
const POLISH = 12
const CLOSE = 1e-7 // of a skewness or a kurtosis

/** A quantile table read at standard normal scores, straight between its even places. */
export function read(table, scores) {
  const last = table.length - 1
  return Array.from(scores, z => {
    const at = Math.max(0, Math.min(last, ((z + REACH) / (2 * REACH)) * last))
    const low = Math.min(last - 1, Math.floor(at))
    return table[low] + (at - low) * (table[low + 1] - table[low])
  })
}

/** Whole numbers: how many thresholds lie below each score. */
export const climb = (thresholds, scores) => Array.from(scores, z => thresholds.reduce((k, edge) => k + (edge < z ? 1 : 0), 0))

/** The density of a quantile table, [x, y], by its steps: φ(z) dz / dx. */
export function densityOf(table) {
  const step = (2 * REACH) / (table.length - 1)
  const [xs, ys] = [[], []]
  for (let i = 0; i < table.length - 1; i++) {
    const z = -REACH + (i + 0.5) * step
    const rise = table[i + 1] - table[i]
    if (!(rise > 0)) continue
    xs.push((table[i] + table[i + 1]) / 2)
    ys.push((Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI)) * step / rise)
  }
  return [xs, ys]
}

/** Where a function between two places is 0 up to CLOSE, or null: false position (Illinois), each third step halved. */
function root(value, low, high) {
  let [a, b] = [value(low), value(high)]
  if (!(a * b <= 0)) return null
  let side = 0
  for (let i = 1; i <= STEPS; i++) {
    const at = i % 3 ? (low * b - high * a) / (b - a) : (low + high) / 2
    const y = value(at)
    if (Number.isNaN(y)) return null
    if (Math.abs(y) < CLOSE) return at
    if (y * b > 0) {
      [high, b] = [at, y]
      if (side < 0) a /= 2
      side = -1
    } else {
      [low, a] = [at, y]
      if (side > 0) b /= 2
      side = 1
    }
  }
  return high
}

const heavier = (scores, gamma, tightness) => {
  const inner = scores.map(z => z * tightness + gamma * tightness)
  const most = Math.max(Math.abs(inner[0]), Math.abs(inner[inner.length - 1]))
  return inner.map(one => (Math.exp(one - most) - Math.exp(-one - most)) / 2)
}
const lighter = (scores, gamma, tightness) => scores.map(z => 1 / (1 + Math.exp(gamma * tightness - z * tightness)))
const logNormal = (scores, tightness) => scores.map(z => Math.exp((z - scores[scores.length - 1]) * tightness))

/** Johnson's two parameters and his half of the system for these scores; null where there are none. */
function parameters(scores, target, kurtosis) {
  let [bend, middle] = [SMALL, moments(scores).g2]
  if (target >= SMALL) {
    bend = root(t => moments(logNormal(scores, t)).g1 - target, SMALL, MOST_TIGHT)
    if (bend === null) return null
    middle = moments(logNormal(scores, bend)).g2
  }
  const make = kurtosis > middle ? heavier : lighter
  const shift = t => (target < SMALL ? 0 : root(gamma => moments(make(scores, gamma, t)).g1 - target, 0, FARTHEST / t))
  const off = t => {
    const gamma = shift(t)
    return gamma === null ? NaN : moments(make(scores, gamma, t)).g2 - kurtosis
  }
  const tightness = root(off, bend * (1 + SMALL), MOST_TIGHT)
  const gamma = tightness && shift(tightness)
  return gamma === null ? null : { make, gamma, tightness }
}

/** The parameters that few scores gave, made to fit all of them by Newton's steps. */
function polished({ make, gamma, tightness }, scores, target, kurtosis) {
  const off = (g, t) => {
    const { g1, g2 } = moments(make(scores, g, t))
    return [g1 - target, g2 - kurtosis]
  }
  for (let i = 0; i < POLISH; i++) {
    const [a, b] = off(gamma, tightness)
    if (Math.abs(a) + Math.abs(b) < CLOSE) break
    const h = 1e-5
    const along = off(gamma, tightness * (1 + h)).map((y, k) => (y - [a, b][k]) / (tightness * h))
    if (target < SMALL) {
      tightness -= b / along[1]
      continue
    }
    const aside = off(gamma + h, tightness).map((y, k) => (y - [a, b][k]) / h)
    const area = aside[0] * along[1] - aside[1] * along[0]
    gamma -= (a * along[1] - b * along[0]) / area
    tightness -= (b * aside[0] - a * aside[1]) / area
  }
  return make(scores, gamma, tightness)
}

/** n values with this skewness and excess kurtosis, mean 0 and standard deviation 1; null where none are found. */
export function johnson(skewness, kurtosis, n) {
  if (kurtosis < skewness ** 2 - 2) return null
  const target = Math.abs(skewness)
  const fitted = many => parameters(evenScores(Math.min(n, many)), target, kurtosis)
  const found = fitted(FEW) ?? fitted(4 * FEW)
  if (!found) return null
  const values = polished(found, evenScores(n), target, kurtosis)
  if (!values.every(Number.isFinite)) return null
  const signed = skewness < 0 ? values.map(value => -value).reverse() : values
  const mean = signed.reduce((a, b) => a + b, 0) / n
  const sd = Math.sqrt(signed.reduce((a, b) => a + (b - mean) ** 2, 0) / n)
  return signed.map(value => (value - mean) / sd)
}

/** The values at the sliders' stops, { values, truth }; null where no values are like that.
 *
 * `kind` is "table", "steps" or "johnson"; `scores` those thrown by chance, null for even ones; `table` the row of
 * the stop that moved.
 */
export function sample(kind, { table, scores, n, skew, kurt }) {
  if (kind === "johnson") {
    const values = johnson(skew, kurt, n)
    return values && { values, truth: null }
  }
  const at = scores ? scores.subarray(0, n) : evenScores(n)
  if (kind === "steps") return { values: climb(table, at), truth: null }
  const [x, y] = densityOf(table)
  return { values: read(table, at), truth: { x, y } }
}
