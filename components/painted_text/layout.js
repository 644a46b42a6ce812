// Pure half of the painted text: where each character stands. No DOM.

const GLYPHS = { "\n": "↵", " ": "\u00a0", "\t": "→", "\r": "↵" }
export const glyph = character => GLYPHS[character] ?? character

/** Line and column of every character: a line ends with its line end, or where `fit` other characters stand. */
export function wrap(characters, fit) {
  const out = []
  let [line, column] = [0, 0]
  for (const character of characters) {
    if (column >= fit && character !== "\n") [line, column] = [line + 1, 0]
    out.push([line, column])
    if (character === "\n") [line, column] = [line + 1, 0]
    else column += 1
  }
  return out
}

/** Lines as short as those of a page stand in columns side by side: how many fit, how wide each is. */
export function columnsOf(characters, fit) {
  let [longest, run] = [0, 0]
  for (const character of characters) {
    run += 1
    if (character === "\n") [longest, run] = [Math.max(longest, run), 0]
  }
  longest = Math.max(longest, run)
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
