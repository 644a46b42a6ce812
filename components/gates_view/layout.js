// Pure half of the gates view: what a message holds, which characters fit, where things stand. No DOM, and
// no number of its own: every value comes from the server.

export const COLUMN = [9.5, 19] // px a character takes: least to be read, most
const LEAST_COLUMNS = 12
const ROW = [1.2, 3] // px a unit takes in the heat map
const HEAT = 165 // px of the heat map, about
const ROOM = { heat: 93, guesses: 1, panel: 3 } // in a room: px, lines, and the height of curves over that of type

/** Split a message: u32 header length, JSON header, then the arrays that the header names, little-endian. */
export function unpack(message) {
  const bytes = message instanceof Uint8Array ? message : new Uint8Array(message)
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))
  let at = 4 + length
  const take = (count, wide) => {
    const part = bytes.slice(at, at + count * (wide ? 2 : 1)) // a copy starts where int16 may start
    at += part.length
    return wide ? new Int16Array(part.buffer) : part
  }
  const { n, units, series, parts, guesses } = header
  const levels = parts.map(() => Object.fromEntries(series.map(each => [each.id, take(units * n, each.wide)])))
  return { ...header, levels, codes: take(n * guesses), percents: take(n * guesses), given: take(n) }
}

/** The series of a scene by its id. */
export const seriesOf = (scene, id) => scene.series.find(each => each.id === id)

/** A value, exact to the two decimals that are printed. */
export const valueOf = (scene, part, id, unit, t) => {
  const each = seriesOf(scene, id)
  return (scene.levels[part][id][unit * scene.n + t] - each.zero) / 100
}

/** Which units stand in which row of the heat map: as numbered, or by their mean in the series. */
export function orderOf(scene, part, id, how) {
  const order = Array.from({ length: scene.units }, (_, unit) => unit)
  if (how !== "mean") return order
  const values = scene.levels[part][id]
  const sums = order.map(unit => values.subarray(unit * scene.n, (unit + 1) * scene.n).reduce((sum, level) => sum + level, 0))
  return order.sort((a, b) => sums[b] - sums[a])
}

/** The characters that are shown: { from, count, column }, all of them where they fit in `width` px. */
export function windowOf(n, width, from, least = COLUMN[0]) {
  const fit = Math.max(LEAST_COLUMNS, Math.floor(width / least))
  const count = Math.min(n, fit)
  const column = Math.min(COLUMN[1] * (least / COLUMN[0]), width / count)
  return { count, column, from: Math.max(0, Math.min(n - count, Math.round(from))) }
}

/** The window moved as little as is needed to hold character t with some room beside it. */
export function windowAround(window, n, t) {
  const room = Math.min(4, Math.floor((window.count - 1) / 2))
  const from = Math.max(t + room + 1 - window.count, Math.min(t - room, window.from))
  return Math.max(0, Math.min(n - window.count, from))
}

/** Where an opening window starts: so that the first of some places is seen with what leads up to it. */
export function openingFrom(window, n, places) {
  if (!places?.length || places[0] < window.count) return 0
  return Math.min(n - window.count, places[0] - Math.floor(window.count / 3))
}

/** Where everything stands: heights from top to bottom, in px. `least` is the size of type that a room needs, else 0;
 * `spare` px are left in its window, or missing. */
export function place(scene, width, from, size, least = 0, spare = 0) {
  const gutter = width < 600 ? size * 4.2 : size * (least ? 9.4 : 10.3)
  const across = Math.max(60, width - gutter - 2)
  const window = windowOf(scene.n, across, from, Math.max(COLUMN[0], least * 0.62))
  const heat = (ROOM.heat * least) / 24
  const tall = least ? Math.max(heat / 2, heat + spare) : HEAT
  const row = Math.max(least ? 0.5 : ROW[0], Math.min(ROW[1], tall / scene.units))
  const lines = least ? Math.min(ROOM.guesses, scene.guesses) : scene.guesses
  const panel = least ? ROOM.panel : 4.9
  const out = { gutter, width, across, window, row, lines, drawn: window.count * window.column }
  let y = 2
  const put = (name, height, gap) => {
    out[name] = { y, height }
    y += height + gap
  }
  if (window.count < scene.n) put("map", Math.max(26, size * 1.1), 7)
  put("heat", row * scene.units, 4)
  put("text", size * 1.5, 2)
  put("guesses", size * 1.12 * lines, 8)
  put("gates", scene.gates.length ? size * panel : 0, scene.gates.length ? size * 0.95 : 0)
  put("states", size * panel, size * 0.7)
  put("key", size * 1.1, 2)
  return { ...out, height: y }
}

