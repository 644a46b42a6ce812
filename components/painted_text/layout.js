// Pure half of the painted text: where each character stands. No DOM.

export const PAGE = { width: 0.63, line: 1.62, title: 1.7, gap: 0.9 } // of a character, over its size
export const ROOM = { width: 0.605, line: 1.45, title: 1.5, gap: 0.4 } // the same where there is little space

/** How many characters fit on a line, each `wide` px. */
export const fitting = (width, wide) => Math.max(12, Math.floor(width / wide - 1))

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

/** Where every character stands in columns of lines: { places: [[line, column]], lines, first }. Of a text higher than
 * `most` lines those round the character `focus` are shown, or those from line `first` on; the others have no place
 * (null). As a `row`, to be compared with another letter by letter, neither line ends nor words break a line. */
export function layout(characters, fit, { most = Infinity, focus = 0, first = null, row = false } = {}) {
  const { columns, each } = row ? { columns: 1, each: fit } : columnsOf(characters, fit)
  const all = row ? characters.map((_, t) => [Math.floor(t / fit), t % fit]) : wrap(characters, columns > 1 ? each : fit)
  const count = all.length ? all.at(-1)[0] + 1 : 1
  const tall = Math.min(most, Math.ceil(count / columns))
  const shown = tall * columns
  const centred = (all[focus]?.[0] ?? 0) - Math.floor((shown - 1) / 2)
  const from = Math.max(0, Math.min(count - shown, first ?? centred))
  const places = all.map(([line, at]) => {
    const down = line - from
    return down < 0 || down >= shown ? null : [down % tall, Math.floor(down / tall) * each + at]
  })
  return { places, lines: tall, first: from }
}

/** How many lines each of some texts may have where all stand in a height; as many as it has where none is given. */
export function mostLines(texts, height, { line, title, gap }, row = false) {
  const heads = row ? 0 : texts.filter(each => each.title).length * title
  return height ? Math.max(1, Math.floor((height - heads - gap * (texts.length - 1)) / line / texts.length)) : Infinity
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
