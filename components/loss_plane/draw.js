// Drawing half of the loss plane: two planes with a field of arrows, and the readings at the point, as SVG.
import { bitmap, svg } from "../figures/svg.js"
import { LOW, METHODS, TOP, labelPlace, lossAt, move, named, odds, orShare, outcome, print, regions, way } from "./losses.js"

const PAGE = { left: 52, right: 12, top: 26, bottom: 44 }
const LETTERS = 13 // px of type on a page
const FIELD = 13 // arrows along a side
const CELLS = 45 // cells along a side for the regions behind them
const TICKS = [-5, -4, -3, -2, -1, 0]
export const OUTCOMES = {
  parted: { name: "they part", light: "#d3ece4", dark: "#123b31" },
  rise: { name: "both rise", light: "#fbe8c4", dark: "#43320d" },
  fall: { name: "both fall", light: "#f3dbe8", dark: "#41203a" },
  swapped: { name: "rejected gains", light: "#e3e6ea", dark: "#2d333b" },
}

/** The scale of one plane of `size` pixels: means to places and back. `least` is the type that a room needs, else 0. */
export const planeScale = (size, least = 0) => {
  const margin = least ? { left: least * 3.7, right: least * 0.6, top: least * 1.4, bottom: least * 2.6 } : PAGE
  const wide = size - margin.left - margin.right
  const high = size - margin.top - margin.bottom
  return {
    margin,
    wide,
    high,
    x: w => margin.left + ((w - LOW) / -LOW) * wide,
    y: l => margin.top + (l / LOW) * high,
    w: x => Math.max(LOW, Math.min(TOP, LOW - (LOW * (x - margin.left)) / wide)),
    l: y => Math.max(LOW, Math.min(TOP, (LOW * (y - margin.top)) / high)),
  }
}

function arrow(x, y, dx, dy, colour, width, head) {
  const size = Math.hypot(dx, dy) || 1
  const [ux, uy] = [dx / size, dy / size]
  const [tx, ty] = [x + dx, y + dy]
  return svg("g", { stroke: colour, fill: colour },
    svg("line", { x1: x, y1: y, x2: tx - ux * head * 0.8, y2: ty - uy * head * 0.8, "stroke-width": width, "stroke-linecap": "round" }),
    svg("path", { d: `M${tx} ${ty}L${tx - ux * head - uy * head * 0.45} ${ty - uy * head + ux * head * 0.45}L${tx - ux * head + uy * head * 0.45} ${ty - uy * head - ux * head * 0.45}Z`, stroke: "none" }))
}

