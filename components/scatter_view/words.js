// What the scatter view says: the line under the maps, and what stands beside the point under the pointer.
import { judged, said } from "./layout.js"
import { element } from "./elements.js"

const MOST_SAID = 12 // labels of a selection that are written out
const MOST_NEAREST = 8 // neighbours that are named
const MOST_MAPS = 6 // that the line speaks of
const ROOM_MAPS = 3 // the same in a room; of more the last alone
const ROOM_LETTERS = 60 // of the neighbours that a room is told

const told = (column, i) => (column.levels ? column.levels[column.values[i]] ?? "–" : said(column.values[i]))

/** The first of some texts, as many as have so many letters together; one at least. */
export function few(texts, letters) {
  let used = 0
  return texts.filter((text, at) => (used += text.length + 2) <= letters || at === 0)
}

/** The line about the held point, the selection, or what to do: one function that writes it anew. */
export function createLine(view, line) {
  return () => {
    const { scene } = view
    const { view: { pick }, labels, chosen, header, k } = scene
    line.replaceChildren()
    if (pick >= 0 && !(chosen && !chosen.size)) {
      line.append(element("b", {}, labels[pick]), ...scene.columns.map(each => `, ${each.name} ${told(each, pick)}`))
      if (scene.truth) {
        const mine = [...scene.truth.subarray(pick * k, (pick + 1) * k)]
        const nearest = mine.slice(0, MOST_NEAREST).map((j, at) => `${labels[j]} ${scene.distance[pick * k + at].toFixed(2)}`)
        line.append(`. Nearest in the space by ${header.metric}: `, few(nearest, scene.theme.least ? ROOM_LETTERS : Infinity).join(", "), ".")
        const maps = scene.theme.least && scene.maps.length > ROOM_MAPS ? scene.maps.slice(-1) : scene.maps.slice(0, MOST_MAPS)
        for (const map of maps) {
          if (!map.near || map.strangers) continue
          const marks = judged(pick, k, scene.truth, map.near)
          line.append(element("br"), `${map.name}: of its ${k} nearest `, element("b", {}, `${marks.kept.length} kept`), " (line), ", element("b", {}, `${marks.torn.length} torn away`), " (dashes), and ", element("b", {}, `${marks.false.length} false`), " ones (×) near it on the map.")
        }
      }
    } else if (chosen) {
      const names = scene.order.filter(i => chosen.has(i)).map(i => labels[i]).reverse()
      if (!names.length && scene.view.sel.startsWith("find:")) line.append(`No point is named “${scene.view.sel.slice(5)}”.`)
      else line.append(`${chosen.size.toLocaleString("en")} of ${scene.n.toLocaleString("en")} selected${names.length ? ": " : "."}${names.slice(0, MOST_SAID).join(", ")}${names.length > MOST_SAID ? ", …" : ""}`)
    } else if (!scene.theme.least) line.append(header.hint) // a room is told by who presents
  }
}

/** What stands beside the point under the pointer: show(panel, i, x, y) and hide(). */
export function createTip(view, tip) {
  function picture(i) {
    const { header, images, theme } = view.scene
    const { width: w, height: h } = header.images
    const canvas = element("canvas", { width: w, height: h })
    const data = new ImageData(w, h)
    for (let p = 0; p < w * h; p++) {
      const ink = images[i * w * h + p]
      data.data.set(theme.dark ? [ink, ink, ink, 255] : [255 - ink, 255 - ink, 255 - ink, 255], 4 * p)
    }
    canvas.getContext("2d").putImageData(data, 0, 0)
    return canvas
  }

  function show(panel, i, x, y) {
    const { scene } = view
    const { colour } = scene.view
    tip.replaceChildren(element("b", {}, scene.labels[i]), ...scene.columns.map(each => element("div", {}, `${each.name}: ${told(each, i)}`)))
    const own = scene.maps[panel.map].values[colour]
    if (own) tip.append(element("div", {}, `${colour}: ${Number.isFinite(own[i]) ? own[i].toFixed(2) : "not measured"}`))
    if (panel.near && scene.truth) tip.append(element("div", {}, `${judged(i, scene.k, scene.truth, panel.near).kept.length} of its ${scene.k} true neighbours are near it here`))
    if (scene.images) tip.append(picture(i))
    tip.hidden = false
    const box = panel.box.getBoundingClientRect(), all = view.root.getBoundingClientRect()
    const left = box.left - all.left + x
    // at the left where there is no room at the right within the map, so that it does not cover the next one
    const beside = x + 14 + tip.offsetWidth > box.width && x - 14 - tip.offsetWidth > 0 ? left - 14 - tip.offsetWidth : left + 14
    tip.style.left = `${Math.max(0, Math.min(beside, all.width - tip.offsetWidth - 4))}px`
    tip.style.top = `${box.top - all.top + (y + 18 + tip.offsetHeight > box.height ? y - tip.offsetHeight - 10 : y + 16)}px`
  }

  return { show, hide: () => { tip.hidden = true } }
}
