// What the attention view says: the sentences, the table of links, the words in the tip.
import { percent, strongest } from "./layout.js"
import { element, headName } from "./elements.js"

/** The functions that put the picture into words. */
export function createWords(own, { notice, lead, see, terms, said, table }) {
  /** A token in a sentence: in italics, a lone comma in quotes, the second of two equal ones with a small 2. */
  function quote(index) {
    const { text } = own.scene.tokens[index]
    const copy = own.scene.copies[index]
    const node = /[\p{L}\p{N}]/u.test(text) ? element("em", { dir: "auto" }, text) : `“${text}”`
    return copy ? [node, element("sub", { title: `number ${copy} of its kind` }, String(copy))] : [node]
  }

  /** The same words for the ear, where a small 2 would be read as part of the token. */
  function spoken(node) {
    const copy = node.cloneNode(true)
    for (const sub of copy.querySelectorAll("sub")) sub.replaceWith(`, ${sub.title},`)
    return copy.childNodes
  }

  const about = () => (own.scene.view.heads.length > 1 || own.scene.view.hide ? "about " : "")

  /** Other heads in which the same query gives at least half of its weight to the same key. */
  function alike(query, key) {
    const { header, body, table: weights, view } = own.scene
    const found = []
    for (let l = 0; l < header.layers; l++) {
      for (let h = 0; h < header.heads; h++) {
        if (l === view.layer && view.heads.includes(h)) continue
        const w = weights[body[((l * header.heads + h) * header.queries + query - header.first) * header.n + key]]
        if (w >= 0.5) found.push([l, h, w])
      }
    }
    return found.sort((a, b) => b[2] - a[2])
  }

  /** Whether the head is the one that the page opens this text with. */
  const asOpened = () => {
    const { header: { defaults }, view } = own.scene
    return view.layer === defaults.layer && view.heads.join() === defaults.heads.join()
  }

  function who() {
    const { view: { layer, heads } } = own.scene
    return heads.length === 1 ? `Head ${headName(layer, heads[0])}` : `The mean of ${heads.length} heads of layer ${layer}`
  }

  /** The one thing to know of what is selected, as parts of a sentence; what comes next as parts of another. */
  function finding() {
    const { rows, cols, mean } = own.scene
    const { q, k } = own.selection()
    const inside = who()[0].toLowerCase() + who().slice(1)
    if (!rows.length || !cols.length) return [["Nothing is left to show: bring the special tokens back or choose all directions."], []]
    if (q === null && k !== null) {
      const found = strongest(mean, rows.length, cols.length, { col: k }, 3)
      const readers = found.flatMap(([r, , w], i) => [i ? ", " : "", ...quote(rows[r]), ` (${about()}${percent(w)})`])
      return [["In ", inside, ", ", ...quote(cols[k]), found.length ? " gets most weight when reading " : " gets no weight", ...readers, "."], []]
    }
    const found = q === null ? strongest(mean, rows.length, cols.length, {}, 1)
      : k === null ? strongest(mean, rows.length, cols.length, { row: q }, 2)
        : [[q, k, Math.max(0, mean[q * cols.length + k])]]
    if (!found.length) return [q === null ? [] : ["When reading ", ...quote(rows[q]), ", ", inside, " puts no weight on the tokens shown."], []]
    const [[r, c, w], next] = found
    // where a head rests is no finding: the word that it looks at most is named beside it
    const word = q === null || k !== null || !own.scene.tokens[cols[c]].special ? null : strongest(mean, rows.length, cols.length, { row: q }, cols.length).find(([, key]) => !own.scene.tokens[cols[key]].special)
    const beside = word ? [", and ", about() + percent(word[2]), " on ", ...quote(cols[word[1]])] : []
    const first = ["When reading ", ...quote(rows[r]), ", ", inside, ` puts ${about()}${percent(w)} of its weight on `, ...quote(cols[c]), ...beside, q === null ? ", its strongest link here." : "."]
    return [first, next && !word ? ["Next is ", ...quote(cols[next[1]]), ` with ${about()}${percent(next[2])}. `] : []]
  }

  function describe() {
    const { header, view, rows, cols, mean, theme } = own.scene
    const { q, k } = own.selection()
    const one = view.heads.length === 1
    const habit = one ? header.sentences[view.layer * header.heads + view.heads[0]] : ""
    const [first, parts] = finding()
    const resting = own.hover.q === null && own.hover.k === null
    // what the mouse passes must not move the picture under it
    lead.style.height = resting ? "" : lead.style.height || `${lead.offsetHeight}px`
    lead.replaceChildren(element("b", {}, "What you see. "), ...first, ...(asOpened() && header.why && resting ? [element("span", {}, ` ${header.why}`)] : []))
    const best = q !== null && k === null && !view.hide ? strongest(mean, rows.length, cols.length, { row: q }, 1)[0] : null
    const same = best && best[2] >= 0.3 ? alike(rows[q], cols[best[1]]) : []
    if (same.length === 1) parts.push(`Head ${headName(same[0][0], same[0][1])} does the same (${percent(same[0][2])}). `)
    if (same.length > 1) parts.push(`${same.length} other heads put half or more there too, most of all ${headName(same[0][0], same[0][1])} (${percent(same[0][2])}). `)
    if (habit) parts.push(`Over the whole text${view.hide ? ", special tokens included," : ""} ${who().toLowerCase()} ${habit}. `)
    parts.push(header.overall)
    if (view.hide) parts.push(" Special tokens are hidden. What is left of each row is rescaled to 100 %.")
    see.replaceChildren(...parts)
    notice.replaceChildren(header.notice)
    notice.hidden = !header.notice
    terms.replaceChildren(header.terms)
    terms.hidden = Boolean(theme.least) || !header.terms // a room has its speaker
    const list = strongest(mean, rows.length, cols.length, { row: q, col: q === null ? k : null }, 10)
    table.replaceChildren(...list.map(([r, c, w]) => element("tr", {}, element("td", {}, ...quote(rows[r])), element("td", {}, ...quote(cols[c])), element("td", {}, about() + percent(w)))))
    if (resting) said.replaceChildren(...[notice, lead, see].filter(node => !node.hidden).flatMap(node => [...spoken(node), " "]))
  }

  /** Everything said about the picture, as one text. */
  const told = () => [notice, lead, see].filter(node => !node.hidden).map(node => node.textContent.trim()).join(" ")

  /** The finding alone, for a saved picture. */
  function found() {
    const line = element("p")
    line.append(...finding()[0])
    line.replaceChildren(...spoken(line))
    return line.textContent
  }

  const label = index => {
    const token = own.scene.tokens[index]
    return token.raw === token.text ? quote(index) : [...quote(index), element("small", {}, ` ${token.raw}`)]
  }

  function cellText(q, k) {
    const { rows, cols, mean } = own.scene
    const w = mean[q * cols.length + k]
    const value = w < 0 ? "not visible: a causal model looks back only" : about() + percent(w)
    return [...label(rows[q]), " → ", ...label(cols[k]), element("b", {}, ` ${value}`)]
  }

  return { describe, label, cellText, said, told, found }
}
