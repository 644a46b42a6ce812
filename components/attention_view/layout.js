// Pure half of the attention view: where things stand and what the bytes say. No DOM in this file.

export const READABLE = 13 // px a row needs so that its label can be read
const FOCUS_SHARE = 0.68 // share of an axis that the focus window takes when the text is too long
export const MASKED = -1 // value of a cell that a causal model cannot look at

/** Split a message (u32 header length, JSON header, one byte a weight) without copying the weights. */
export function parse(message) {
  const bytes = message instanceof Uint8Array ? message : new Uint8Array(message)
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))
  return { header, body: bytes.subarray(4 + length) }
}

/** A weight as it is printed: whole percents from 3 % on, one decimal below; step by step as models.quantise does it. */
export function percent(weight) {
  if (weight >= 0.03) return `${Math.floor(weight * 100 + 0.5)} %`
  const tenths = Math.floor(Math.max(0, weight) * 1000 + 0.5)
  return `${Math.floor(tenths / 10)}.${tenths % 10} %`
}

/**
 * Place n items on `size` pixels. If they do not all fit at `readable` pixels, a focus window around
 * the item `focus` keeps that height and the rest is compressed before and after it (a bifocal axis),
 * so that the whole text stays in sight. zoom 0 shows everything evenly, 2 doubles the focus height.
 * Returns { edge: Float64Array(n + 1), first, last, crowded }: items first..last-1 are readable; crowded
 * says that not all of them can be at once.
 */
export function axis(n, size, { readable = READABLE, focus = 0, zoom = 1, most = 26 } = {}) {
  const edge = new Float64Array(n + 1)
  const fits = n * readable <= size
  if (fits || zoom === 0 || n === 1) {
    const step = fits ? Math.min(most, size / n) : size / n
    for (let i = 0; i <= n; i++) edge[i] = i * step
    return { n, edge, first: 0, last: fits ? n : 0, size: n * step, crowded: !fits }
  }
  const step = Math.min(readable * zoom, size * FOCUS_SHARE)
  const shown = Math.floor((size * FOCUS_SHARE) / step)
  const first = Math.max(0, Math.min(n - shown, Math.round(focus) - (shown >> 1)))
  const small = (size - shown * step) / (n - shown)
  for (let i = 0; i < n; i++) edge[i + 1] = edge[i] + (i >= first && i < first + shown ? step : small)
  return { n, edge, first, last: first + shown, size, crowded: true }
}

/** Centre of item i in pixels. */
export const centre = (ax, i) => (ax.edge[i] + ax.edge[i + 1]) / 2

/** Index of the item under pixel p, or -1. */
export function indexAt(ax, p) {
  if (p < 0 || p >= ax.edge[ax.n]) return -1
  let low = 0
  let high = ax.n - 1
  while (low < high) {
    const mid = (low + high) >> 1
    if (ax.edge[mid + 1] <= p) low = mid + 1
    else high = mid
  }
  return low
}

/**
 * Which labels stand: the most important of the wanted items before all, then those inside the focus
 * window, then the other wanted ones, as long as none touches another. Returns a sorted array of indices.
 */
export function labels(ax, wanted, gap) {
  const kept = wanted.slice(0, 1)
  const free = i => kept.every(j => Math.abs(centre(ax, i) - centre(ax, j)) >= gap)
  const crowded = i => kept.length > 0 && i !== kept[0] && Math.abs(centre(ax, i) - centre(ax, kept[0])) < gap
  const inside = []
  for (let i = ax.first; i < ax.last; i++) if (i !== kept[0] && !crowded(i)) inside.push(i)
  kept.push(...inside)
  for (const i of wanted) if (!kept.includes(i) && (i < ax.first || i >= ax.last) && free(i)) kept.push(i)
  return kept.sort((a, b) => a - b)
}

const STRETCH = 1.7 // a cell of the overview may be this much longer one way to fill its box

/** A grid of small maps in a box, always layer down and head across, so that two visitors see the same. */
export function gridLayout(layers, heads, width, height, margin = 20) {
  const sides = [(width - margin) / heads, (height - margin) / layers]
  const cell = Math.max(4, Math.min(64, ...sides))
  const [w, h] = sides.map(space => Math.max(cell, Math.min(space, cell * STRETCH)))
  return { layers, heads, w, h, margin, width: margin + heads * w, height: margin + layers * h }
}

