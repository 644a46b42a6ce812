// Mouse, touch and keyboard over the three pictures of the attention view.
import { gridAt, indexAt } from "./layout.js"
import { clamp, element, headName } from "./elements.js"

const SETTLE = 150 // ms after the last turn of the wheel

/** Let the pictures answer; gives the function that ends what is still to come. */
export function listen(own, { root, words, matrix, grid, tip }) {
  let settled = 0 // timer: the wheel has come to rest

  const point = (event, node) => {
    const box = node.getBoundingClientRect()
    const shown = box.width / node.offsetWidth || 1 // less than 1 where a room's picture is shrunk
    return { x: (event.clientX - box.left) / shown, y: (event.clientY - box.top) / shown }
  }

  function showTip(event, ...content) {
    if (!content.length) { tip.hidden = true; return }
    tip.replaceChildren(...content)
    tip.hidden = false
    const box = root.getBoundingClientRect()
    const x = Math.min(event.clientX - box.left + 14, box.width - tip.offsetWidth - 4)
    tip.style.transform = `translate(${Math.max(0, x)}px, ${event.clientY - box.top + 16}px)`
  }

  function wordUnder(event) {
    const { x, y } = point(event, words)
    const middle = (own.place.words.xl + own.place.words.xr) / 2
    const left = x < middle
    const index = indexAt(left ? own.place.words.left : own.place.words.right, y)
    return { side: left ? "q" : "k", index }
  }

  function setHover(next) {
    if (next.q === own.hover.q && next.k === own.hover.k) return
    own.hover = next
    own.redraw()
    own.describe()
  }

  words.onpointermove = event => {
    if (event.pointerType === "touch") return
    const { side, index } = wordUnder(event)
    setHover({ q: side === "q" && index >= 0 ? index : null, k: side === "k" && index >= 0 ? index : null })
    if (index < 0) return showTip(event)
    const at = (side === "q" ? own.scene.rows : own.scene.cols)[index]
    const token = own.scene.tokens[at]
    const notes = token.unknown ? [element("small", {}, " unknown to this model")] : []
    if (token.raw !== token.text || notes.length || index < own.place.words.left.first || index >= own.place.words.left.last) showTip(event, ...own.label(at), ...notes)
    else showTip(event)
  }
  words.onclick = event => {
    const { side, index } = wordUnder(event)
    if (index < 0) return
    const token = (side === "q" ? own.scene.rows : own.scene.cols)[index]
    const same = own.scene.view.pin && own.scene.view.pin.side === side && own.scene.view.pin.token === token
    own.bringIntoFocus(side, index)
    own.change({ pin: same ? null : { side, token } })
  }
  matrix.onpointermove = event => {
    if (event.pointerType === "touch") return
    const { x, y } = point(event, matrix)
    const q = indexAt(own.place.matrix.rowAxis, y - own.place.matrix.y)
    const k = indexAt(own.place.matrix.colAxis, x - own.place.matrix.x)
    if (q < 0 || k < 0) { setHover({ q: null, k: null }); return showTip(event) }
    setHover({ q, k })
    showTip(event, ...own.cellText(q, k))
  }
  matrix.onclick = event => {
    const { x, y } = point(event, matrix)
    const q = indexAt(own.place.matrix.rowAxis, y - own.place.matrix.y)
    const k = indexAt(own.place.matrix.colAxis, x - own.place.matrix.x)
    if (q < 0) return
    own.scene.focus = { row: q, col: k < 0 ? q : k }
    own.change({ pin: { side: "q", token: own.scene.rows[q] } })
  }
  grid.onpointermove = event => {
    const { x, y } = point(event, grid)
    const found = gridAt(own.place.grid, x, y)
    if (found?.layer === own.hoverHead?.layer && found?.head === own.hoverHead?.head && !tip.hidden) return
    own.hoverHead = found
    own.redraw()
    if (!found) return showTip(event)
    showTip(event, element("b", {}, `Head ${headName(found.layer, found.head)} `), own.scene.header.sentences[found.layer * own.scene.header.heads + found.head])
  }
  grid.onclick = event => {
    const { x, y } = point(event, grid)
    const found = gridAt(own.place.grid, x, y)
    if (found) own.solo(found.layer, found.head)
  }
  for (const node of [words, matrix, grid]) {
    node.onpointerleave = event => {
      own.hoverHead = null
      setHover({ q: null, k: null })
      own.redraw()
      showTip(event)
    }
  }

  const wheel = (event, side) => {
    const ax = side === "row" ? own.place.words.left : own.place.words.right
    if (ax.last === 0 || ax.last - ax.first === ax.n) return
    const half = (ax.last - ax.first) >> 1
    const step = Math.sign(event.deltaY) * 3
    const next = Math.max(half, Math.min(ax.n - half, own.scene.focus[side] + step))
    if (next === own.scene.focus[side]) return // at the end the page scrolls on
    event.preventDefault()
    own.scene.focus = { ...own.scene.focus, [side]: next }
    own.arrange()
    own.redraw()
    clearTimeout(settled)
    settled = setTimeout(own.writeAddress, SETTLE)
  }
  words.addEventListener("wheel", event => wheel(event, wordUnder(event).side === "q" ? "row" : "col"), { passive: false })
  matrix.addEventListener("wheel", event => wheel(event, event.shiftKey ? "col" : "row"), { passive: false })

  function moveToken(by) {
    const { rows, view } = own.scene
    const now = view.pin?.side === "q" ? rows.indexOf(view.pin.token) : -1
    const next = Math.max(0, Math.min(rows.length - 1, now < 0 ? 0 : now + by))
    own.bringIntoFocus("q", next)
    own.change({ pin: { side: "q", token: rows[next] } })
  }

  function moveKey(by) {
    const { q, k } = own.selection()
    const next = Math.max(0, Math.min(own.scene.cols.length - 1, (k ?? -1) + by))
    own.hover = { q: q ?? 0, k: next }
    own.redraw()
    own.describe()
    own.said.replaceChildren(...own.cellText(own.hover.q, next))
  }

  function moveHead(byLayer, byHead) {
    const { header, view } = own.scene
    own.solo(clamp(view.layer + byLayer, header.layers), clamp(view.heads[0] + byHead, header.heads))
  }

  const keys = {
    ArrowUp: node => (node === grid ? moveHead(-1, 0) : moveToken(-1)),
    ArrowDown: node => (node === grid ? moveHead(1, 0) : moveToken(1)),
    ArrowLeft: node => (node === matrix ? moveKey(-1) : moveHead(0, -1)),
    ArrowRight: node => (node === matrix ? moveKey(1) : moveHead(0, 1)),
    PageUp: () => moveHead(-1, 0),
    PageDown: () => moveHead(1, 0),
    Escape: () => own.change({ pin: null }),
  }
  for (const node of [words, matrix, grid]) {
    node.onkeydown = event => {
      const act = keys[event.key]
      if (!act || (event.key === "Escape" && !own.scene.view.pin)) return
      event.preventDefault()
      event.stopPropagation()
      act(node)
    }
  }

  return () => clearTimeout(settled)
}
