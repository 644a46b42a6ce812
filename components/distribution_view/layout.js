// Where everything of the linked picture stands. Pure: no element, no event. It counts values into bins and sorts
// them, as any chart does; every number that is printed comes from the server.

export const PHONE = 620 // px
const PAD = 0.05 // of the range, beyond the farthest values
const MIDDLE = 0.01 // share of the values left out at each end of the near view
const HIGHEST = 1.25 // a curve may rise this far above the bars before it is cut
export const DRAWN_TO = 100 // the largest height a hand can draw

/** Panels as { x, y, width, height } for a width and height in pixels; `size` is the type's. */
export function panels(width, height, size) {
  const left = size * 3.4
  const strip = size * 3.4
  const box = size * 1.9
  const axis = size * 1.7
  const phone = width < PHONE
  const gap = size * 4.4
  const main = phone ? width - left - size : (width - gap) * 0.6 - left
  const bars = { x: left, y: size * 0.4, width: main, height: (phone ? height * 0.8 : height) - strip - box - axis - size * 0.4 }
  const dots = { x: left, y: bars.y + bars.height, width: main, height: strip }
  const boxes = { x: left, y: dots.y + strip, width: main, height: box }
  const ticks = { x: left, y: boxes.y + box, width: main, height: axis }
  const side = phone ? left : left + main + gap
  const across = phone ? main : width - side - size
  const head = size * 1.7
  const below = ticks.y + axis + size
  const each = phone ? height * 0.42 : (height - 2 * (head + axis)) / 2
  const top = phone ? below : 0
  const ecdf = { x: side, y: top + head, width: across, height: each }
  const qq = { x: side, y: ecdf.y + each + axis + head, width: across, height: each }
  return { bars, dots, boxes, ticks, ecdf, qq, height: phone ? qq.y + each + axis + 4 : height }
}

/** A straight map from data to pixels, with `back` from pixels to data. */
export function scale([low, high], from, to) {
  const span = high - low || 1
  const map = value => from + ((value - low) / span) * (to - from)
  map.back = pixel => low + ((pixel - from) / (to - from)) * span
  map.domain = [low, high]
  return map
}

/** What the x axis holds: all values and bins, or the middle 98 %. */
export function domain(sorted, edges, near) {
  const cut = near ? Math.floor(sorted.length * MIDDLE) : 0
  const low = near ? sorted[cut] : Math.min(sorted[0], edges[0])
  const high = near ? sorted[sorted.length - 1 - cut] : Math.max(sorted[sorted.length - 1], edges[edges.length - 1])
  const pad = (high - low || Math.abs(high) || 1) * PAD
  return [low - pad, high + pad]
}

/** Round places of an axis, about `most` of them. */
export function axisTicks([low, high], most) {
  const raw = (high - low) / Math.max(1, most)
  if (!(raw > 0)) return [low]
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map(k => k * power).find(k => k >= raw * 0.999)
  const out = []
  for (let k = Math.ceil(low / step); k * step <= high + step * 1e-9; k++) out.push(k * step + 0) // no −0
  return out
}

/** A number as short as its neighbours allow. */
export function short(value) {
  if (value === null || !Number.isFinite(value)) return "–"
  const size = Math.abs(value)
  const text = size !== 0 && (size >= 1e6 || size < 1e-4) ? value.toExponential(2) : String(Number(value.toPrecision(size >= 1000 ? 6 : 3)))
  return text.replace("-", "−").replace("e+", "e")
}

/** Edges of `many` even bins over the values. */
export function evenEdges(sorted, many) {
  const low = sorted[0]
  const width = (sorted[sorted.length - 1] - low) / many || 1
  return Array.from({ length: many + 1 }, (_, i) => low + i * width)
}

/** How many of the sorted values fall into each bin; the last bin holds its upper edge, and what lies beyond an
 * end is counted in bins of the same width that are added there. */
export function count(sorted, edges) {
  const width = edges[1] - edges[0]
  const all = [...edges]
  const most = 400
  while (sorted[0] < all[0] && all.length < most) all.unshift(all[0] - width)
  while (sorted[sorted.length - 1] > all[all.length - 1] + width * 1e-9 && all.length < most) all.push(all[all.length - 1] + width)
  const counts = new Array(all.length - 1).fill(0)
  let bin = 0
  for (const value of sorted) {
    while (bin < counts.length - 1 && value >= all[bin + 1]) bin++
    counts[bin]++
  }
  return { edges: all, counts }
}