/** Top left corner of a head's cell in a grid. */
export const gridCell = (grid, layer, head) => ({ x: grid.margin + head * grid.w, y: grid.margin + layer * grid.h })

/** Layer and head under a point of the grid, or null. */
export function gridAt(grid, x, y) {
  const head = Math.floor((x - grid.margin) / grid.w)
  const layer = Math.floor((y - grid.margin) / grid.h)
  return head < 0 || layer < 0 || head >= grid.heads || layer >= grid.layers ? null : { layer, head }
}

/**
 * Token indices that stand on the rows (queries) and columns (keys) of the view. Where one text looks at another,
 * the queries are the tokens from `first` on and the keys those before.
 */
export function visible(tokens, { hide = false, filter = "all" } = {}, first = 0) {
  const pick = side => {
    const wanted = filter === "all" ? -1 : filter[side] === "a" ? 0 : 1
    const out = []
    tokens.forEach((token, i) => {
      if (hide && token.special) return
      if (first && (side === 0) !== i >= first) return
      if (wanted >= 0 && token.segment !== wanted) return
      out.push(i)
    })
    return Int32Array.from(out)
  }
  return { rows: pick(0), cols: pick(1) }
}

/**
 * The weights of one head on the visible rows and columns, Float32Array(rows × cols), in 0..1.
 * With `hide`, each row is divided by what its visible kinds of token (not special) hold together.
 */
export function headMap({ header, body, table }, layer, head, { rows, cols }, hide) {
  const { n, first = 0, queries = n } = header
  const base = (layer * header.heads + head) * queries * n
  const out = new Float32Array(rows.length * cols.length)
  for (let r = 0; r < rows.length; r++) {
    const from = base + (rows[r] - first) * n
    let share = 1
    if (hide) {
      share = 0
      for (let k = 0; k < n; k++) if (!header.tokens[k].special) share += table[body[from + k]]
    }
    const scale = share > 0 ? 1 / share : 0
    const to = r * cols.length
    for (let c = 0; c < cols.length; c++) {
      out[to + c] = header.causal && cols[c] > rows[r] ? MASKED : table[body[from + cols[c]]] * scale
    }
  }
  return out
}

/** Mean of several heads' maps; masked cells stay masked. */
export function meanMap(maps) {
  if (maps.length === 1) return maps[0]
  const out = new Float32Array(maps[0].length)
  for (const map of maps) for (let i = 0; i < out.length; i++) out[i] += map[i]
  for (let i = 0; i < out.length; i++) out[i] = out[i] < 0 ? MASKED : out[i] / maps.length
  return out
}

/** Divide each row by its largest weight. */
export function scaleRows(map, columns) {
  const out = new Float32Array(map)
  for (let from = 0; from < out.length; from += columns) {
    let most = 0
    for (let i = from; i < from + columns; i++) most = Math.max(most, out[i])
    if (most > 0) for (let i = from; i < from + columns; i++) if (out[i] > 0) out[i] /= most
  }
  return out
}

/** For each pixel of an axis the half-open range of items it covers, as [from, to) pairs. */
function pixelRanges(ax, size) {
  const ranges = new Int32Array(size * 2)
  const scale = ax.edge[ax.n] / size
  let from = 0
  for (let p = 0; p < size; p++) {
    while (from < ax.n - 1 && ax.edge[from + 1] <= p * scale) from++
    let to = from + 1
    while (to < ax.n && ax.edge[to + 1] <= (p + 1) * scale) to++
    ranges[2 * p] = from
    ranges[2 * p + 1] = to
  }
  ranges[2 * size - 1] = ax.n // rounding must not drop the last items
  return ranges
}

/**
 * A picture of a map, one value a pixel, Float32Array(width × height). Where several weights share a
 * pixel the largest is kept: a thin but strong link must not vanish in the mean.
 */
