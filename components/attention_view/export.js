// The pictures of the attention view as one SVG or PNG.
import { drawGridChoice, drawGridFrame, drawLegend, drawMatrix, drawThumbnail, drawWords, matrixImage, matrixLayout } from "./draw.js"
import { SvgContext } from "./svg.js"
import { makeCanvas, NARROW, save } from "./elements.js"

const PAD = 16
const SCALE = 3 // pixels of the PNG to one of the page

/** Draw title, pictures and provenance into a context; the same figure for SVG and PNG. */
function figure(own, ctx, width) {
  const { panels } = own
  const { theme, header, view } = own.scene
  const names = ["words", "matrix", "grid"].filter(name => !panels[name].hidden)
  const line = theme.size * 1.6
  const head = line * 3
  const phone = width < NARROW
  let x = 0
  let y = head
  let bottom = head
  ctx.textBaseline = "middle"
  const put = (string, px, py, font, colour) => {
    ctx.font = font
    ctx.fillStyle = colour
    ctx.textAlign = "left"
    ctx.globalAlpha = 1
    ctx.fillText(string, px, py)
  }
  put(`Attention of ${header.name}`, 0, line * 0.6, `bold ${theme.size * 1.15}px ${theme.font}`, theme.text)
  put(own.found(), 0, line * 1.8, `${theme.size}px ${theme.font}`, theme.text)
  own.scene.selection = own.selection()
  for (const name of names) {
    const box = { ...own.place.boxes[name], x, y: y + line }
    put(panels[name].firstChild.textContent, x, y + line * 0.4, `${theme.size}px ${theme.font}`, theme.text)
    if (name === "words") drawWords(ctx, box, own.scene)
    if (name === "matrix") drawMatrix(ctx, matrixLayout(ctx, box, own.scene), own.scene, matrixImage(own.place.matrix, own.scene, 2))
    if (name === "grid") {
      for (let l = 0; l < header.layers; l++) for (let h = 0; h < header.heads; h++) drawThumbnail(ctx, own.place.grid, box, own.scene, l, h, 2)
      drawGridFrame(ctx, own.place.grid, box, own.scene)
      drawGridChoice(ctx, own.place.grid, box, own.scene, null)
      drawLegend(ctx, box.x + own.place.grid.margin, box.y + own.place.grid.height + 10, Math.min(180, box.width - own.place.grid.margin - 4), own.scene)
    }
    bottom = Math.max(bottom, box.y + box.height)
    if (phone) y = box.y + box.height + line
    else x += box.width + 28
  }
  const rescaled = view.hide ? " · special tokens hidden, rows rescaled" : ""
  put(header.provenance + rescaled, 0, bottom + line, `${theme.size * 0.8}px ${theme.font}`, theme.faint)
  return { width: phone ? width : Math.max(width, x - 28), height: Math.ceil(bottom + line * 1.8) }
}

/** Save the pictures as they stand on the page. */
export function exportPicture(own, format) {
  const width = own.root.clientWidth
  const name = `attention-${own.scene.header.model}-${own.scene.view.layer}.${own.scene.view.heads.join("+")}`
  const svg = new SvgContext(makeCanvas(1, 1).getContext("2d"))
  const size = figure(own, svg, width)
  if (format === "svg") {
    const text = svg.document(size.width + 2 * PAD, size.height + 2 * PAD, own.told(), own.scene.theme.background)
      .replace(/(<rect width="100%"[^>]*\/>)/, `$1<g transform="translate(${PAD} ${PAD})">`).replace(/<\/svg>$/, "</g></svg>")
    return save(new Blob([text], { type: "image/svg+xml" }), `${name}.svg`)
  }
  const target = makeCanvas((size.width + 2 * PAD) * SCALE, (size.height + 2 * PAD) * SCALE)
  const ctx = target.getContext("2d")
  ctx.fillStyle = own.scene.theme.background
  ctx.fillRect(0, 0, target.width, target.height)
  ctx.setTransform(SCALE, 0, 0, SCALE, PAD * SCALE, PAD * SCALE)
  figure(own, ctx, width)
  target.toBlob(blob => save(blob, `${name}.png`), "image/png")
}
