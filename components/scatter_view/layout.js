// Pure half of the scatter view: where points, labels and panels lie. No DOM in this file.

export const SHAPES = ["circle", "square", "triangle", "diamond", "cross", "plus"]
const RADII = [[60, 6], [400, 4.6], [1000, 3.8], [2500, 3], [8000, 2.2], [Infinity, 1.7]] // px, by number of points
const MARGIN = 0.07 // of a panel stays free round its points
const CELL = 24 // px, of the grid that finds the point under the pointer
const GAP = 12 // px between panels
const LEAST_PANEL = 250 // px; narrower panels stand one under the other
const LEAST_SMALL = 105 // px of a panel in a grid of many
const ASPECT = [0.62, 1.08] // height of a panel by its width, at least and at most
const LOW = 300 // px that a panel may always take, however low the window
const MOST_LEVELS = 16 // named in the legend
const GREY = "#8a93a0" // of shapes that stand for no colour
export const PLAIN_ZOOM = { x: 0, y: 0, z: 1 }

/** A message: { header, array(name) }; the length of the header, JSON, then the arrays it names. */
export function parse(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))
  const start = bytes.byteOffset + 4 + length
  const kinds = { f: Float32Array, h: Uint16Array, b: Uint8Array }
  const array = name => {
    const [kind, offset, count] = header.arrays[name]
    const Kind = kinds[kind]
    // a copy: the offset in the message need not be a multiple of the number's size
    return new Kind(bytes.buffer.slice(start + offset, start + offset + count * Kind.BYTES_PER_ELEMENT))
  }
  return { header, array }
}

/** How many panels stand side by side, and their size: { across, width, height } in px. */
export function panels(count, width, height, fixed = 0, flattest = ASPECT[0]) {
  const fit = across => Math.floor((width - GAP * (across - 1)) / across)
  let across = fixed || count
  if (!fixed) while (across > 1 && fit(across) < LEAST_PANEL) across--
  else while (across > 1 && fit(across) < LEAST_SMALL) across--
  const side = fit(across)
  // a grid that breaks begins a new line with each of its rows
  const rows = fixed ? Math.ceil(Math.min(fixed, count) / across) * Math.ceil(count / fixed) : Math.ceil(count / across)
  const room = fixed ? (height - GAP * (rows - 1)) / rows : height
  return { across, width: side, height: Math.round(Math.max(Math.min(side * flattest, LOW), Math.min(room, side * ASPECT[1]))) }
}

/** Coordinates turned into a plane: (n, 3) by two angles in degrees, (n, 2) as they are. y grows upwards. */
export function flat(xyz, dims, [yaw, pitch] = [0, 0]) {
  const n = xyz.length / dims
  const out = new Float32Array(2 * n)
  const depth = dims === 3 ? new Float32Array(n) : null
  const [sa, ca] = [Math.sin(yaw * Math.PI / 180), Math.cos(yaw * Math.PI / 180)]
  const [sb, cb] = [Math.sin(pitch * Math.PI / 180), Math.cos(pitch * Math.PI / 180)]
  for (let i = 0; i < n; i++) {
    if (dims === 2) { out[2 * i] = xyz[2 * i]; out[2 * i + 1] = xyz[2 * i + 1]; continue }
    const [x, y, z] = [xyz[3 * i], xyz[3 * i + 1], xyz[3 * i + 2]]
    out[2 * i] = ca * x + sa * z
    const back = ca * z - sa * x
    out[2 * i + 1] = cb * y - sb * back
    depth[i] = sb * y + cb * back
  }
  return { xy: out, depth }
}

/** The middle and the half sides of all points; of a ball in space, so that turning does not jump. */
export function frameOf(xyz, dims) {
  const low = Array(dims).fill(Infinity), high = Array(dims).fill(-Infinity)
  for (let i = 0; i < xyz.length; i++) {
    const at = i % dims
    if (xyz[i] < low[at]) low[at] = xyz[i]
    if (xyz[i] > high[at]) high[at] = xyz[i]
  }
  const middle = low.map((v, at) => (v + high[at]) / 2)
  const half = low.map((v, at) => Math.max((high[at] - v) / 2, 1e-9))
  if (dims === 2) return { middle, half }
  let far = 1e-9
  for (let i = 0; i < xyz.length; i += 3) far = Math.max(far, Math.hypot(xyz[i] - middle[0], xyz[i + 1] - middle[1], xyz[i + 2] - middle[2]))
  return { middle, half: [far, far] }
}

