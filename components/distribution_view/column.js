// The numbers of one column while a hand moves it: the formulas of models/distributions.py, held to them by
// tests. The server computes them again as soon as the hand rests. Pure: no element, no event.

const GRID = 320 // places of a density curve
const MOST_BINS = 60
const WHISKER = 1.5 // interquartile ranges
const NARROWEST = 1e-7 // a spread below this share of the largest value is rounding, not shape
const COMMON = 0.05
const HALVINGS = 60
const FAR = 7 // bandwidths beyond which a kernel adds nothing
const sum = list => { let total = 0; for (const one of list) total += one; return total }
const mean = list => sum(list) / list.length
const ascending = (a, b) => a - b

const CENTRE = [[2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608], [5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1]]
const TAIL = [[7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734], [1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459, 0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1]]
const polynomial = (factors, x) => factors.reduce((value, factor) => value * x + factor, 0)

/** The standard normal quantile for 1e-11 < p < 1 − 1e-11 (Wichura 1988, algorithm AS 241). */
export function normalQuantile(p) {
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return q * polynomial(CENTRE[0], r) / polynomial(CENTRE[1], r)
  }
  const r = Math.sqrt(-Math.log(Math.min(p, 1 - p))) - 1.6
  return Math.sign(q) * polynomial(TAIL[0], r) / polynomial(TAIL[1], r)
}

export const evenScores = n => Array.from({ length: n }, (_, i) => normalQuantile((i + 0.5) / n))

/** The quantile of a sorted list at p, straight between its values. */
export function quantile(sorted, p) {
  const at = p * (sorted.length - 1)
  const low = Math.floor(at)
  const high = Math.min(low + 1, sorted.length - 1)
  return sorted[low] + (at - low) * (sorted[high] - sorted[low])
}

function spread(values) {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return { low, high, size: Math.max(Math.abs(low), Math.abs(high)) }
}

export function isConstant(values) {
  const { low, high, size } = spread(values)
  return !size || high / size - low / size < NARROWEST
}

/** g1 = m3 / m2^1.5 and g2 = m4 / m2² − 3. */
export function moments(values) {
  const { size } = spread(values)
  const centre = mean(values.map(value => value / size))
  const apart = values.map(value => value / size - centre)
  const most = spread(apart).size || 1
  let [m2, m3, m4] = [0, 0, 0]
  for (const one of apart) {
    const d = one / most
    m2 += d * d
    m3 += d ** 3
    m4 += d ** 4
  }
  const n = values.length
  return { g1: (m3 / n) / (m2 / n) ** 1.5, g2: (m4 / n) / (m2 / n) ** 2 - 3 }
}

function lSkewness(sorted) {
  const n = sorted.length
  if (n < 3) return NaN
  let [b0, b1, b2] = [0, 0, 0]
  sorted.forEach((value, i) => {
    b0 += value / n
    b1 += (value * i) / ((n - 1) * n)
    b2 += (value * i * (i - 1)) / ((n - 1) * (n - 2) * n)
  })
  const l2 = 2 * b1 - b0
  return l2 > 0 ? (6 * b2 - 6 * b1 + b0) / l2 : NaN
}

/** The median of (b + a) / (b − a) over a ≤ 0 ≤ b, counted as models/distributions.py does. */
function medcouple(sorted, size) {
  const unit = sorted.map(value => value / size)
  const middle = quantile(unit, 0.5)
  const apart = unit.map(value => value - middle)
  const below = apart.filter(one => one < 0).map(one => -one).reverse()
  const above = apart.filter(one => one > 0)
  const ties = apart.length - below.length - above.length
  const pairs = (below.length + ties) * (above.length + ties)
  const side = ties * (ties - 1) / 2
  const counted = t => {
    if (t >= 1) return pairs
    let found = below.length * ties + side + (t >= 0 ? ties : 0)
    let at = 0
    for (const one of below) {
      const most = one * (1 + t) / (1 - t)
      while (at < above.length && above[at] <= most) at++
      found += at
    }
    return found
  }
  const smallest = k => {
    if (counted(-1) >= k) return -1
    if (counted(0) >= k && k > counted(-1e-15)) return 0
    let [low, high] = [-1, 1]
    for (let i = 0; i < HALVINGS; i++) {
      const t = (low + high) / 2
      if (counted(t) >= k) high = t
      else low = t
    }
    return high
  }
  return (smallest((pairs + 1) >> 1) + smallest((pairs >> 1) + 1)) / 2
}

