// Drawing half of the scatter view: points into pixels; labels, lines and marks over them; the same as SVG.
import { judged, packed, SHAPES, splat, stamp } from "./layout.js"

export const DIMMED = 0.18 // how strongly a point outside the selection is drawn
const MARK = { kept: "#009e73", torn: "#d55e00", false: "#e69f00" }

const SVG = "http://www.w3.org/2000/svg"

/** Colours of all points: packed numbers, and as text for SVG. */
export function colourPoints(values, column, categories, ramp) {
  if (!column) return Array(values).fill(categories[0])
  if (column.levels) return column.values.map(level => (level < 0 ? "#8a93a0" : categories[level % categories.length]))
  const finite = Array.from(column.values).filter(Number.isFinite)
  const low = column.low ?? finite.reduce((a, b) => Math.min(a, b), Infinity), high = column.high ?? finite.reduce((a, b) => Math.max(a, b), -Infinity)
  return Array.from(column.values, value => Number.isFinite(value) ? ramp[Math.round((ramp.length - 1) * Math.max(0, Math.min(1, (value - low) / (high - low || 1))))] : "#8a93a0")
}

/** The shape of every point: its level's, or all circles. */
export const shapePoints = (n, column) =>
  column?.levels ? column.values.map(level => (level < 0 ? 5 : level % SHAPES.length)) : Array(n).fill(0)

/** The points that stand out on a panel: the held one and its neighbours, else the selection; null for all. */
function lit(panel, scene) {
  const held = scene.view.pick
  if (panel.strangers) return null
  if (held < 0 || !panel.near || !scene.truth) return scene.chosen
  const marks = judged(held, scene.k, scene.truth, panel.near)
  return new Set([held, ...marks.kept, ...marks.torn, ...marks.false])
}

/** All points of a panel into its lower canvas. */
export function drawPoints(canvas, panel, scene) {
  const { width, height, ratio, screen, depthOrder } = panel
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)]
  if (canvas.width !== w || canvas.height !== h) { canvas.width = w; canvas.height = h }
  const context = canvas.getContext("2d")
  if (panel.image?.width !== w || panel.image?.height !== h) panel.image = context.createImageData(w, h)
  const pixels = new Uint32Array(panel.image.data.buffer)
  pixels.fill((255 << 24) | packed(scene.theme.background))
  const r = panel.radius * ratio
  if (panel.stampRadius !== r) {
    panel.stamps = SHAPES.map(shape => stamp(shape, r))
    panel.stampRadius = r
  }
  const paint = (order, alpha) => splat(pixels, w, h, screen, ratio, order, panel.shapes, panel.colours, panel.stamps, alpha)
  const order = depthOrder ?? scene.order
  const chosen = lit(panel, scene)
  if (!chosen) paint(order, scene.alpha)
  else {
    paint(order.filter(i => !chosen.has(i)), DIMMED)
    paint(order.filter(i => chosen.has(i)), 1)
  }
  context.putImageData(panel.image, 0, 0)
}

/** A label with a halo of the page's colour. */
function write(context, theme, text, x, y, align, strong) {
  context.font = `${strong ? "600 " : ""}${theme.size}px ${theme.font}`
  context.textAlign = align
  context.textBaseline = "middle"
  context.lineJoin = "round"
  context.lineWidth = 3
  context.strokeStyle = theme.background
  context.fillStyle = theme.text
  context.strokeText(text, x, y)
  context.fillText(text, x, y)
}

const mid = (screen, i) => [screen[2 * i], screen[2 * i + 1]]

/** Labels, neighbour lines, arrows and rings over the points; `context` is a canvas's or SvgContext. */
export function drawOver(context, panel, scene) {
  const { theme, labels } = scene
  const { screen } = panel
  const held = panel.strangers ? -1 : scene.view.pick
  if (held >= 0 && panel.near && scene.truth) {
    const marks = judged(held, scene.k, scene.truth, panel.near)
    const [x, y] = mid(screen, held)
    for (const [kind, dash] of [["torn", [5, 4]], ["kept", []]]) {
      context.strokeStyle = MARK[kind]
      context.lineWidth = 1.6
      context.setLineDash(dash)
      for (const j of marks[kind]) line(context, x, y, ...mid(screen, j))
      context.setLineDash([])
      for (const j of marks[kind]) ring(context, ...mid(screen, j), panel.radius + 2)
    }
    context.strokeStyle = MARK.false
    context.lineWidth = 2.2
    for (const j of marks.false) {
      const [a, b] = mid(screen, j), r = panel.radius + 2.5
      line(context, a - r, b - r, a + r, b + r)
      line(context, a - r, b + r, a + r, b - r)
    }
  }
  for (const arrow of panel.arrows) {
    context.strokeStyle = context.fillStyle = theme.text
    context.lineWidth = 2
    context.setLineDash(arrow.dashed ? [6, 4] : [])
    const [x0, y0, x1, y1] = arrow.screen
    line(context, x0, y0, x1, y1)
    context.setLineDash([])
    const turn = Math.atan2(y1 - y0, x1 - x0)
    context.beginPath()
    context.moveTo(x1, y1)
    for (const side of [-1, 1]) context.lineTo(x1 - 10 * Math.cos(turn + side * 0.4), y1 - 10 * Math.sin(turn + side * 0.4))
    context.fill()
    if (arrow.label) write(context, theme, arrow.label, (x0 + x1) / 2, (y0 + y1) / 2 - theme.size * 0.8, "center", true)
  }
  for (const { i, x, y, align } of panel.placed) write(context, theme, labels[i], x, y, align, i === held)
  if (held >= 0) {
    context.strokeStyle = theme.text
    context.lineWidth = 2
    ring(context, ...mid(screen, held), panel.radius + 3)
  }
  if (scene.hover >= 0 && scene.hover !== held && !panel.strangers) {
    context.strokeStyle = theme.text
    context.lineWidth = 1.4
    ring(context, ...mid(screen, scene.hover), panel.radius + 2.5)
  }
  if (panel.lasso?.length > 1) {
    context.strokeStyle = theme.text
    context.lineWidth = 1.3
    context.setLineDash([4, 3])
    context.beginPath()
    panel.lasso.forEach(([x, y], at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)))
    context.stroke()
    context.setLineDash([])
  }
}

