// Where the focus windows of a long text stand.
import { strongest } from "./layout.js"

const READABLE_SPAN = 12 // tokens; a query and a key this near fit into one focus window

/** The functions that move the windows and tell where they are. */
export function createFocus(own) {
  /** Where the focus windows show a token best: a query and the key it looks at most, or a key alone. */
  function focusOn(side, index, now) {
    if (side === "k") return { ...now, col: index }
    const itself = own.scene.cols.indexOf(own.scene.rows[index])
    const key = strongest(own.scene.mean, own.scene.rows.length, own.scene.cols.length, { row: index }, 1)[0]?.[1] ?? itself
    const both = Math.abs(key - itself) < READABLE_SPAN && itself >= 0
    return { row: index, col: Math.max(0, both ? (key + itself) / 2 : key) }
  }

  const bringIntoFocus = (side, index) => { own.scene.focus = focusOn(side, index, own.scene.focus) }

  /** Where the focus windows stand for whoever opens this view: at the pinned token, else at the start. */
  function automaticFocus() {
    const { pin } = own.scene.view
    const start = { row: 0, col: 0 }
    const at = pin ? (pin.side === "q" ? own.scene.rows : own.scene.cols).indexOf(pin.token) : -1
    return at < 0 ? start : focusOn(pin.side, at, start)
  }

  /** The middles of the focus windows as the address names them; null where they stand by themselves. */
  function movedByHand() {
    const { focus } = own.scene
    const { row, col } = automaticFocus()
    return own.tooLong() && (row !== focus.row || col !== focus.col) ? [focus.row, focus.col] : null
  }

  return { automaticFocus, bringIntoFocus, movedByHand }
}