/** The kernel density at a place, from sorted units. */
function densityAt(unit, width, at, from) {
  let total = 0
  const end = at + FAR * width
  for (let i = from; i < unit.length && unit[i] <= end; i++) {
    const apart = (at - unit[i]) / width
    total += Math.exp(-0.5 * apart * apart)
  }
  return total / (unit.length * width * Math.sqrt(2 * Math.PI))
}

/** The density curve of a sorted column: { grid, density, mode }, the mode its highest place. */
export function densityCurve(sorted) {
  if (sorted.length < 2 || isConstant(sorted)) return { grid: [], density: [], mode: sorted[0] }
  const { size } = spread(sorted)
  const unit = sorted.map(value => value / size)
  const centre = mean(unit)
  const sd = Math.sqrt(sum(unit.map(value => (value - centre) ** 2)) / (unit.length - 1))
  const range = quantile(unit, 0.75) - quantile(unit, 0.25)
  const width = 0.9 * Math.min(...[sd, range / 1.34].filter(one => one > 0)) * unit.length ** -0.2
  const [low, high] = [unit[0] - 3 * width, unit[unit.length - 1] + 3 * width]
  const half = GRID / 2
  const grid = Array.from({ length: half }, (_, i) => low + (i / (half - 1)) * (high - low))
  for (let i = 0; i < half; i++) grid.push(quantile(unit, i / (half - 1)))
  grid.sort(ascending)
  let from = 0
  const density = grid.map(at => {
    while (from < unit.length && unit[from] < at - FAR * width) from++
    return densityAt(unit, width, at, from)
  })
  const top = density.indexOf(spread(density).high)
  const [left, right] = [grid[Math.max(0, top - 1)], grid[Math.min(GRID - 1, top + 1)]]
  const first = Math.max(0, unit.findIndex(value => value >= left - FAR * width))
  const peak = golden(at => densityAt(unit, width, at, first), left, right)
  return { grid: grid.map(at => at * size), density: density.map(y => y / size), mode: peak * size }
}

const GOLDEN = (Math.sqrt(5) - 1) / 2
const NARROWINGS = 40

/** The highest place of a function with one peak between low and high. */
function golden(height, low, high) {
  let [a, b] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)]
  let [ya, yb] = [height(a), height(b)]
  for (let i = 0; i < NARROWINGS; i++) {
    if (ya < yb) {
      low = a;
      [a, ya] = [b, yb]
      b = low + GOLDEN * (high - low)
      yb = height(b)
    } else {
      high = b;
      [b, yb] = [a, ya]
      a = high - GOLDEN * (high - low)
      ya = height(a)
    }
  }
  return (low + high) / 2
}

/** The most frequent value where values repeat; null where the density's highest place is taken. */
function frequent(sorted) {
  const n = sorted.length
  let [distinct, most, run, at] = [0, 0, 0, sorted[0]]
  sorted.forEach((value, i) => {
    run = i && value === sorted[i - 1] ? run + 1 : 1
    if (run === 1) distinct++
    if (run > most) [most, at] = [run, value]
  })
  const repeats = 3 * distinct <= 2 * n
  return { at: n < 3 || isConstant(sorted) || (repeats && most >= COMMON * n) ? at : null, repeats }
}

