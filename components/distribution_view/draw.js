// Draws the linked picture from its places: bars, curves, dots, box, staircase, normal quantiles.
import { figure } from "./column.js"
import { axisTicks, count, dotsPath, domain, evenEdges, DRAWN_TO, panels, rows, scale, short, stack, stairs, top } from "./layout.js"
import { svg } from "../figures/svg.js"

const RADIUS = [5, 3] // px of a point that can be dragged, where there are few and many
const MANY = 60
const MOST_TICKS = 6

export function hues(theme) {
  return {
    mean: theme.dark ? "#f0b43c" : "#b87800",
    median: theme.dark ? "#6cb8ec" : "#0072b2",
    mode: theme.dark ? "#e09cc4" : "#a8487f",
    bar: theme.dark ? "#3a5068" : "#c3d4e4",
    data: theme.dark ? "#9fb6cc" : "#4c6a86",
    curve: theme.dark ? "#dfe6ee" : "#2a3b4c",
  }
}
const DASH = { mean: null, median: "6 3", mode: "2 3" }

/** Everything that depends on size and numbers: sorted points, scales, places. */
export function arrange(header, points, view, width, theme) {
  const place = panels(width, header.height, theme.size)
  const order = points.map((_, i) => i).sort((a, b) => points[a] - points[b])
  const sorted = order.map(i => points[i])
  const rank = new Array(points.length)
  order.forEach((index, at) => { rank[index] = at })
  const edges = view.bins ? evenEdges(sorted, view.bins) : header.edges
  const span = view.held ?? header.draw?.domain ?? domain(sorted, edges, view.range === "middle")
  const bars = count(sorted, edges)
  const size = (edges[1] - edges[0]) * points.length // what a density is multiplied by to be a count
  const known = header.truth && !header.whole ? header.truth.y : []
  const high = header.draw
    ? Math.max(...known) * size * DRAWN_TO / Math.max(1, ...header.draw.heights)
    : top(bars.counts, [...header.density, ...known].map(y => y * size))
  const { bars: b, ecdf: e, qq: q } = place
  return {
    place, order, sorted, rank, bars, size, high, span,
    x: scale(span, b.x, b.x + b.width),
    y: scale([0, high], b.y + b.height, b.y),
    ex: scale(span, e.x, e.x + e.width),
    ey: scale([0, 1], e.y + e.height, e.y),
    qx: scale([-header.reach, header.reach], q.x, q.x + q.width),
    qy: scale(span, q.y + q.height, q.y),
  }
}

const inside = (value, [low, high]) => value >= low && value <= high

const OUT = 4000 // pixels, outside every picture: the dashes of a longer line (Cauchy's) take a browser seconds

function curve(xs, ys, x, y, size) {
  const near = at => Math.max(-OUT, Math.min(OUT, x(at)))
  return xs.map((at, i) => `${i ? "L" : "M"}${near(at).toFixed(1)} ${y(ys[i] * size).toFixed(1)}`).join("")
}

function frame(id, { x, y, width, height }) {
  return svg("clipPath", { id }, svg("rect", { x, y: y - 1, width, height: height + 1 }))
}

function axis(theme, place, map, most) {
  const y = place.y
  const marks = axisTicks(map.domain, most)
  return svg("g", { fill: theme.faint, stroke: "none" },
    svg("line", { x1: place.x, x2: place.x + place.width, y1: y, y2: y, stroke: theme.border }),
    ...marks.flatMap(value => [
      svg("line", { x1: map(value), x2: map(value), y1: y, y2: y + 4, stroke: theme.faint }),
      svg("text", { x: map(value), y: y + 5 + theme.size * 0.9, "text-anchor": "middle" }, short(value)),
    ]))
}

function side(theme, place, map, most, name = short) {
  return svg("g", { fill: theme.faint },
    svg("line", { x1: place.x, x2: place.x, y1: place.y, y2: place.y + place.height, stroke: theme.border }),
    ...axisTicks(map.domain, most).map(value =>
      svg("text", { x: place.x - 5, y: map(value) + theme.size * 0.35, "text-anchor": "end" }, name(value))))
}

const heading = (theme, place, words, more = {}) =>
  svg("text", { x: place.x, y: place.y - theme.size * 0.55, fill: theme.text, ...more }, words)

