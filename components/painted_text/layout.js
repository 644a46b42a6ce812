// Pure half of the painted text: where each character stands. No DOM.

export const [WIDTH, LINE] = [0.63, 1.62] // of a character, over its size

/** How many characters of a size fit on a line. */
export const fitting = (width, size) => Math.max(12, Math.floor(width / (size * WIDTH) - 1))

const GLYPHS = { "\n": "↵", " ": "\u00a0", "\t": "→", "\r": "↵" }
export const glyph = character => GLYPHS[character] ?? character

/** Line and column of every character: a line ends with its line end, or before the word that does not fit. */
export function wrap(characters, fit) {
  const out = []
  let [line, column, word] = [0, 0, 0] // the place where the present word began
  characters.forEach((character, t) => {
    if (column >= fit && character !== "\n") {
      [line, column] = [line + 1, 0]
      if (word < t && out[word][1] > 0) for (let k = word; k < t; k++) out[k] = [line, column++]
    }
    out.push([line, column])
    if (character === "\n") [line, column] = [line + 1, 0]
    else column += 1
    if (character === "\n" || character === " ") word = t + 1
  })
  return out
}

/** The length of the longest line. */
export const longestLine = characters => Math.max(...characters.join("").split("\n").map(line => [...line].length))

/** Lines as short as those of a page stand in columns side by side: how many fit, how wide each is. */
export function columnsOf(characters, fit) {
  const longest = longestLine(characters) + 1
  if (longest + 2 > fit) return { columns: 1, each: fit }
  return { columns: Math.max(1, Math.floor((fit + 2) / (longest + 2))), each: longest + 2 }
}

/** Where every character stands in columns of lines: { places: [[line, column]], lines }. */
export function layout(characters, fit) {
  const { columns, each } = columnsOf(characters, fit)
  const places = wrap(characters, columns > 1 ? each : fit)
  const lines = places.length ? places.at(-1)[0] + 1 : 1
  const tall = Math.ceil(lines / columns)
  return { lines: columns > 1 ? tall : lines, places: columns > 1 ? places.map(([line, at]) => [line % tall, Math.floor(line / tall) * each + at]) : places }
}

/** The largest size of type, from `most` down to `least`, at which texts stand in a height; none given holds all. */
export function roomSize(texts, width, height, { most, least, title }) {
  const tall = size => texts.reduce((sum, each) => sum + (each.title ? title : 0) + layout(each.characters, fitting(width, size)).lines * size * LINE, 0)
  for (let size = most; height && size > least; size--) if (tall(size) <= height) return size
  return height ? least : most
}

/** Runs of whole numbers that follow each other: [[start, end)]. */
export function runs(list) {
  const out = []
  for (const at of list) {
    if (out.length && out.at(-1)[1] === at) out.at(-1)[1] = at + 1
    else out.push([at, at + 1])
  }
  return out
}

/** The index of the colour of a value. */
export const shade = (value, low, high, steps) => Math.max(0, Math.min(steps - 1, Math.floor(((value - low) / (high - low || 1)) * steps)))