/** Edges by Freedman and Diaconis, or by Sturges where that gives more; whole numbers that repeat a bin each. */
export function binEdges(sorted) {
  const [low, high] = [sorted[0], sorted[sorted.length - 1]]
  if (low === high) return [low - 0.5, low + 0.5]
  if (frequent(sorted).repeats && high - low < MOST_BINS && sorted.every(Number.isInteger)) {
    return Array.from({ length: high - low + 2 }, (_, i) => low - 0.5 + i)
  }
  const range = high - low
  const width = 2 * (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / Math.cbrt(sorted.length)
  const many = Math.max(width > range / MOST_BINS ? Math.ceil(range / width) : MOST_BINS, Math.ceil(Math.log2(sorted.length) + 1))
  return Array.from({ length: many + 1 }, (_, i) => (i === many ? high : low + (i / many) * range))
}

/** What the picture and its line of numbers need of a column, named as the server's header names them. */
export function describe(values) {
  const sorted = [...values].sort(ascending)
  const { size } = spread(sorted)
  const n = sorted.length
  const constant = isConstant(sorted)
  const average = size ? mean(values.map(value => value / size)) * size : 0
  const sd = n > 1 && size ? Math.sqrt(sum(values.map(value => (value / size - average / size) ** 2)) / (n - 1)) * size : n > 1 ? 0 : NaN
  const { g1, g2 } = constant ? { g1: NaN, g2: NaN } : moments(values)
  const curve = densityCurve(sorted)
  const [quarter, median, threeQuarters] = [0.25, 0.5, 0.75].map(p => quantile(sorted, p))
  const reach = WHISKER * (threeQuarters - quarter)
  const inside = sorted.filter(value => value >= quarter - reach && value <= threeQuarters + reach)
  const fourth = constant ? null : values.map(value => ((value - average) / size) ** 4)
  const total = fourth && sum(fourth)
  return {
    sorted, n, constant, mean: average, median, mode: frequent(sorted).at ?? curve.mode, sd, g1, g2,
    l: constant ? NaN : lSkewness(sorted), medcouple: constant || n < 2 ? NaN : medcouple(sorted, size),
    box: [inside[0], quarter, median, threeQuarters, inside[inside.length - 1]],
    share: total > 0 ? fourth.map(one => one / total) : null,
    grid: curve.grid, density: curve.density, edges: binEdges(sorted), normal: evenScores(n),
  }
}

/** A number with `digits` significant ones, at least its whole part, and a true minus. */
export function figure(value, digits = 3) {
  if (Number.isNaN(value)) return "–"
  const size = Math.abs(value)
  if (size < 5e-13) return "0"
  const text = size >= 1e7 || size < 1e-4
    ? value.toExponential(digits - 1).replace("e+", "e")
    : value.toLocaleString("en-US", { minimumFractionDigits: Math.max(0, digits - 1 - Math.floor(Math.log10(size))), maximumFractionDigits: Math.max(0, digits - 1 - Math.floor(Math.log10(size))) })
  return text.replace("-", "−")
}

/** A skewness or a kurtosis: two decimals and its sign. */
export function ratio(value) {
  if (Number.isNaN(value)) return "–"
  const text = value.toFixed(2)
  return Number(text) === 0 ? "0.00" : `${value > 0 ? "+" : "−"}${Math.abs(value).toFixed(2)}`
}

/** The line of numbers under a picture: [name, text] each. */
export const numbers = d => [
  ["mean", figure(d.mean)], ["median", figure(d.median)], ["mode", figure(d.mode)], ["sd", figure(d.sd)],
  ["skewness g1", ratio(d.g1)], ["excess kurtosis g2", ratio(d.g2)], ["L-skewness", ratio(d.l)], ["medcouple", ratio(d.medcouple)],
]

/** Per cent as models/quantise.py prints it. */
export function percent(share) {
  if (share >= 0.03) return `${Math.floor(share * 100 + 0.5)} %`
  const tenths = Math.floor(share * 1000 + 0.5)
  return `${Math.floor(tenths / 10)}.${tenths % 10} %`
}

/** The server's header with other values in it: everything that follows from them is computed here. */
export function live(header, values, truth) {
  const d = describe(values)
  const nothing = 1e-12 * spread(values).size
  return {
    ...header,
    points: values,
    share: d.share && d.share.map(percent),
    z: d.sd > 0 ? values.map(value => (value - d.mean) / d.sd) : null,
    normal: d.normal,
    reach: Math.max(1, d.normal[d.n - 1] * 1.05),
    grid: d.grid, density: d.density, edges: d.edges, box: d.box,
    truth: truth === undefined ? header.truth : truth,
    marks: [["mean", d.mean], ["median", d.median], ["mode", d.mode]].map(([name, value]) => ({ name, value: Math.abs(value) > nothing ? value : 0 })),
    numbers: numbers(d),
    line: d.sd > 0 ? [d.mean, d.sd] : null,
  }
}