/** The largest count that the axis of the bars holds. */
export function top(counts, curve) {
  const bars = Math.max(1, ...counts)
  return Math.max(bars, Math.min(bars * HIGHEST, ...[Math.max(0, ...curve)])) * 1.02
}

/** Peaks of the bars: stretches that are higher than what stands on both sides of them. */
export function peaks(counts) {
  let found = 0
  let rising = true
  for (let i = 1; i <= counts.length; i++) {
    const step = (counts[i] ?? -1) - counts[i - 1]
    if (step < 0 && rising) found++
    if (step !== 0) rising = step > 0
  }
  return found
}

/** One path for points that would lie on each other: each pixel once. */
export function dotsPath(xs, ys) {
  const seen = new Set()
  let path = ""
  for (let i = 0; i < xs.length; i++) {
    const key = `${Math.round(xs[i] * 2) / 2} ${Math.round(ys[i] * 2) / 2}`
    if (seen.has(key)) continue
    seen.add(key)
    path += `M${key}h0.01`
  }
  return path
}

/** The staircase of the empirical distribution function; values of one place make one step. */
export function stairs(sorted, x, y) {
  const n = sorted.length
  const at = sorted.map(value => Math.round(x(value) * 4) / 4)
  let path = ""
  for (let i = 0; i < n; i++) {
    if (at[i] === at[i + 1]) continue
    path += `${path ? `H${at[i]}` : `M${at[i]} ${y(0)}`}V${y((i + 1) / n)}`
  }
  return `${path}H${x(x.domain[1])}`
}

/** Heights of dots above their line, so that equal values stand on each other: one a dot, in pixels from 0. */
export function stack(xs, radius, height) {
  const order = xs.map((_, i) => i).sort((a, b) => xs[a] - xs[b])
  const out = new Array(xs.length).fill(0)
  const filled = new Map()
  let highest = 1
  for (const i of order) {
    const column = Math.round(xs[i] / (radius * 2))
    const level = filled.get(column) ?? 0
    filled.set(column, level + 1)
    highest = Math.max(highest, level + 1)
    out[i] = level
  }
  const step = Math.min(radius * 2, (height - radius * 2) / Math.max(1, highest - 1))
  return out.map(level => level * step)
}

/** Index of the point nearest to a place; -1 where there is none. */
export function nearest(xs, ys, x, y) {
  let best = -1
  let least = Infinity
  for (let i = 0; i < xs.length; i++) {
    const apart = (xs[i] - x) ** 2 + (ys[i] - y) ** 2
    if (apart < least) [least, best] = [apart, i]
  }
  return best
}

/** A moved value, no finer than a pixel: 1.27, not 1.2689655. */
export function tidy(value, span) {
  const step = 10 ** Math.floor(Math.log10(span / 300 || 1))
  return Number((Math.round(value / step) * step).toPrecision(12))
}

/** Points that a visitor has moved, as the address writes them: "3:1.5;7:-2". */
export const movedText = moved => [...moved].sort((a, b) => a[0] - b[0]).map(([index, value]) => `${index}:${value}`).join(";")
export const movedPoints = text => new Map(text.split(";").filter(Boolean).map(part => part.split(":").map(Number)))

/** Heights after the hand went from one place to another: { at: 0 … 1 across, height: 0 … 1 up }. */
export function stroke(heights, from, to) {
  const out = [...heights]
  const last = heights.length - 1
  const [a, b] = from.at <= to.at ? [from, to] : [to, from]
  const first = Math.round(a.at * last)
  const end = Math.round(b.at * last)
  for (let i = Math.max(0, first); i <= Math.min(last, end); i++) {
    const share = end === first ? 1 : (i - first) / (end - first)
    const height = (end === first ? to.height : a.height + share * (b.height - a.height)) * DRAWN_TO
    out[i] = Math.round(Math.max(0, Math.min(DRAWN_TO, height)))
  }
  return out
}

/** Rows for labels on a line so that no two of a row overlap: [{ at, width }] → row numbers. */
export function rows(labels, gap) {
  const ends = []
  return labels.map(({ from, to }) => {
    let row = ends.findIndex(taken => taken.every(([a, b]) => to + gap < a || from - gap > b))
    if (row < 0) row = ends.push([]) - 1
    ends[row].push([from, to])
    return row
  })
}