/** Centred coordinates, one unit = the larger half side. */
export function unit(xyz, dims, { middle, half }) {
  const size = Math.max(half[0], half[1])
  const out = new Float32Array(xyz.length)
  for (let i = 0; i < xyz.length; i++) out[i] = (xyz[i] - middle[i % dims]) / size
  return { units: out, sides: [half[0] / size, half[1] / size] }
}

/** Pixels per unit at zoom 1, so that all points lie within the panel. */
export const scaleOf = ([w, h], width, height) => Math.min(width * (0.5 - MARGIN) / w, height * (0.5 - MARGIN) / h)

/** Units to pixels of a panel. */
export function toScreen(xy, zoom, scale, width, height, out = new Float32Array(xy.length)) {
  const s = scale * zoom.z
  for (let i = 0; i < xy.length; i += 2) {
    out[i] = width / 2 + (xy[i] - zoom.x) * s
    out[i + 1] = height / 2 - (xy[i + 1] - zoom.y) * s
  }
  return out
}

/** A pixel of a panel to units. */
export const toUnits = ([px, py], zoom, scale, width, height) =>
  [zoom.x + (px - width / 2) / (scale * zoom.z), zoom.y - (py - height / 2) / (scale * zoom.z)]

/** Zoom by a factor so that the unit under the pointer stays where it is. */
export function zoomAt(zoom, factor, pixel, scale, width, height) {
  const z = Math.max(0.5, Math.min(200, zoom.z * factor))
  const [x, y] = toUnits(pixel, zoom, scale, width, height)
  const k = zoom.z / z
  return { x: x + (zoom.x - x) * k, y: y + (zoom.y - y) * k, z }
}

export const radius = (n, width) => RADII.find(([most]) => n <= most)[1] * Math.max(0.55, Math.min(1, width / 330))

/** Points by cells of the panel, to find the nearest to a pixel. */
export function cells(screen, width, height) {
  const across = Math.ceil(width / CELL), down = Math.ceil(height / CELL)
  const lists = Array.from({ length: across * down }, () => [])
  for (let i = 0; i < screen.length / 2; i++) {
    const [x, y] = [Math.floor(screen[2 * i] / CELL), Math.floor(screen[2 * i + 1] / CELL)]
    if (x >= 0 && y >= 0 && x < across && y < down) lists[y * across + x].push(i)
  }
  return { across, down, lists }
}

/** The point nearest to a pixel within `reach` px (at most a cell), or −1. */
export function nearestTo(grid, screen, px, py, reach) {
  let best = -1, bestSquare = reach * reach
  const [cx, cy] = [Math.floor(px / CELL), Math.floor(py / CELL)]
  for (let y = Math.max(0, cy - 1); y <= Math.min(grid.down - 1, cy + 1); y++) {
    for (let x = Math.max(0, cx - 1); x <= Math.min(grid.across - 1, cx + 1); x++) {
      for (const i of grid.lists[y * grid.across + x]) {
        const square = (screen[2 * i] - px) ** 2 + (screen[2 * i + 1] - py) ** 2
        if (square <= bestSquare) { best = i; bestSquare = square }
      }
    }
  }
  return best
}

/** The next point in a direction of the arrow keys: near, and not too far aside. */
export function step(screen, from, [dx, dy]) {
  let best = from, cost = Infinity
  for (let i = 0; i < screen.length / 2; i++) {
    const [x, y] = [screen[2 * i] - screen[2 * from], screen[2 * i + 1] - screen[2 * from + 1]]
    const along = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx)
    if (i === from || along <= 0 || aside > 2 * along) continue
    if (along + 2 * aside < cost) { best = i; cost = along + 2 * aside }
  }
  return best
}

