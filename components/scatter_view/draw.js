// Drawing half of the scatter view: points into pixels; labels, lines and marks over them.
import { judged, packed, SHAPES, splat, stamp } from "./layout.js"

export const DIMMED = 0.18 // how strongly a point outside the selection is drawn

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
export function lit(panel, scene) {
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

export const mid = (screen, i) => [screen[2 * i], screen[2 * i + 1]]

/** Labels, neighbour lines, arrows and rings over the points; `context` is a canvas's or SvgContext. */
export function drawOver(context, panel, scene) {
  const { theme, labels } = scene
  const { screen } = panel
  const held = panel.strangers ? -1 : scene.view.pick
  if (held >= 0 && panel.near && scene.truth) {
    const marks = judged(held, scene.k, scene.truth, panel.near)
    const [x, y] = mid(screen, held)
    const far = panel.radius + 2
    for (const [kind, dash] of [["torn", [5, 4]], ["kept", []]]) {
      const ends = marks[kind].map(j => mid(screen, j))
      haloed(context, theme, 1.6, dash, () => {
        for (const end of ends) segment(context, x, y, ...end)
        for (const end of ends) circle(context, ...end, far)
      })
    }
    haloed(context, theme, 2, [], () => {
      for (const j of marks.false) {
        const [a, b] = mid(screen, j)
        segment(context, a - far, b - far, a + far, b + far)
        segment(context, a - far, b + far, a + far, b - far)
      }
    })
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
    if (arrow.label) write(context, theme, arrow.label, arrow.place.x, arrow.place.y, arrow.place.align, true)
  }
  for (const i of scene.marked) {
    if (panel.strangers) break
    context.strokeStyle = theme.text
    context.lineWidth = 1.3
    ring(context, ...mid(screen, i), panel.radius + 2.5)
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

/** Stroke a path in the colour of the text over a wider one in the page's: to be seen on points of any colour. */
function haloed(context, theme, width, dash, path) {
  context.beginPath()
  path()
  context.setLineDash([])
  context.strokeStyle = theme.background
  context.lineWidth = width + 2
  context.stroke()
  context.setLineDash(dash)
  context.strokeStyle = theme.text
  context.lineWidth = width
  context.stroke()
  context.setLineDash([])
}

function segment(context, x0, y0, x1, y1) {
  context.moveTo(x0, y0)
  context.lineTo(x1, y1)
}

function circle(context, x, y, r) {
  context.moveTo(x + r, y)
  context.arc(x, y, r, 0, 2 * Math.PI)
}

function line(context, x0, y0, x1, y1) {
  context.beginPath()
  segment(context, x0, y0, x1, y1)
  context.stroke()
}

function ring(context, x, y, r) {
  context.beginPath()
  context.arc(x, y, r, 0, 2 * Math.PI)
  context.stroke()
}
