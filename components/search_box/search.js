/** Letters and digits in lower case, without accents; whatever stands between them becomes one blank. */
export function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim()
}

/** How well an entry fits the words of a query: 0 not at all; the name counts most, its start more. */
export function fit({ name, also, about }, words) {
  let sum = 0
  for (const word of words) {
    const starts = text => ` ${text}`.includes(` ${word}`)
    const points = name === word ? 12 : name.startsWith(word) ? 8 : starts(name) ? 6 : starts(also) ? 6 : word.length > 2 && name.includes(word) ? 3 : starts(about) ? 1 : 0
    if (!points) return 0
    sum += points
  }
  return sum + (name === words.join(" ") || also === words.join(" ") ? 20 : 0)
}

/** The best entries for a query, at most ``most``; among equals those that stand first. */
export function find(index, query, most) {
  const words = plain(query).split(" ").filter(Boolean)
  if (!words.length) return []
  return index
    .map((entry, place) => [fit(entry, words), place])
    .filter(([points]) => points)
    .sort(([a, i], [b, j]) => b - a || i - j)
    .slice(0, most)
    .map(([, place]) => place)
}