/** The lines of mean, median and mode, through bars, dots and box, with their names in rows that do not meet. */
function centres(header, made, theme, colours) {
  const { place: { bars, boxes }, x, span } = made
  const shown = header.marks.filter(mark => inside(mark.value, span))
  const labels = shown.map(mark => {
    const words = `${mark.name} ${figure(mark.value)}`
    const width = words.length * theme.size * 0.58
    const at = x(mark.value)
    const left = at + width + 6 > bars.x + bars.width
    return { words, left, from: left ? at - width - 5 : at + 5, to: left ? at - 5 : at + width + 5 }
  })
  const row = rows(labels, 4)
  return shown.flatMap((mark, i) => {
    const at = x(mark.value)
    const { words, left } = labels[i]
    const y = bars.y + theme.size * (1 + row[i] * 1.25)
    return [
      svg("line", { x1: at, x2: at, y1: bars.y, y2: boxes.y + boxes.height, stroke: colours[mark.name], "stroke-width": 2 * theme.line, "stroke-dasharray": DASH[mark.name] }),
      svg("text", { x: at + (left ? -5 : 5), y, "text-anchor": left ? "end" : "start", fill: colours[mark.name], "font-weight": 600, stroke: theme.background, "stroke-width": 3, "paint-order": "stroke", "stroke-linejoin": "round" }, words),
    ]
  })
}

/** All children of the picture; `places` gives where each point stands, for the pointer. */
export function paint(header, points, view, made, theme) {
  const colours = hues(theme)
  const { place, x, y, ex, ey, qx, qy, sorted, order, span, bars, size } = made
  const stale = view.stale ? 0.3 : 1
  const radius = points.length > MANY ? RADIUS[1] : RADIUS[0]
  const dotY = place.dots.y + place.dots.height - radius - 2
  const xs = points.map(value => x(value))
  const lift = header.edit ? stack(xs, radius, place.dots.height - 4) : null
  const ys = points.map((_, i) => (lift ? dotY - lift[i] : place.dots.y + place.dots.height / 2))
  const qxs = points.map((_, i) => qx(header.normal[made.rank[i]]))
  const qys = points.map(value => qy(value))
  const beyond = [sorted.filter(value => value < span[0]).length, sorted.filter(value => value > span[1]).length]
  const middle = place.boxes.y + place.boxes.height / 2
  const tall = place.boxes.height * 0.32
  const [low, quarter, , threeQuarters, high] = header.box
  const spare = theme.size * 3.9 // room for the names above the bars
  const inner = scale(y.domain, place.bars.y + place.bars.height, place.bars.y + spare)
  const up = header.draw ? y : inner
  const bar = bars.counts.map((many, i) => {
    if (!many) return null
    const [from, to] = [x(Math.max(bars.edges[i], span[0])), x(Math.min(bars.edges[i + 1], span[1]))]
    if (to <= from) return null
    return svg("rect", { class: "bar", x: from + 0.5, y: up(many), width: Math.max(0.5, to - from - 1), height: up(0) - up(many), fill: colours.bar })
  })
  const outliers = points.filter(value => value < low || value > high)
  const parts = [
    svg("defs", {}, frame("clip-bars", { ...place.bars, height: place.bars.height + place.dots.height + place.boxes.height }), frame("clip-ecdf", place.ecdf), frame("clip-qq", place.qq)),
  ]
  parts.push(
    svg("g", { "clip-path": "url(#clip-bars)" }, ...bar,
      header.density.length && !header.whole ? svg("path", { class: "density", d: curve(header.grid, header.density, x, up, size), fill: "none", stroke: colours.data, "stroke-width": 2.2 * theme.line, opacity: stale }) : null,
      header.truth && !header.whole ? svg("path", { class: "truth", d: curve(view.drawn ? view.drawn.x : header.truth.x, view.drawn ? view.drawn.y : header.truth.y, x, view.drawn ? value => up(value / size) : up, size), fill: "none", stroke: colours.curve, "stroke-width": 1.6 * theme.line, "stroke-dasharray": "5 4" }) : null),
    side(theme, place.bars, up, 4),
    svg("g", { opacity: stale, "clip-path": "url(#clip-bars)" },
      svg("path", { class: "box", d: `M${x(low)} ${middle}H${x(quarter)}M${x(threeQuarters)} ${middle}H${x(high)}M${x(low)} ${middle - tall / 2}v${tall}M${x(high)} ${middle - tall / 2}v${tall}`, stroke: colours.data, fill: "none", "stroke-width": 1.5 * theme.line }),
      svg("rect", { x: x(quarter), y: middle - tall, width: Math.max(1, x(threeQuarters) - x(quarter)), height: tall * 2, fill: colours.bar, stroke: colours.data, "stroke-width": 1.5 * theme.line }),
      svg("path", { d: dotsPath(outliers.map(value => x(value)), outliers.map(() => middle)), stroke: colours.data, "stroke-width": 4, "stroke-linecap": "round", fill: "none" })),
    svg("g", { opacity: stale }, ...centres(header, made, theme, colours)),
    svg("g", { "clip-path": "url(#clip-bars)" }, header.edit
      ? svg("g", { class: "points" }, ...points.map((value, i) => inside(value, span) ? svg("circle", { cx: xs[i], cy: ys[i], r: radius, fill: colours.data, "fill-opacity": 0.75, stroke: theme.background, "stroke-width": 0.8 }) : null))
      : svg("path", { d: sorted.filter(value => inside(value, span)).map(value => Math.round(x(value) * 2) / 2).filter((at, i, all) => at !== all[i - 1]).map(at => `M${at} ${place.dots.y + place.dots.height * 0.3}v${place.dots.height * 0.5}`).join(""), stroke: colours.data, "stroke-opacity": 0.5, fill: "none" })),
    axis(theme, place.ticks, x, Math.min(MOST_TICKS, place.ticks.width / (theme.size * 5))),
    heading(theme, place.ecdf, "Share of the values up to x (ECDF)"),
    svg("path", { class: "ecdf", "clip-path": "url(#clip-ecdf)", d: stairs(sorted, ex, ey), fill: "none", stroke: colours.data, "stroke-width": 2 * theme.line }),
    side(theme, place.ecdf, ey, 2, value => `${Math.round(value * 100)} %`),
    axis(theme, { ...place.ecdf, y: place.ecdf.y + place.ecdf.height }, ex, 4),
    ...header.marks.filter(mark => inside(mark.value, span)).map(mark => svg("line", { x1: ex(mark.value), x2: ex(mark.value), y1: ey(1), y2: ey(0), stroke: colours[mark.name], "stroke-width": 1.5 * theme.line, "stroke-dasharray": DASH[mark.name], opacity: stale })),
    heading(theme, place.qq, "Against a normal’s quantiles (Q–Q)"),
    header.line ? svg("line", { x1: qx(-header.reach), x2: qx(header.reach), y1: qy(header.line[0] - header.line[1] * header.reach), y2: qy(header.line[0] + header.line[1] * header.reach), stroke: theme.faint, "stroke-dasharray": "4 4", "clip-path": "url(#clip-qq)", opacity: stale }) : null,
    svg("path", { class: "qq", "clip-path": "url(#clip-qq)", d: dotsPath(qxs, qys), stroke: colours.data, "stroke-width": 4, "stroke-linecap": "round", fill: "none" }),
    side(theme, place.qq, qy, 3),
    axis(theme, { ...place.qq, y: place.qq.y + place.qq.height }, qx, 5),
  )
  beyond.forEach((many, right) => {
    if (many) parts.push(svg("text", { x: right ? place.ticks.x + place.ticks.width : place.ticks.x, y: place.dots.y + theme.size, "text-anchor": right ? "end" : "start", fill: theme.bad, "font-weight": 600 }, right ? `${many} farther →` : `← ${many} farther`))
  })
  return { parts: parts.filter(Boolean), places: { xs, ys, qxs, qys, up, from: place.bars.y + spare } }
}