/** One plane: regions, field, way, reference and point. */
export function plane(method, p, size, theme, label) {
  const { least, line } = theme
  const s = planeScale(size, least)
  const { margin: MARGIN } = s
  const at = page => Math.max(page, least) // the size of type
  const { sums, takes } = METHODS[method]
  const text = (x, y, words, more = {}) => svg("text", { x, y, fill: theme.text, "font-size": at(LETTERS), ...more }, words)
  const cells = regions(method, p, CELLS)
  const kinds = Object.keys(OUTCOMES)
  const picture = svg("svg", { class: "marks", width: size, height: size, viewBox: `0 0 ${size} ${size}`, role: "application", tabindex: 0, "aria-label": label, "font-family": theme.font, "data-method": method })
  const colours = kinds.map(kind => OUTCOMES[kind][theme.dark ? "dark" : "light"])
  picture.append(svg("image", { x: MARGIN.left, y: MARGIN.top, width: s.wide, height: s.high, preserveAspectRatio: "none", style: "image-rendering: pixelated", href: bitmap(Uint8Array.from(cells, kind => kinds.indexOf(kind)), CELLS, CELLS, colours) }))
  for (const tick of TICKS.filter(tick => !least || tick % 2)) {
    const [nx, ny] = sums ? [p.nw, p.nl] : [1, 1]
    // in large type the two names of a corner would touch
    if (!least || tick > LOW) picture.append(text(MARGIN.left - 7, s.y(tick) + (least * 0.35 || 4), print(tick * ny, 0), { "text-anchor": "end", fill: theme.faint, "font-size": at(12) }))
    picture.append(
      text(s.x(tick), size - MARGIN.bottom + (least || 16), print(tick * nx, 0), { "text-anchor": "middle", fill: theme.faint, "font-size": at(12) }),
    )
  }
  const kind = n => (sums ? `sum over ${n} token${n === 1 ? "" : "s"}` : "mean over its tokens")
  const axis = (name, n) => (least ? `${name}: ${sums ? "log P" : "mean log P"} →` : `${name}: log P, ${kind(n)} →`)
  picture.append(
    text(MARGIN.left + s.wide / 2, size - 9, axis("chosen", p.nw), { "text-anchor": "middle", fill: theme.good }),
    svg("text", { x: 0, y: 0, transform: `translate(${least || 14} ${MARGIN.top + s.high / 2}) rotate(-90)`, "text-anchor": "middle", fill: theme.bad, "font-size": at(LETTERS) }, axis("rejected", p.nl)),
    text(MARGIN.left, least || 17, named(method, p), { "font-weight": 700, "font-size": at(15) }),
    least ? "" : text(MARGIN.left + s.wide, 17, sums ? "takes sums" : "takes means", { "text-anchor": "end", fill: theme.faint, "font-size": 12 }),
    svg("line", { x1: s.x(LOW), y1: s.y(LOW), x2: s.x(0), y2: s.y(0), stroke: theme.faint, "stroke-dasharray": "2 4" }),
    svg("rect", { x: MARGIN.left, y: MARGIN.top, width: s.wide, height: s.high, fill: "none", stroke: theme.border }),
  )
  // the field: direction of a step, longer where it is larger (by the square root, so that small ones stay seen)
  const places = Array.from({ length: FIELD }, (_, i) => LOW + (-LOW * (i + 0.5)) / FIELD)
  const moves = places.flatMap(l => places.map(w => ({ w, l, to: move(method, p, w, l) })))
  const sizes = moves.map(({ to }) => Math.hypot(to.w, to.l)).sort((a, b) => a - b)
  const most = sizes[Math.floor(0.9 * (sizes.length - 1))] || 1
  const cell = s.wide / FIELD
  for (const { w, l, to } of moves) {
    const length = Math.hypot(to.w, to.l)
    const share = Math.min(1, Math.sqrt(length / most))
    if (!(length > 0)) continue
    const reach = cell * (0.22 + 0.6 * share)
    const [dx, dy] = [(to.w / length) * reach, (-to.l / length) * reach]
    picture.append(arrow(s.x(w) - dx / 2, s.y(l) - dy / 2, dx, dy, theme.dark ? "#8b97a6" : "#7c8898", 1.2 * line, 4.5 * line))
  }
  for (const which of kinds) {
    const place = labelPlace(cells, CELLS, which)
    // in large type a strip has no room for its name
    if (!place || (least && (place.room / 2.2 / CELLS) * s.high < 0.7 * least)) continue
    const half = at(14) * 0.28 * OUTCOMES[which].name.length
    const x = Math.max(half, Math.min(s.wide - half, ((place.column + 0.5) / CELLS) * s.wide))
    picture.append(text(MARGIN.left + x, MARGIN.top + ((place.row + 0.5) / CELLS) * s.high + 5, OUTCOMES[which].name, { "text-anchor": "middle", "font-weight": 700, "font-size": at(14), stroke: colours[kinds.indexOf(which)], "stroke-width": 5, "paint-order": "stroke" }))
  }
  if (takes.includes("rw")) {
    const [x, y] = [s.x(p.rw), s.y(p.rl)]
    const ends = x + at(12) * 5 > size ? { x: x - 9, "text-anchor": "end" } : {}
    picture.append(
      svg("path", { d: `M${x - 7} ${y}h14M${x} ${y - 7}v14`, stroke: theme.text, "stroke-width": 2.5 * line }),
      text(x + 9, y + (least || 15), "reference", { ...ends, "font-size": at(12), stroke: theme.background, "stroke-width": 4, "paint-order": "stroke" }),
    )
  }
  const path = way(method, p)
  picture.append(svg("path", { d: `M${path.map(([w, l]) => `${s.x(w).toFixed(1)} ${s.y(l).toFixed(1)}`).join("L")}`, fill: "none", stroke: theme.text, "stroke-width": 2.6 * line }))
  if (path.length > 2) {
    const [[aw, al], [bw, bl]] = [path[path.length - 2], path[path.length - 1]]
    const [dx, dy] = [s.x(bw) - s.x(aw), s.y(bl) - s.y(al)]
    const size = Math.hypot(dx, dy) || 1
    picture.append(arrow(s.x(bw), s.y(bl), (dx / size) * 9 * line, (dy / size) * 9 * line, theme.text, 2.6 * line, 9 * line))
  }
  picture.append(svg("circle", { class: "point", cx: s.x(p.w), cy: s.y(p.l), r: 8 * line, fill: theme.accent, stroke: theme.background, "stroke-width": 2.5 }))
  return picture
}

