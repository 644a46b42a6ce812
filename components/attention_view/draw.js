// Drawing half of the attention view. Every function takes a 2-D context (a canvas or SvgContext below),
// a box {x, y, width, height} in pixels and a scene; none keeps state.
import { axis, centre, gridCell, headMap, labels, links, MASKED, percent, raster, scaleRows, strongest, thumbnail } from "./layout.js"

const MOST_LINES = 3000 // links drawn at once without a selection; more is a grey wall, not a picture
const OKABE_ITO = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#8C7A00", "#6B7280"]
const SECOND_ROUND = ["#004B78", "#A66F00", "#006B4E", "#963F00", "#2C83B5", "#9C4A78", "#5C5000", "#3F4754"]

/** One colour a head, told apart for up to 16 heads of a layer; numbers say the same in words. */
export const headColour = head => [...OKABE_ITO, ...SECOND_ROUND][head % 16]

// --- colour of a weight -------------------------------------------------------------------------

const linear = v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
const gamma = v => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055)

function oklab(hex) {
  const [r, g, b] = [1, 3, 5].map(i => linear(parseInt(hex.slice(i, i + 2), 16) / 255))
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

/** Whether dark type reads better on a colour than white. */
export const isLight = hex => oklab(hex)[0] > 0.68

function rgb([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map(v => Math.round(255 * gamma(Math.min(1, Math.max(0, v)))))
}

/**
 * 256 colours for weights 0..1, even in perceived lightness (Oklab, https://bottosson.github.io/posts/oklab/):
 * light to dark blue on a light page, dark to light blue on a dark one.
 */
export function ramp(dark) {
  const stops = (dark ? ["#1b222c", "#2f7fc1", "#e4f1fc"] : ["#f4f8fc", "#4a94cf", "#08306b"]).map(oklab)
  return Array.from({ length: 256 }, (_, i) => {
    const L = stops[0][0] + ((stops[2][0] - stops[0][0]) * i) / 255
    const half = (L - stops[0][0]) / (stops[1][0] - stops[0][0])
    const [from, to, t] = half <= 1
      ? [stops[0], stops[1], half]
      : [stops[1], stops[2], (L - stops[1][0]) / (stops[2][0] - stops[1][0])]
    return rgb([L, from[1] + (to[1] - from[1]) * t, from[2] + (to[2] - from[2]) * t])
  })
}

// --- small helpers ------------------------------------------------------------------------------

function shorten(ctx, text, width) {
  if (ctx.measureText(text).width <= width) return text
  const letters = [...text]
  while (letters.length > 1 && ctx.measureText(letters.join("") + "…").width > width) letters.pop()
  return letters.join("") + "…"
}

function text(ctx, string, x, y, { colour, align = "left", width = Infinity, alpha = 1 }) {
  ctx.globalAlpha = alpha
  ctx.fillStyle = colour
  ctx.textAlign = align
  ctx.textBaseline = "middle"
  ctx.fillText(width === Infinity ? string : shorten(ctx, string, width), x, y)
  ctx.globalAlpha = 1
}

/** One colour as the four bytes of a pixel, in the order that ImageData keeps them. */
export const pixel = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0

/** Pixels of a raster of values (0..1, or MASKED), as ImageData-ready Uint32Array. */
function pixels(values, colours, masked) {
  const colour = Uint32Array.from(colours, pixel)
  const blank = pixel(masked)
  const out = new Uint32Array(values.length) // a loop: from() with a function is ten times slower
  for (let i = 0; i < out.length; i++) out[i] = values[i] === MASKED ? blank : colour[Math.min(255, (values[i] * 255 + 0.5) | 0)]
  return out
}

function toCanvas(colours, width, height, makeCanvas) {
  const canvas = makeCanvas(width, height)
  const context = canvas.getContext("2d")
  const image = context.createImageData(width, height)
  new Uint32Array(image.data.buffer).set(colours)
  context.putImageData(image, 0, 0)
  return canvas
}

/** Paint a raster of values (0..1, or MASKED) onto an off-screen canvas. */
export const paint = (values, width, height, colours, masked, makeCanvas) =>
  toCanvas(pixels(values, colours, masked), width, height, makeCanvas)

// --- words: the two columns -----------------------------------------------------------------------

export const WORD_LINE = 1.08 // height of a row of words, in sizes of its type
const CELL_LINE = 1 // the same beside the matrix
const SMALLEST = 8.8 // px of type; in a room the share below of the least that it can read
const SMALLEST_IN_ROOM = 0.98
const THIN = 0.6 // of a row's height: the least width of a column in a room
const LOW = 1.25 // a cell of a room's matrix may be so much wider than high

/** The size of type with which n lines fill a height, between that of the theme and the smallest; else the theme's. */
function typeFor(n, height, line, theme, usual) {
  const fitting = height / (n * line)
  const smallest = theme.least ? theme.least * SMALLEST_IN_ROOM : SMALLEST
  return fitting < smallest ? usual : Math.min(usual, fitting)
}

/** Where columns, lines and numbers of the words picture stand, and the size of its type. */
export function wordsLayout(ctx, box, scene) {
  const { rows, cols, view, theme, tokens } = scene
  const size = typeFor(Math.max(rows.length, cols.length), box.height, WORD_LINE, theme, theme.size)
  const options = focus => ({ readable: size * WORD_LINE * 0.999, focus, zoom: view.zoom, most: theme.size * 2.3 })
  ctx.font = theme.label
  const widest = list => list.reduce((most, i) => Math.max(most, ctx.measureText(tokens[i].text).width), 0)
  scene.widest ??= [rows, cols].map(widest)
  const [wide, alsoWide] = scene.widest.map(width => width * (size / theme.size) + 12)
  // the words take the room that they need where the usual places are too narrow
  const number = ctx.measureText("100 %").width + 10
  const xl = Math.min(box.width * 0.34, wide)
  const xr = Math.max(xl + box.width * 0.14, Math.min(box.width * 0.6, box.width - number - alsoWide))
  return {
    left: axis(rows.length, box.height, options(scene.focus.row)),
    right: axis(cols.length, box.height, options(scene.focus.col)),
    size, xl: box.x + xl, xr: box.x + xr, label: xl - 2, word: box.width - number - xr - 6,
    bar: Math.min(box.width * 0.26, 120),
    number: box.x + box.width,
  }
}

export function drawWords(ctx, box, scene) {
  const { theme, tokens, rows, cols, maps, mean, selection, view } = scene
  const place = wordsLayout(ctx, box, scene)
  const { left, right, size, xl, xr } = place
  const columns = cols.length
  const chosen = selection.q !== null || selection.k !== null
  const yl = r => box.y + centre(left, r)
  const yr = c => box.y + centre(right, c)
  const half = size * 0.55
  const inside = y => Math.max(box.y + half, Math.min(box.y + box.height - half, y)) // a label never leaves the picture
  ctx.font = `${size}px ${theme.font}`

  if (selection.q !== null) {
    const y = box.y + left.edge[selection.q]
    ctx.fillStyle = theme.queryTint
    ctx.fillRect(box.x, y, xl - box.x + 3, Math.max(2, left.edge[selection.q + 1] - left.edge[selection.q]))
  }

  // the share that each key holds, as bars behind the right column
  const weightOf = (map, c) => (selection.q !== null ? map[selection.q * columns + c] : 0)
  if (selection.q !== null) {
    const slot = place.bar / maps.length
    maps.forEach(({ map, colour }, at) => {
      for (let c = 0; c < columns; c++) {
        const w = weightOf(map, c)
        if (!(w > 0)) continue
        const height = Math.max(1, right.edge[c + 1] - right.edge[c] - 1)
        ctx.fillStyle = colour
        ctx.globalAlpha = maps.length === 1 ? 0.25 + 0.3 * w : Math.min(0.75, w)
        if (maps.length === 1) ctx.fillRect(xr, box.y + right.edge[c] + 0.5, place.bar * w, height)
        else ctx.fillRect(xr + at * slot, box.y + right.edge[c] + 0.5, Math.max(1, slot - 1), height)
      }
    })
    ctx.globalAlpha = 1
  }
  if (selection.k !== null) {
    const y = box.y + right.edge[selection.k]
    ctx.fillStyle = theme.keyTint
    ctx.fillRect(xr - 3, y, box.x + box.width - xr + 3, Math.max(2, right.edge[selection.k + 1] - right.edge[selection.k]))
  }

  // lines
  let hidden = 0
  for (const { map, colour } of maps) {
    let list
    if (selection.q !== null) list = strongest(map, rows.length, columns, { row: selection.q }, columns)
    else if (selection.k !== null) list = strongest(map, rows.length, columns, { col: selection.k }, rows.length)
    else {
      const all = links(map, columns, Math.max(view.min, 0.005), Math.round(MOST_LINES / maps.length))
      hidden += all.total - all.list.length
      list = all.list
    }
    ctx.strokeStyle = colour
    for (const [r, c, w] of list) {
      if (w < view.min) continue
      const seen = view.scale === "row" ? scene.rowScaled(map, r, c) : w
      ctx.globalAlpha = Math.min(1, (chosen ? 0.2 : 0.06) + 0.85 * seen)
      ctx.lineWidth = (0.6 + (chosen ? 3 : 2.2) * seen) * (theme.size / 13)
      ctx.beginPath()
      ctx.moveTo(xl + 4, yl(r))
      ctx.bezierCurveTo(xl + (xr - xl) * 0.4, yl(r), xl + (xr - xl) * 0.6, yr(c), xr - 4, yr(c))
      ctx.stroke()
    }
  }
  ctx.globalAlpha = 1

  // labels: all in the focus window; outside it the selection and its strongest partners
  const order = selection.q !== null
    ? strongest(mean, rows.length, columns, { row: selection.q }, 12).map(link => link[1])
    : selection.k !== null ? [selection.k] : []
  const orderLeft = selection.k !== null && selection.q === null
    ? strongest(mean, rows.length, columns, { col: selection.k }, 12).map(link => link[0])
    : selection.q !== null ? [selection.q] : []
  const gap = size * 0.95
  const [shownLeft, shownRight] = [labels(left, orderLeft, gap), labels(right, order, gap)]
  for (const r of shownLeft) {
    const on = selection.q === r
    const partner = selection.k !== null && mean[r * columns + selection.k] >= 0.1
    text(ctx, tokens[rows[r]].text, xl - 6, inside(yl(r)), {
      colour: theme.text, align: "right", width: place.label - 8, alpha: !chosen || on || partner ? 1 : 0.62,
    })
  }
  if (selection.k !== null && selection.q === null) {
    for (const r of shownLeft) {
      const w = mean[r * columns + selection.k]
      if (w >= 0.01) text(ctx, percent(w), box.x + 2, inside(yl(r)), { colour: theme.text, alpha: w >= 0.05 ? 1 : 0.75 })
    }
  }
  for (const c of shownRight) {
    const w = selection.q !== null ? mean[selection.q * columns + c] : 0
    const strong = !chosen || selection.k === c || w >= 0.05
    text(ctx, tokens[cols[c]].text, xr + 6, inside(yr(c)), { colour: theme.text, width: place.word, alpha: strong ? 1 : 0.68 })
    if (selection.q !== null && (w >= 0.01 || selection.k === c)) {
      text(ctx, percent(Math.max(0, w)), place.number - 4, inside(yr(c)), { colour: theme.text, align: "right", alpha: w >= 0.05 ? 1 : 0.75 })
    }
  }
  outline(ctx, left, box.y, xl + 1, theme)
  outline(ctx, right, box.y, xr - 2, theme)
  // what has no room for a label is a stroke as long as its word
  const strokes = (ax, list, shown, put) => {
    for (let i = 0; i < ax.n; i++) {
      if ((i >= ax.first && i < ax.last) || ax.edge[i + 1] - ax.edge[i] < 2 || shown.some(j => Math.abs(centre(ax, j) - centre(ax, i)) < gap * 0.6)) continue
      put(Math.min(place.label, tokens[list[i]].text.length * size * 0.4), box.y + centre(ax, i) - 0.5)
    }
  }
  ctx.fillStyle = theme.faint
  ctx.globalAlpha = 0.3
  strokes(left, rows, shownLeft, (width, y) => ctx.fillRect(xl - 6 - width, y, width, 1))
  strokes(right, cols, shownRight, (width, y) => ctx.fillRect(xr + 6, y, width, 1))
  ctx.globalAlpha = 1
  return { hidden }
}

/** Mark on a bifocal axis which stretch is magnified. */
function outline(ctx, ax, y, x, theme) {
  if (ax.last - ax.first === ax.n || ax.last === 0) return
  ctx.fillStyle = theme.border
  ctx.fillRect(x, y, 1, ax.edge[ax.n])
  ctx.fillStyle = theme.faint
  ctx.fillRect(x - 0.5, y + ax.edge[ax.first], 2, ax.edge[ax.last] - ax.edge[ax.first])
}

// --- matrix -----------------------------------------------------------------------------------------

/** Gutters and axes of the matrix in a box. */
export function matrixLayout(ctx, box, scene) {
  const { rows, cols, tokens, theme, view } = scene
  ctx.font = theme.small
  const widest = list => {
    let most = 0
    for (const i of list) most = Math.max(most, ctx.measureText(tokens[i].text).width)
    return Math.min(theme.size * 6, most) + 8
  }
  const gutterLeft = widest(rows.length > 60 ? rows.filter((_, i) => i % 3 === 0) : rows)
  const gutterTop = widest(cols.length > 60 ? cols.filter((_, i) => i % 3 === 0) : cols)
  const sides = [box.height - gutterTop, box.width - gutterLeft].map(space => Math.max(40, space - 2)) // room for the frame
  const square = Math.min(...sides)
  // a room reads every row; of columns as many as have room for type of that size
  const [high, wide] = theme.least ? [sides[0], Math.min(sides[1], sides[0] * LOW)] : [square, square]
  const longest = Math.max(rows.length, cols.length, 1)
  const small = typeFor(longest, high, CELL_LINE, theme, theme.smallSize)
  const readable = small * CELL_LINE * 0.999
  const options = (n, side, focus, least) => ({ readable: least, focus, zoom: view.zoom, most: n * least <= side ? Math.min(side / longest, 40) : 40 })
  return {
    x: box.x + gutterLeft, y: box.y + gutterTop, gutterLeft, gutterTop, small,
    rowAxis: axis(rows.length, high, options(rows.length, high, scene.focus.row, readable)),
    colAxis: axis(cols.length, wide, options(cols.length, wide, scene.focus.col, theme.least ? readable * THIN : readable)),
  }
}

/** The colours of the matrix as an off-screen canvas; kept by the caller while nothing but the mouse moves. */
export function matrixImage(place, scene, scale) {
  const width = Math.max(1, Math.round(place.colAxis.size * scale))
  const height = Math.max(1, Math.round(place.rowAxis.size * scale))
  return paint(raster(scene.shown, place.rowAxis, place.colAxis, width, height), width, height, scene.theme.ramp, scene.theme.masked, scene.makeCanvas)
}

export function drawMatrix(ctx, place, scene, image) {
  const { theme, tokens, rows, cols, selection, mean } = scene
  const { x, y, rowAxis, colAxis } = place
  ctx.imageSmoothingEnabled = false
  ctx.drawImage(image, x, y, colAxis.size, rowAxis.size)
  ctx.strokeStyle = theme.border
  ctx.lineWidth = 1
  ctx.globalAlpha = 1
  ctx.strokeRect(x - 0.5, y - 0.5, colAxis.size + 1, rowAxis.size + 1)
  ctx.font = `${place.small}px ${theme.font}`
  const { q, k } = selection
  const gap = place.small * CELL_LINE * 0.98
  const wantedRows = q !== null ? [q] : k !== null ? strongest(mean, rows.length, cols.length, { col: k }, 6).map(l => l[0]) : []
  const wantedCols = [...(k !== null ? [k] : []), ...(q !== null ? strongest(mean, rows.length, cols.length, { row: q }, 6).map(l => l[1]) : [])]
  for (const r of labels(rowAxis, wantedRows, gap)) {
    text(ctx, tokens[rows[r]].text, x - 5, y + centre(rowAxis, r), { colour: theme.text, align: "right", width: place.gutterLeft - 6, alpha: q === null || q === r ? 1 : 0.68 })
  }
  for (const c of labels(colAxis, wantedCols, gap)) {
    ctx.save()
    ctx.translate(x + centre(colAxis, c), y - 5)
    ctx.rotate(-Math.PI / 2)
    text(ctx, tokens[cols[c]].text, 0, 0, { colour: theme.text, width: place.gutterTop - 6, alpha: k === null || k === c ? 1 : 0.68 })
    ctx.restore()
  }
  ctx.lineWidth = 1.5
  if (q !== null) {
    ctx.strokeStyle = theme.query
    ctx.strokeRect(x - 0.5, y + rowAxis.edge[q] - 0.5, colAxis.size + 1, Math.max(2, rowAxis.edge[q + 1] - rowAxis.edge[q]) + 1)
  }
  if (k !== null) {
    ctx.strokeStyle = theme.key
    ctx.strokeRect(x + colAxis.edge[k] - 0.5, y - 0.5, Math.max(2, colAxis.edge[k + 1] - colAxis.edge[k]) + 1, rowAxis.size + 1)
  }
}

/** The scale of the weights: 0 to 100 %, the same for every picture. */
export function drawLegend(ctx, x, y, width, scene) {
  const { theme } = scene
  ctx.font = theme.small
  const steps = 64
  for (let i = 0; i < steps; i++) {
    ctx.fillStyle = `rgb(${theme.ramp[Math.round((i * 255) / (steps - 1))].join(",")})`
    ctx.fillRect(x + (i * width) / steps, y, width / steps + 0.5, 8)
  }
  text(ctx, "0 %", x, y + 8 + theme.size * 0.75, { colour: theme.faint })
  text(ctx, scene.view.scale === "row" ? "row's largest" : "100 %", x + width, y + 8 + theme.size * 0.75, { colour: theme.faint, align: "right" })
}

// --- all heads ----------------------------------------------------------------------------------------

export function drawGridFrame(ctx, grid, box, scene) {
  const { theme, header, view } = scene
  ctx.font = theme.small
  /** As many numbers as stand without touching, the chosen ones before all. */
  const numbers = (count, cell, chosen, extent, put) => {
    const shown = [...chosen]
    const free = i => shown.every(j => Math.abs(i - j) * cell >= (extent(i) + extent(j)) / 2)
    for (let i = 0; i < count; i++) if (!shown.includes(i) && free(i)) shown.push(i)
    for (const i of shown) put(i, chosen.includes(i) ? theme.text : theme.faint)
  }
  const across = i => ctx.measureText(String(i)).width + theme.size * 0.3
  const most = box.x + box.width // the last number may be wider than its column
  numbers(grid.heads, grid.w, view.heads, across, (i, colour) => text(ctx, String(i), Math.min(box.x + grid.margin + (i + 0.5) * grid.w, most - ctx.measureText(String(i)).width / 2), box.y + grid.margin / 2, { colour, align: "center" }))
  numbers(grid.layers, grid.h, [view.layer], () => theme.size, (i, colour) => text(ctx, String(i), box.x + grid.margin - 4, box.y + grid.margin + (i + 0.5) * grid.h, { colour, align: "right" }))
  if (header.groups > 1 && header.groups < header.heads) {
    // grouped queries: a rule between the groups of heads that share keys and values
    ctx.fillStyle = theme.faint
    const size = header.heads / header.groups
    for (let g = size; g < header.heads; g += size) ctx.fillRect(box.x + grid.margin + g * grid.w - 1, box.y + grid.margin, 1.5, grid.layers * grid.h)
  }
}

/** One head's small map: its size in pixels and their colours, on the same scale as the matrix. */
function thumbnailPixels(grid, scene, layer, head, scale) {
  const gap = Math.min(grid.w, grid.h) > 12 ? 3 : 1
  const [width, height] = [grid.w - gap, grid.h - gap].map(side => Math.max(3, Math.round(side * scale)))
  if (!scene.view.hide && scene.view.scale === "fixed") {
    const bytes = thumbnail(scene, layer, head, scene, width, height)
    const colours = new Uint32Array(bytes.length)
    for (let i = 0; i < bytes.length; i++) colours[i] = scene.byteColours[bytes[i]]
    return { width, height, colours }
  }
  const [rows, cols] = [scene.rows, scene.cols].map(list => axis(list.length, list.length, { zoom: 0 }))
  const map = headMap(scene, layer, head, scene, scene.view.hide)
  const values = raster(scene.view.scale === "row" ? scaleRows(map, scene.cols.length) : map, rows, cols, width, height)
  return { width, height, colours: pixels(values, scene.theme.ramp, scene.theme.masked) }
}

/** Draw one head's small map into any context; `scale` is its pixels a unit of the context. */
export function drawThumbnail(ctx, grid, box, scene, layer, head, scale) {
  const { x, y } = gridCell(grid, layer, head)
  const { width, height, colours } = thumbnailPixels(grid, scene, layer, head, scale)
  ctx.imageSmoothingEnabled = false
  ctx.drawImage(toCanvas(colours, width, height, scene.makeCanvas), box.x + x + 1, box.y + y + 1, width / scale, height / scale)
}

/** The same straight onto a canvas of device pixels, several times faster. */
export function blitThumbnail(ctx, grid, scene, layer, head, scale) {
  const { x, y } = gridCell(grid, layer, head)
  const { width, height, colours } = thumbnailPixels(grid, scene, layer, head, scale)
  const image = ctx.createImageData(width, height)
  new Uint32Array(image.data.buffer).set(colours)
  ctx.putImageData(image, Math.round((x + 1) * scale), Math.round((y + 1) * scale))
}

export function drawGridChoice(ctx, grid, box, scene, hover) {
  const { view, theme } = scene
  const mark = (layer, head, colour, width) => {
    const { x, y } = gridCell(grid, layer, head)
    ctx.strokeStyle = colour
    ctx.lineWidth = width
    ctx.strokeRect(box.x + x, box.y + y, grid.w - 1, grid.h - 1)
  }
  for (const head of view.heads) mark(view.layer, head, headColour(head), 2.5)
  if (hover) mark(hover.layer, hover.head, theme.text, 1.5)
}