/** Whether a point lies in a polygon: a ray to the right crosses its sides an odd number of times. */
export function inside(x, y, polygon) {
  let odd = false
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i], [xj, yj] = polygon[j]
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd
  }
  return odd
}

/** At most `most` corners of a line drawn by hand. */
export const thin = (points, most = 40) => {
  const every = Math.max(1, Math.ceil(points.length / most))
  return points.filter((_, i) => i % every === 0)
}

/** A selection as the address holds it: lasso:MAP:x,y,…  find:TEXT  level:COLUMN:LEVEL  points:1,2,… */
export function selected(text, { labels, columns, maps }) {
  if (!text) return null
  const cut = text.indexOf(":")
  const [kind, rest] = [text.slice(0, cut), text.slice(cut + 1)]
  const found = new Set()
  if (kind === "find") {
    const wanted = rest.toLowerCase()
    labels.forEach((label, i) => label.toLowerCase().includes(wanted) && found.add(i))
  } else if (kind === "level") {
    const at = rest.indexOf(":")
    const column = columns[Number(rest.slice(0, at))]
    const level = column?.levels?.indexOf(rest.slice(at + 1)) ?? -1
    if (level >= 0) column.values.forEach((value, i) => value === level && found.add(i))
  } else if (kind === "lasso") {
    const at = rest.indexOf(":")
    const xy = maps[Number(rest.slice(0, at))]?.xy
    const numbers = rest.slice(at + 1).split(",").map(Number)
    const polygon = Array.from({ length: numbers.length >> 1 }, (_, i) => [numbers[2 * i] / 1000, numbers[2 * i + 1] / 1000])
    if (xy) for (let i = 0; i < xy.length / 2; i++) if (inside(xy[2 * i], xy[2 * i + 1], polygon)) found.add(i)
  } else if (kind === "points") {
    rest.split(",").map(Number).forEach(i => i < labels.length && found.add(i))
  }
  return found
}

/** A polygon in units as the text of a selection. */
export const lassoText = (map, polygon) => `lasso:${map}:${polygon.flat().map(v => Math.round(v * 1000)).join(",")}`

/**
 * Labels that do not overlap, the first of `order` first: [{ i, x, y, align }]. A label stands at the right of
 * its point, else at the left, above or below; `measure` gives the width of a text in px; `taken` are boxes [x0, y0, x1, y1]
 * where none may stand.
 */
export function placeLabels(order, labels, screen, width, height, { measure, size, gap, most, taken = [] }) {
  const placed = []
  const boxes = new Map()
  const tall = size * 1.15
  const key = (x, y) => y * 4096 + x
  const free = (x0, y0, x1, y1) => {
    for (let y = Math.floor(y0 / 32); y <= Math.floor(y1 / 32); y++) for (let x = Math.floor(x0 / 64); x <= Math.floor(x1 / 64); x++) {
      for (const b of boxes.get(key(x, y)) ?? []) if (x0 < b[2] && x1 > b[0] && y0 < b[3] && y1 > b[1]) return false
    }
    return true
  }
  const take = box => {
    for (let y = Math.floor(box[1] / 32); y <= Math.floor(box[3] / 32); y++) for (let x = Math.floor(box[0] / 64); x <= Math.floor(box[2] / 64); x++) {
      if (!boxes.has(key(x, y))) boxes.set(key(x, y), [])
      boxes.get(key(x, y)).push(box)
    }
  }
  taken.forEach(take)
  for (const i of order) {
    if (placed.length >= most) break
    const [px, py] = [screen[2 * i], screen[2 * i + 1]]
    if (px < 0 || py < tall / 2 || px > width || py > height - tall / 2) continue
    const wide = measure(labels[i])
    for (const [align, x, y] of [["left", px + gap, py], ["right", px - gap, py], ["center", px, py - gap - tall / 2], ["center", px, py + gap + tall / 2]]) {
      const x0 = x - { left: 0, right: wide, center: wide / 2 }[align]
      const box = [x0, y - tall / 2, x0 + wide, y + tall / 2]
      if (x0 < 0 || x0 + wide > width || box[1] < 0 || box[3] > height || !free(...box)) continue
      take(box)
      placed.push({ i, x, y, align })
      break
    }
  }
  return placed
}