/** What stands out under the pointer: one value in every panel, or one bar. */
export function highlight(points, { lit, bar }, made, { xs, ys, qxs, qys, up, from }, theme) {
  const { x, ex, ey, span, bars } = made
  if (lit !== null && inside(points[lit], span)) {
    const at = points[lit]
    const ring = (cx, cy) => svg("circle", { class: "hover", cx, cy, r: 6.5, fill: "none", stroke: theme.text, "stroke-width": 2 * theme.line })
    return [
      ring(xs[lit], ys[lit]), ring(qxs[lit], qys[lit]), ring(ex(at), ey((made.rank[lit] + 1) / points.length)),
      svg("line", { class: "hover", x1: x(at), x2: x(at), y1: from, y2: ys[lit] - 7, stroke: theme.text, "stroke-width": 1, "stroke-opacity": 0.6 }),
    ]
  }
  if (bar === null || !bars.counts[bar]) return []
  const [left, right] = [x(Math.max(bars.edges[bar], span[0])), x(Math.min(bars.edges[bar + 1], span[1]))]
  return [svg("rect", { class: "hover", x: left, y: up(bars.counts[bar]), width: Math.max(0.5, right - left), height: up(0) - up(bars.counts[bar]), fill: "none", stroke: theme.text, "stroke-width": 1.5 })]
}