function line(context, x0, y0, x1, y1) {
  context.beginPath()
  context.moveTo(x0, y0)
  context.lineTo(x1, y1)
  context.stroke()
}

function ring(context, x, y, r) {
  context.beginPath()
  context.arc(x, y, r, 0, 2 * Math.PI)
  context.stroke()
}

const escape = text => String(text).replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`)
const short = v => Math.round(v * 10) / 10

/** As much of a 2-D context as drawOver uses, writing SVG. */
export class SvgContext {
  constructor() { this.parts = []; this.path = ""; this.dash = [] }
  setLineDash(dash) { this.dash = dash }
  beginPath() { this.path = "" }
  moveTo(x, y) { this.path += `M${short(x)} ${short(y)}` }
  lineTo(x, y) { this.path += `L${short(x)} ${short(y)}` }
  arc(x, y, r) { this.path += `M${short(x - r)} ${short(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0` }
  stroke() { this.parts.push(`<path d="${this.path}" fill="none" stroke="${this.strokeStyle}" stroke-width="${this.lineWidth}"${this.dash.length ? ` stroke-dasharray="${this.dash}"` : ""}/>`) }
  fill() { this.parts.push(`<path d="${this.path}Z" fill="${this.fillStyle}"/>`) }
  strokeText() {}
  fillText(text, x, y) {
    const anchor = { left: "start", center: "middle", right: "end" }[this.textAlign]
    this.parts.push(`<text x="${short(x)}" y="${short(y)}" dy="0.35em" text-anchor="${anchor}" fill="${this.fillStyle}" stroke="${this.strokeStyle}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"${this.font.startsWith("600") ? ' font-weight="600"' : ""}>${escape(text)}</text>`)
  }
}

/** A mark as SVG path data round (0, 0). */
export const mark = (shape, r) => ({
  circle: `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`,
  square: `M${-r * 0.87} ${-r * 0.87}h${r * 1.74}v${r * 1.74}h${-r * 1.74}z`,
  triangle: `M0 ${-r * 1.15}L${r} ${r * 0.75}H${-r}z`,
  diamond: `M0 ${-r * 1.22}L${r * 1.22} 0L0 ${r * 1.22}L${-r * 1.22} 0z`,
  cross: `M${-r} ${-r * 0.55}L${-r * 0.45} 0L${-r} ${r * 0.55}L${-r * 0.55} ${r}L0 ${r * 0.45}L${r * 0.55} ${r}L${r} ${r * 0.55}L${r * 0.45} 0L${r} ${-r * 0.55}L${r * 0.55} ${-r}L0 ${-r * 0.45}L${-r * 0.55} ${-r}z`,
  plus: `M${-r * 0.4} ${-r * 1.15}h${r * 0.8}v${r * 0.75}h${r * 0.75}v${r * 0.8}h${-r * 0.75}v${r * 0.75}h${-r * 0.8}v${-r * 0.75}h${-r * 0.75}v${-r * 0.8}h${r * 0.75}z`,
})[shape]

/** All panels as one SVG text. */
export function toSvg(panels, scene, { title, footer }) {
  const head = 34, foot = 30, cap = 20
  const width = Math.max(...panels.map(p => p.left + p.width)) + 24
  const height = Math.max(...panels.map(p => p.top + p.height)) + head + foot + cap
  const body = panels.map(panel => {
    const over = new SvgContext()
    drawOver(over, panel, scene)
    const chosen = lit(panel, scene)
    const points = (panel.depthOrder ?? scene.order).map(i => {
      const [x, y] = mid(panel.screen, i)
      if (x < -9 || y < -9 || x > panel.width + 9 || y > panel.height + 9) return ""
      const faint = chosen && !chosen.has(i) ? DIMMED : chosen ? 1 : scene.alpha
      return `<use href="#m${panel.shapes[i]}" x="${short(x)}" y="${short(y)}" fill="${panel.colourText[i]}" opacity="${faint}"/>`
    }).join("")
    return `<svg x="${panel.left + 12}" y="${panel.top + head + cap}" width="${panel.width}" height="${panel.height}" overflow="hidden">${points}${over.parts.join("")}</svg>` +
      `<text x="${panel.left + 12}" y="${panel.top + head + cap - 5}" font-weight="600" fill="${scene.theme.text}">${escape(panel.name)} <tspan font-weight="400">${escape(panel.note)}</tspan></text>`
  })
  const marks = SHAPES.map((shape, at) => `<path id="m${at}" d="${mark(shape, panels[0].radius)}"/>`).join("")
  return {
    width, height,
    text: `<svg xmlns="${SVG}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escape(scene.theme.font)}" font-size="${scene.theme.size}">` +
      `<defs>${marks}</defs><rect width="100%" height="100%" fill="${scene.theme.background}"/>` +
      `<text x="12" y="20" font-size="${scene.theme.size * 1.15}" font-weight="600" fill="${scene.theme.text}">${escape(title)}</text>${body.join("")}` +
      `<text x="12" y="${height - 10}" font-size="${scene.theme.size * 0.85}" fill="${scene.theme.faint}">${escape(footer)}</text></svg>`,
  }
}