/** Labels after a move of the map by pixels, without looking for room anew. */
export const carried = (placed, dx, dy) => placed.map(({ x, y, ...rest }) => ({ ...rest, x: x + dx, y: y + dy }))

/** Where the names of arrows stand: beside their middles, away from the other arrows. `arrows` hold screen and label. */
export function placeArrowNames(arrows, width, measure) {
  const middles = arrows.map(({ screen: [x0, y0, x1, y1] }) => [(x0 + x1) / 2, (y0 + y1) / 2])
  const centre = middles.reduce((sum, [x]) => sum + x, 0) / (arrows.length || 1)
  return arrows.map(({ label }, at) => {
    const [x, y] = middles[at]
    const wide = measure(label) + 10
    const atLeft = x + wide > width || ((x < centre || (x === centre && at === 0)) && x - wide > 0)
    return { x: atLeft ? x - 10 : x + 10, y, align: atLeft ? "right" : "left", box: atLeft ? [x - wide, y - 10, x - 10, y + 10] : [x + 10, y - 10, x + wide, y + 10] }
  })
}

/** What the colours and the shapes mean: names with their marks, how many more there are, or the ends of a scale. */
export function legendOf({ columns, maps, view, categories, header }) {
  const at = name => columns.findIndex(each => each.name === name)
  const column = at(view.colour), by = columns[column]
  const own = view.shape === "colour" || view.shape === view.colour
  const shown = (by?.levels ?? []).slice(0, MOST_LEVELS).map((name, level) =>
    ({ column, name, colour: categories[level % categories.length], shape: SHAPES[own ? level % SHAPES.length : 0] }))
  const shaped = own ? -1 : at(view.shape)
  for (const [level, name] of (columns[shaped]?.levels ?? []).slice(0, MOST_LEVELS).entries()) {
    shown.push({ column: shaped, name, colour: GREY, shape: SHAPES[level % SHAPES.length] })
  }
  const more = Math.max(0, (by?.levels?.length ?? 0) - MOST_LEVELS)
  const local = !by && maps.some(map => map.values[view.colour])
  if (by?.levels || !(by || local)) return { shown, more, scale: null }
  const finite = by ? by.values.filter(Number.isFinite) : []
  const [low, high] = by ? [finite.reduce((a, b) => Math.min(a, b), Infinity), finite.reduce((a, b) => Math.max(a, b), -Infinity)] : header.ranges[view.colour] ?? [0, 1]
  return { shown, more, scale: { low: `${view.colour}: ${said(low)}${local && low > 0 ? " or less" : ""}`, high: `${said(high)}${local ? " (fixed scale)" : ""}` } }
}

/** Pieces of these widths in rows of a width: { x, row } each. */
export function rows(widths, room) {
  let x = 0, row = 0
  return widths.map(wide => {
    if (x && x + wide > room) { x = 0; row++ }
    x += wide
    return { x: x - wide, row }
  })
}

/** Whether a map does not show everything. */
export const zoomed = zooms => zooms.some(({ x, y, z }) => x || y || z !== 1)

/** What a map does to the neighbours of a point: { kept, torn, false } of `k` each. */
export function judged(i, k, truth, drawn) {
  const mine = [...truth.subarray(i * k, i * k + k)], shown = [...drawn.subarray(i * k, i * k + k)]
  const both = new Set(mine.filter(j => shown.includes(j)))
  return { kept: [...both], torn: mine.filter(j => !both.has(j)), false: shown.filter(j => !both.has(j)) }
}

