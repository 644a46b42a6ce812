// Turns the steps of a running lesson without loading the page anew: the address of the step is put into the history,
// and Streamlit follows it as it follows the browser's Back. app/lessons/playing.py then forgets the step before.
const CHANNEL = "plainsight:lesson"
const FORWARD = ["ArrowRight", "PageDown", " "]
const BACK = ["ArrowLeft", "PageUp"]

/** The step, counted from 0, to which a key leads from step `at` of `count`; null where it leads nowhere. */
export function turned(key, at, count) {
  const to = FORWARD.includes(key) ? at + 1 : BACK.includes(key) ? at - 1 : key === "Home" ? 0 : key === "End" ? count - 1 : at
  return to === at || to < 0 || to >= count ? null : to
}

/** Whether a key pressed on this element belongs to the element and not to the lesson. */
export function taken(element, key) {
  const tag = element.tagName
  if (element.isContentEditable || tag === "TEXTAREA" || tag === "SELECT") return true
  if (tag === "INPUT") return !key.startsWith("Page") || !["radio", "checkbox", "range"].includes(element.type)
  if (key === " ") return !["BODY", "HTML"].includes(tag) // it presses buttons, opens lists, scrolls what has the focus
  // Arrow keys, Home and End move inside a picture, a row of tabs or a list; a clicker's PageUp and PageDown never do.
  const moves = key.startsWith("Arrow") || key === "Home" || key === "End"
  return moves && (element.tabIndex >= 0 || element.hasAttribute("role")) && !["A", "BODY", "HTML"].includes(tag)
    && !(tag === "BUTTON" && !element.hasAttribute("role"))
}

/** The address of a step. `tail` names the lesson. */
export const address = ({ links, tail, present }, to, step = String(to + 1)) =>
  `${links[to]}${links[to].includes("?") ? "&" : "?"}${tail}&step=${step}${present ? "&present=1" : ""}`

/** The number of a step, written in another way than the address has it: 3 or 03. Then it is turned to once more. */
export const anew = (to, search) => {
  const step = String(to + 1)
  return new URLSearchParams(search).get("step") === step ? `0${step}` : step
}

const asked = () => Number(new URL(location).searchParams.get("step")) - 1

/**
 * The step last asked for, counted from 0. It is ahead of the server while a step is drawn, so that two quick turns are
 * two steps; the address may then be the server's of a moment ago.
 */
const here = () => history.lessonStep ?? asked()

function go(data, to, step) {
  document.activeElement?.blur()
  document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0)
  history.lessonStep = to
  history.pushState({ turned: true }, "", address(data, to, step))
  window.dispatchEvent(new PopStateEvent("popstate"))
}

let end = () => {} // of whichever was drawn last: two would turn two steps

export default function ({ data }) {
  end()
  const turn = key => {
    const to = turned(key, here(), data.links.length)
    if (to !== null) go(data, to)
    return to !== null
  }
  const onKey = event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    if (!taken(event.composedPath()[0], event.key) && turn(event.key)) event.preventDefault()
  }
  const onBack = event => event.isTrusted && (history.lessonStep = asked())
  // "again" is this step as it was prepared, "play" as well, for a room
  const onTurn = ({ detail }) =>
    ["again", "play"].includes(detail)
      ? go({ ...data, present: data.present || detail === "play" }, here(), anew(here(), location.search))
      : turn(detail)
  const channel = new BroadcastChannel(CHANNEL)
  channel.onmessage = event => event.data.key && event.data.lesson === data.lesson && turn(event.data.key)
  window.addEventListener("keydown", onKey)
  window.addEventListener("plainsight:turn", onTurn)
  window.addEventListener("popstate", onBack)
  return (end = () => {
    window.removeEventListener("keydown", onKey)
    window.removeEventListener("plainsight:turn", onTurn)
    window.removeEventListener("popstate", onBack)
    channel.close()
  })
}