/** What the pointer is over: { t, unit? } or null; `order` says which unit stands in which row. */
export function under(at, scene, order, x, y) {
  const t = at.window.from + Math.floor((x - at.gutter) / at.window.column)
  if (x < at.gutter || x >= at.gutter + at.drawn || t >= scene.n) return null
  const inHeat = y >= at.heat.y && y < at.heat.y + at.heat.height
  return inHeat ? { t, unit: order[Math.min(scene.units - 1, Math.floor((y - at.heat.y) / at.row))] } : { t }
}

/** A line through the middles of the columns, as an SVG path; one value alone is a dot. `low` to `high` fill the box. */
export function path(values, at, box, low, high) {
  const y = value => box.y + box.height * (1 - (Math.max(low, Math.min(high, value)) - low) / (high - low || 1))
  return values.map((value, i) => `${i ? "L" : "M"}${(at.gutter + (i + 0.5) * at.window.column).toFixed(1)} ${y(value).toFixed(1)}`).join("") + (values.length === 1 ? "h0" : "")
}

/** Colour indices of a heat map, row by row in the given order. */
export function heat(scene, part, id, order, steps) {
  const { low, high, zero } = seriesOf(scene, id)
  const levels = scene.levels[part][id]
  const out = new Uint8Array(scene.units * scene.n)
  const scale = steps / ((high - low) * 100)
  const shift = zero + low * 100
  order.forEach((unit, row) => {
    for (let t = 0; t < scene.n; t++) {
      const index = Math.floor((levels[unit * scene.n + t] - shift) * scale)
      out[row * scene.n + t] = index < 0 ? 0 : index >= steps ? steps - 1 : index
    }
  })
  return out
}

/** The scale of one unit's cell, which nothing bounds: its largest size in the text; else the series' own. */
export function ownScale(scene, part, id, unit) {
  const { low, high, clipped } = seriesOf(scene, id)
  if (!clipped) return [low, high]
  let most = 0.01
  for (let t = 0; t < scene.n; t++) most = Math.max(most, Math.abs(valueOf(scene, part, id, unit, t)))
  return [-most, most]
}

/** What the model guessed at t, likeliest first: [{ code, percent }]. */
export const guessesAt = (scene, t) => Array.from({ length: scene.guesses }, (_, k) => ({
  code: scene.codes[t * scene.guesses + k], percent: scene.percents[t * scene.guesses + k],
}))

/** Which character the guesses at t are about; −1 where there is none. */
export const aboutAt = (scene, t) => (scene.both ? t : t + 1 < scene.n ? t + 1 : -1)

/** How a character is drawn in a cell of its own: what cannot be seen gets a sign. */
export const glyph = character => ({ "\n": "↵", " ": "·", "\t": "→", "\r": "↵" })[character] ?? character

/** How a character is named in a sentence: what cannot be seen by its number, the rest in its own direction. */
export const named = character => ({ "\n": "line end", " ": "space", "\t": "tab", "\r": "line end" })[character]
  ?? (/^[\p{C}\p{Z}\p{M}]/u.test(character) ? `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}` : `“\u2068${character}\u2069”`)

/** So many characters, in words. */
export const count = n => `${n} ${n === 1 ? "character" : "characters"}`

/** Per cent as it is printed. */
export const percentText = percent => (percent < 1 ? "< 1 %" : `${percent} %`)

/** The view as parameters of the address; what equals the default is "", left out. */
export function viewParams(view, defaults, prefix) {
  const text = {
    part: v => String(v.part), series: v => v.series, unit: v => String(v.unit), order: v => v.order,
    at: v => (v.at === null ? "" : String(v.at)), from: v => String(v.from),
  }
  return Object.entries(text).map(([name, of]) => [`${prefix}_${name}`, of(view) === of(defaults) ? "" : of(view)])
}