/** Coverage of a mark by pixels, from 0 to 255: { size, mask }, its middle in the middle of the square. */
export function stamp(shape, r) {
  const half = Math.ceil(r * 1.25) + 1
  const size = 2 * half + 1
  const mask = new Uint8Array(size * size)
  const fine = 4
  const within = {
    circle: (x, y) => x * x + y * y <= r * r,
    square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= r * 0.87,
    triangle: (x, y) => y <= r * 0.75 && y >= -r * 1.15 + 2 * Math.abs(x) * 0.9,
    diamond: (x, y) => Math.abs(x) + Math.abs(y) <= r * 1.22,
    cross: (x, y) => Math.max(Math.abs(x + y), Math.abs(x - y)) <= r * 1.5 && Math.min(Math.abs(x + y), Math.abs(x - y)) <= r * 0.62,
    plus: (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= r * 1.15 && Math.min(Math.abs(x), Math.abs(y)) <= r * 0.42,
  }[shape]
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) {
    let hits = 0
    for (let a = 0; a < fine; a++) for (let b = 0; b < fine; b++) if (within(x - half + (a + 0.5) / fine - 0.5, y - half + (b + 0.5) / fine - 0.5)) hits++
    mask[y * size + x] = Math.round((255 * hits) / (fine * fine))
  }
  return { size, mask }
}

/**
 * Stamp every point of `order` into opaque pixels: `shapes[i]` picks its stamp, `colours[i]` is [r, g, b] packed
 * as 0xBBGGRR, `alpha` from 0 to 1. Twenty thousand points take a few milliseconds, with a GPU or without.
 */
export function splat(pixels, width, height, screen, ratio, order, shapes, colours, stamps, alpha) {
  for (const i of order) {
    const { size, mask } = stamps[shapes[i]]
    const half = size >> 1
    const left = Math.round(screen[2 * i] * ratio) - half, top = Math.round(screen[2 * i + 1] * ratio) - half
    if (left + size <= 0 || top + size <= 0 || left >= width || top >= height) continue
    const colour = colours[i]
    const [r, g, b] = [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255]
    const y1 = Math.min(size, height - top), x1 = Math.min(size, width - left)
    for (let y = Math.max(0, -top); y < y1; y++) {
      let at = (top + y) * width + left + Math.max(0, -left)
      for (let x = Math.max(0, -left), m = y * size + x; x < x1; x++, m++, at++) {
        const cover = mask[m] * alpha
        if (cover < 1) continue
        const under = pixels[at], a = cover / 255, c = 1 - a
        pixels[at] = (255 << 24) | ((b * a + ((under >> 16) & 255) * c) << 16) | ((g * a + ((under >> 8) & 255) * c) << 8) | (r * a + (under & 255) * c)
      }
    }
  }
}

/** #rrggbb as 0xBBGGRR. */
export const packed = hex => parseInt(hex.slice(1, 3), 16) | (parseInt(hex.slice(3, 5), 16) << 8) | (parseInt(hex.slice(5, 7), 16) << 16)

/** Positions between two maps, t from 0 to 1. */
export function between(a, b, t) {
  const out = new Float32Array(a.length)
  const s = t * t * (3 - 2 * t) // slow at both ends
  for (let i = 0; i < a.length; i++) out[i] = a[i] + (b[i] - a[i]) * s
  return out
}

/** The zooms as the address holds them: MAP:x,y,z;… in thousandths; "" where all show everything. */
export const zoomText = zooms => zooms.map(({ x, y, z }, map) => (x || y || z !== 1 ? `${map}:${[x, y, z].map(v => Math.round(v * 1000)).join(",")}` : "")).filter(Boolean).join(";")

/** The other way. */
export function zoomsOf(text, count) {
  const zooms = Array.from({ length: count }, () => ({ ...PLAIN_ZOOM }))
  for (const part of text.split(";").filter(Boolean)) {
    const [map, x, y, z] = part.split(/[:,]/).map(Number)
    if (map < count && z > 0) zooms[map] = { x: x / 1000, y: y / 1000, z: z / 1000 }
  }
  return zooms
}

/** The view as parameters of the address; what equals the default is "", left out. */
export const viewParams = (view, defaults, prefix) =>
  ["colour", "shape", "pick", "sel", "zoom", "turn", "labels", "frame"].map(name => [`${prefix}_${name}`, String(view[name]) === String(defaults[name]) ? "" : String(view[name])])

/** A short number for people. */
export const said = value => (Number.isInteger(value) ? value.toLocaleString("en") : Number(value.toPrecision(3)).toString())
