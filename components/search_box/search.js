const LONGEST = 30 // letters of a word that may be a slip of another

/** Letters and digits in lower case, without accents; whatever stands between them becomes one blank. */
export function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim()
}

/** The words of a query; one with a hyphen stays one, so that the p of "p-value" alone finds nothing. */
export function split(query) {
  return query.split(/\s+/).map(plain).filter(Boolean)
}

/** An entry as it is searched; a name with hyphens is found without them too ("tsne"). */
export function searched([name, about, , , also = ""]) {
  const joined = /[\p{L}\p{N}]\p{Pd}\p{L}/u.test(name) ? [name.replace(/\p{Pd}/gu, "")] : []
  return { name: plain(name), about: plain(about), also: [...also.split(","), ...joined].map(plain).filter(Boolean) }
}

const starts = (text, word) => ` ${text}`.includes(` ${word}`)

/** How well an entry fits the words of a query: 0 not at all; the name counts most, its start more. */
export function fit({ name, also, about }, words) {
  let sum = 0
  for (const word of words) {
    const points =
      name === word ? 12
      : name.startsWith(word) ? 8
      : starts(name, word) ? 6
      : also.some(other => starts(other, word)) ? 5
      : word.length > 2 && name.includes(word) ? 3
      : starts(about, word) ? 1
      : 0
    if (!points) return 0
    sum += points
  }
  const query = words.join(" ")
  return sum + (name === query || also.includes(query) ? 20 : 0)
}

/** How many letters must be added, left out, changed or swapped with a neighbour to get from one word to another. */
export function apart(one, other) {
  let before, row = Array.from({ length: other.length + 1 }, (_, j) => j)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1]
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + !same)
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1)
    }
    ;[before, row] = [row, next]
  }
  return row[other.length]
}

/** How far the nearest of some names is from each word of a query, or Infinity; long words may have two slips. */
function slips(names, words) {
  const known = names.join(" ").split(" ")
  let sum = 0
  for (const word of words) {
    const allowed = word.length < 4 ? 0 : word.length < 8 ? 1 : 2
    // what is typed may be the beginning of a longer word
    const least = Math.min(...known.flatMap(each => [-1, 0, 1].map(more => apart(word, each.slice(0, word.length + more)))))
    if (least > allowed) return Infinity
    sum += least
  }
  return sum
}

function best(points, most) {
  return points
    .map((value, place) => [value, place])
    .filter(([value]) => value > -Infinity)
    .sort(([a, i], [b, j]) => b - a || i - j)
    .slice(0, most)
    .map(([, place]) => place)
}

/** The best entries for a query, at most ``most``; among equals those that stand first. */
export function find(index, query, most) {
  const words = split(query)
  return words.length ? best(index.map(entry => fit(entry, words) || -Infinity), most) : []
}

/** The entries whose names are written almost like the query: their own before their others, the most alike first. */
export function near(index, query, most) {
  const words = split(query)
  if (words.some(word => word.length > LONGEST)) return []
  const far = ({ name, also }) => Math.min(slips([name], words), slips(also, words) + 1) + apart(words.join(" "), name) / 1000
  return words.length ? best(index.map(entry => -far(entry)), most) : []
}