/** The readings that a room can read: what the answers have, and the slopes of the two losses that are shown. */
export function fewReadings(methods, p, width, height, theme) {
  const { least } = theme
  const picture = svg("svg", { class: "marks", width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "Readings at the point", "font-family": theme.font, "font-size": least })
  const o = odds(p.w, p.l)
  let y = 0
  const row = (name, one, other, more = {}) => {
    y += least * 1.32
    for (const [x, words, looks] of [[0, name, {}], [width * 0.62, one, { "text-anchor": "end", fill: more.fill ? theme.good : theme.text }], [width, other, { "text-anchor": "end", fill: more.fill ? theme.bad : theme.text }]]) {
      picture.append(svg("text", { x, y, fill: theme.text, "font-weight": more.bold ? 700 : 400, ...looks }, words))
    }
  }
  const rule = () => picture.append(svg("line", { x1: 0, x2: width, y1: y + least * 0.5, y2: (y += least * 0.5), stroke: theme.border }))
  row("", "chosen", "rejected", { fill: true, bold: true })
  row("log P", print(p.w, 2), print(p.l, 2))
  row("P", print(o.pw, 3), print(o.pl, 3))
  row("odds", print(o.ow, 2), print(o.ol, 2))
  rule()
  row("log odds ratio", "", print(o.logRatio))
  rule()
  row("Slopes of", "", "", { bold: true })
  for (const method of new Set(methods)) {
    const { gw, gl } = lossAt(method, p, p.w, p.l)
    row(METHODS[method].name, print(gw), print(gl))
  }
  return picture
}

/** The readings at the point: what ORPO is made of, and what each of the six losses does there. */
export function readings(methods, p, width, height, theme) {
  const picture = svg("svg", { class: "marks", width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "Readings at the point", "font-family": theme.font, "font-size": 13 })
  const text = (x, y, words, more = {}) => picture.append(svg("text", { x, y, fill: theme.text, ...more }, words))
  const end = { "text-anchor": "end" }
  const o = odds(p.w, p.l)
  const [a, b] = [width * 0.66, width - 4]
  let y = 17
  text(4, y, "At the point", { "font-weight": 700, "font-size": 15 })
  text(a, y, "chosen", { ...end, fill: theme.good, "font-weight": 700 })
  text(b, y, "rejected", { ...end, fill: theme.bad, "font-weight": 700 })
  for (const [name, one, other, digits] of [["mean log P", p.w, p.l, 2], ["P, of a token", o.pw, o.pl, 3], ["odds P ∕ (1 − P)", o.ow, o.ol, 2], ["1 ∕ (1 − P)", o.cw, o.cl, 2]]) {
    y += 19
    text(4, y, name)
    text(a, y, print(one, digits), end)
    text(b, y, print(other, digits), end)
  }
  y += 9
  picture.append(svg("line", { x1: 4, x2: b, y1: y, y2: y, stroke: theme.border }))
  for (const [name, value] of [["log odds ratio", o.logRatio], ["L_OR = −log σ of it", o.loss], ["δ = 1 − σ of it", o.delta]]) {
    y += 18
    text(4, y, name)
    text(b, y, print(value), end)
  }
  y += 18
  text(4, y, `OR part of ORPO’s pull on chosen, λ = ${print(p.lam)}`)
  text(b, y, `${print(100 * orShare(p), 0)} %`, end)
  y += 9
  picture.append(svg("line", { x1: 4, x2: b, y1: y, y2: y, stroke: theme.border }))
  y += 18
  const columns = [width * 0.4, width * 0.6, width * 0.8]
  text(4, y, "Slope in", { fill: theme.faint, "font-size": 12 })
  text(columns[0], y, "loss", { ...end, fill: theme.faint, "font-size": 12 })
  text(columns[1], y, "chosen", { ...end, fill: theme.good, "font-size": 12 })
  text(columns[2], y, "rejected", { ...end, fill: theme.bad, "font-size": 12 })
  text(b, y, "a step", { ...end, fill: theme.faint, "font-size": 12 })
  const gap = Math.min(21, (height - y - 8) / 6)
  for (const [method, { name, sums }] of Object.entries(METHODS)) {
    y += gap
    const { loss, gw, gl } = lossAt(method, p, p.w, p.l)
    const to = move(method, p, p.w, p.l)
    const size = Math.hypot(to.w, to.l) || 1
    const bold = methods.includes(method) ? 700 : 400
    if (methods.includes(method)) picture.append(svg("rect", { x: 0, y: y - gap + 6, width, height: gap, fill: theme.tint }))
    text(4, y, name, { "font-weight": bold })
    text(4 + 46, y, sums ? "sum" : "mean", { fill: theme.faint, "font-size": 11 })
    text(columns[0], y, print(loss), { ...end, "font-weight": bold })
    text(columns[1], y, print(gw), end)
    text(columns[2], y, print(gl), end)
    const [dx, dy] = [(to.w / size) * 9, (-to.l / size) * 9]
    picture.append(arrow(b - 18 - dx, y - 4 - dy, 2 * dx, 2 * dy, outcome(to) === "parted" ? theme.good : theme.bad, 2, 6))
  }
  return picture
}