export function raster(map, rowAxis, colAxis, width, height) {
  const columns = colAxis.n
  const across = pixelRanges(colAxis, width)
  const down = pixelRanges(rowAxis, height)
  const out = new Float32Array(width * height)
  const line = new Float32Array(columns)
  for (let y = 0; y < height; y++) {
    const r0 = down[2 * y]
    const r1 = down[2 * y + 1]
    if (y > 0 && r0 === down[2 * y - 2] && r1 === down[2 * y - 1]) {
      out.copyWithin(y * width, (y - 1) * width, y * width)
      continue
    }
    line.fill(MASKED)
    for (let r = r0; r < r1; r++) {
      const from = r * columns
      for (let c = 0; c < columns; c++) if (map[from + c] > line[c]) line[c] = map[from + c]
    }
    for (let x = 0; x < width; x++) {
      let most = line[across[2 * x]]
      for (let c = across[2 * x] + 1; c < across[2 * x + 1]; c++) if (line[c] > most) most = line[c]
      out[y * width + x] = most
    }
  }
  return out
}

/** A small picture of one head straight from its bytes (largest byte a pixel), Uint8Array(width × height). */
export function thumbnail({ header, body }, layer, head, { rows, cols }, width, height) {
  const { n, first = 0, queries = n } = header
  const base = (layer * header.heads + head) * queries * n
  const out = new Uint8Array(width * height)
  const range = (count, p, size) => {
    const from = Math.floor((p * count) / size)
    return [from, Math.max(from + 1, Math.floor(((p + 1) * count) / size))]
  }
  const line = new Uint8Array(cols.length)
  for (let y = 0; y < height; y++) {
    const [r0, r1] = range(rows.length, y, height)
    line.fill(0)
    for (let r = r0; r < r1; r++) {
      const from = base + (rows[r] - first) * n
      for (let c = 0; c < line.length; c++) if (body[from + cols[c]] > line[c]) line[c] = body[from + cols[c]]
    }
    for (let x = 0; x < width; x++) {
      const [c0, c1] = range(cols.length, x, width)
      let most = 0
      for (let c = c0; c < c1; c++) if (line[c] > most) most = line[c]
      out[y * width + x] = most
    }
  }
  return out
}

/** Indices of the largest values of a map's row (or column), largest first, masked and zero left out. */
export function strongest(map, rows, cols, { row = null, col = null }, most = 10) {
  const found = []
  if (row !== null) for (let c = 0; c < cols; c++) found.push([row, c, map[row * cols + c]])
  else if (col !== null) for (let r = 0; r < rows; r++) found.push([r, col, map[r * cols + col]])
  else {
    // whole map: keep a short sorted list instead of sorting n² links
    let floor = 0
    for (let i = 0; i < map.length; i++) {
      if (map[i] <= floor) continue
      found.push([Math.floor(i / cols), i % cols, map[i]])
      if (found.length > 4 * most) {
        found.sort((a, b) => b[2] - a[2]).length = most
        floor = found[most - 1][2]
      }
    }
  }
  return found.filter(link => link[2] > 0).sort((a, b) => b[2] - a[2]).slice(0, most)
}

/** All links of a map at or above a threshold; at most `most`, the strongest, and how many there were. */
export function links(map, cols, min, most) {
  let found = []
  for (let i = 0; i < map.length; i++) if (map[i] >= min && map[i] > 0) found.push(i)
  const total = found.length
  if (total > most) found = found.sort((a, b) => map[b] - map[a]).slice(0, most)
  return { total, list: found.map(i => [Math.floor(i / cols), i % cols, map[i]]) }
}

/**
 * The view as URL parameters; what equals the default is "", left out. Layer and heads go together: a chosen
 * head stays the same one when another text brings another default.
 */
export function viewParams(view, defaults, prefix) {
  const text = {
    layer: v => String(v.layer),
    heads: v => v.heads.join("."),
    pin: v => (v.pin ? v.pin.side + v.pin.token : "none"),
    show: v => v.show,
    hide: v => (v.hide ? "1" : "0"),
    min: v => String(v.min),
    scale: v => v.scale,
    filter: v => v.filter,
    zoom: v => String(v.zoom),
    focus: v => (v.focus ? v.focus.join("_") : ""),
  }
  const differs = name => text[name](view) !== text[name](defaults)
  const moved = differs("layer") || differs("heads")
  return Object.keys(text).map(name => {
    const kept = name === "layer" || name === "heads" ? moved : differs(name)
    return [`${prefix}_${name}`, kept ? text[name](view) : ""]
  })
}
