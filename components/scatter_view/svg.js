// The maps as one SVG text: what the Export menu saves.
import { drawOver, DIMMED, lit, mid } from "./draw.js"
import { legendOf, rows, SHAPES } from "./layout.js"

const SVG = "http://www.w3.org/2000/svg"
const EDGE = 12 // px round the maps
const CAPTION = 20 // px for what stands over a map
const KEY = 20 // px to a row of the legend
const KEPT = [["M-9 0H9", "", "a true neighbour that is near here too"], ["M-9 0H9", "5 4", "a true neighbour, torn away"], ["M-4 -4L4 4M-4 4L4 -4", "", "near here, but no true neighbour"]]

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

/** What colours, shapes and lines mean, as rows of keys: { text, height }. */
function keys(scene, panels, width, measure) {
  const { shown, more, scale } = legendOf(scene)
  const faint = `fill="${scene.theme.faint}"`
  const items = shown.map(({ name, colour, shape }) => [`<path transform="translate(7 0)" d="${mark(shape, 5)}" fill="${colour}"/>`, name])
  if (more) items.push(["", `and ${more} more`])
  if (scale) {
    const stops = scene.ramp.filter((_, at) => at % 8 === 0).map((colour, at, all) => `<stop offset="${at / (all.length - 1)}" stop-color="${colour}"/>`).join("")
    items.push(["", scale.low], [`<defs><linearGradient id="ramp">${stops}</linearGradient></defs><rect x="-18" y="-5" width="110" height="10" fill="url(#ramp)"/>`, scale.high, 88])
  }
  if (scene.view.pick >= 0 && scene.truth && panels.some(panel => panel.near && !panel.strangers)) {
    items.push(["", `Neighbours of “${scene.labels[scene.view.pick]}”:`])
    for (const [path, dash, name] of KEPT) items.push([`<path transform="translate(7 0)" d="${path}" stroke="${scene.theme.text}" stroke-width="2" stroke-dasharray="${dash}"/>`, name])
  }
  const placed = rows(items.map(([sign, name, wide = 0]) => (sign ? 20 : 0) + wide + measure(name) + 14), width)
  const drawn = items.map(([sign, name, wide = 0], at) => `<g transform="translate(${EDGE + placed[at].x} ${placed[at].row * KEY})">${sign}<text x="${(sign ? 20 : 0) + wide}" dy="0.35em" ${faint}>${escape(name)}</text></g>`)
  return { text: drawn.join(""), height: items.length ? (placed.at(-1).row + 1) * KEY : 0 }
}

/** One panel: its points, what lies over them, its name, its axes. `top` is where the panel begins. */
function panelSvg(panel, scene, top) {
  const { theme } = scene
  const over = new SvgContext()
  drawOver(over, panel, scene)
  const chosen = lit(panel, scene)
  const points = (panel.depthOrder ?? scene.order).map(i => {
    const [x, y] = mid(panel.screen, i)
    if (x < -9 || y < -9 || x > panel.width + 9 || y > panel.height + 9) return ""
    const faint = chosen && !chosen.has(i) ? DIMMED : chosen ? 1 : scene.alpha
    return `<use href="#m${panel.shapes[i]}" x="${short(x)}" y="${short(y)}" fill="${panel.colourText[i]}" opacity="${faint}"/>`
  }).join("")
  const axis = `fill="${theme.faint}" font-size="${theme.size * 0.85}"`
  const [across, up] = panel.axes ?? []
  return `<svg x="${panel.left + EDGE}" y="${top}" width="${panel.width}" height="${panel.height}" overflow="hidden">` +
    `<rect width="100%" height="100%" fill="none" stroke="${theme.faint}" stroke-opacity="0.4"/>${points}${over.parts.join("")}` +
    (across ? `<text x="${panel.width - 6}" y="${panel.height - 6}" text-anchor="end" ${axis}>${escape(across)}</text>` : "") +
    (up ? `<text transform="translate(14 6) rotate(-90)" text-anchor="end" ${axis}>${escape(up)}</text>` : "") +
    `</svg><text x="${panel.left + EDGE}" y="${top - 5}" font-weight="600" fill="${theme.text}">${escape(panel.name)} <tspan font-weight="400">${escape(panel.note)}</tspan></text>`
}

/** All panels as one SVG text with their keys; `title` and `footer` are left out where they are "". */
export function toSvg(panels, scene, { title, footer, measure }) {
  const { theme } = scene
  const width = Math.max(...panels.map(p => p.left + p.width)) + 2 * EDGE
  const key = keys(scene, panels, width - 2 * EDGE, measure)
  const head = (title ? 34 : 6) + key.height + CAPTION
  const height = Math.max(...panels.map(p => p.top + p.height)) + head + (footer ? 30 : 6)
  const marks = SHAPES.map((shape, at) => `<path id="m${at}" d="${mark(shape, panels[0].radius)}"/>`).join("")
  return {
    width, height,
    text: `<svg xmlns="${SVG}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escape(theme.font)}" font-size="${theme.size}">` +
      `<defs>${marks}</defs><rect width="100%" height="100%" fill="${theme.background}"/>` +
      (title ? `<text x="${EDGE}" y="20" font-size="${theme.size * 1.15}" font-weight="600" fill="${theme.text}">${escape(title)}</text>` : "") +
      `<g transform="translate(0 ${title ? 44 : 16})">${key.text}</g>${panels.map(panel => panelSvg(panel, scene, panel.top + head)).join("")}` +
      (footer ? `<text x="${EDGE}" y="${height - 10}" font-size="${theme.size * 0.85}" fill="${theme.faint}">${escape(footer)}</text>` : "") + "</svg>",
  }
}
