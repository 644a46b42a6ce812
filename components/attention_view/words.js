// What the attention view says: the sentences, the table of links, the words in the tip.
import { percent, strongest } from "./layout.js"
import { element, headName } from "./elements.js"

/** The functions that put the picture into words. */
export function createWords(own, { see, said, table }) {
  /** A token in a sentence: in italics, a lone comma in quotes, the second of two equal ones with a small 2. */
  function quote(index) {
    const { text } = own.scene.tokens[index]
    const copy = own.scene.copies[index]
    const node = /[\p{L}\p{N}]/u.test(text) ? element("em", {}, text) : `“${text}”`
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

  function describe() {
    const { header, view, rows, cols, mean } = own.scene
    const { q, k } = own.selection()
    const one = view.heads.length === 1
    const who = one ? `Head ${headName(view.layer, view.heads[0])}` : `The mean of ${view.heads.length} heads of layer ${view.layer}`
    const habit = one ? header.sentences[view.layer * header.heads + view.heads[0]] : ""
    const parts = [element("b", {}, "What you see. ")]
    if (!rows.length || !cols.length) parts.push("Nothing is left to show: bring the special tokens back or choose all directions.")
    else if (q !== null) {
      const found = k === null ? strongest(mean, rows.length, cols.length, { row: q }, 2) : [[q, k, Math.max(0, mean[q * cols.length + k])]]
      parts.push(`${who} sends `)
      found.forEach(([, c, w], i) => parts.push(i ? " and " : "", about() + percent(w), ...(i ? [" to "] : [" of ", ...quote(rows[q]), " to "]), ...quote(cols[c])))
      if (!found.length) parts.push("nothing from ", ...quote(rows[q]), " to the tokens shown")
      parts.push(".")
      const same = k === null && found.length && !view.hide && found[0][2] >= 0.3 ? alike(rows[q], cols[found[0][1]]) : []
      if (same.length === 1) parts.push(` Head ${headName(same[0][0], same[0][1])} does the same (${percent(same[0][2])}).`)
      if (same.length > 1) parts.push(` ${same.length} other heads put half or more there too, most of all ${headName(same[0][0], same[0][1])} (${percent(same[0][2])}).`)
    } else if (k !== null) {
      const found = strongest(mean, rows.length, cols.length, { col: k }, 3)
      parts.push(`In ${who[0].toLowerCase()}${who.slice(1)}, `, ...quote(cols[k]), " gets most from ")
      found.forEach(([r, , w], i) => parts.push(i ? ", " : "", ...quote(rows[r]), ` (${about()}${percent(w)})`))
      parts.push(".")
    } else {
      const [[r, c, w] = []] = strongest(mean, rows.length, cols.length, {}, 1)
      if (w) parts.push(`${who}: the strongest link here runs from `, ...quote(rows[r]), " to ", ...quote(cols[c]), ` (${about()}${percent(w)}).`)
    }
    if (habit) parts.push(` Over the whole text${view.hide ? ", special tokens included," : ""} this head ${habit}.`)
    parts.push(` ${header.overall}`)
    if (view.hide) parts.push(" Special tokens are hidden; what is left of each row is rescaled to 100 %.")
    see.replaceChildren(...parts)
    const list = strongest(mean, rows.length, cols.length, { row: q, col: q === null ? k : null }, 10)
    table.replaceChildren(...list.map(([r, c, w]) => element("tr", {}, element("td", {}, ...quote(rows[r])), element("td", {}, ...quote(cols[c])), element("td", {}, about() + percent(w)))))
    if (own.hover.q === null && own.hover.k === null) said.replaceChildren(...spoken(see))
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

  return { describe, label, cellText, said }
}
