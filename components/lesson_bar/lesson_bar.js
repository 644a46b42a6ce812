const CHANNEL = "plainsight:lesson"
const NOTES = "plainsight-notes"
const TURNING = ["ArrowRight", "PageDown", "ArrowLeft", "PageUp", "Home", "End"]

/** The page of the notes window: it follows the lesson in its browser, and turns it with the same keys. */
export function notesPage(data) {
  const given = JSON.stringify({ lesson: data.lesson, steps: data.steps, at: data.at }).replace(/</g, "\\u003c")
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Notes</title>
<style>
:root { color-scheme: light dark }
body { margin: 0; padding: 1.5rem; font: 1.35rem/1.5 sans-serif; max-width: 40rem }
h1 { font-size: 1.5rem; margin: 0 0 1rem } p { margin: 0 0 1rem } small { opacity: .75; font-size: 1rem }
.ask { border-left: .25rem solid #0072b2; padding-left: .75rem } .ask:empty { display: none }
button { font: inherit; padding: .25rem 1rem; margin-right: .5rem }
</style>
<small class="where" role="status"></small><h1></h1><p class="say"></p><p class="ask"></p>
<p><button data-key="PageUp">Previous</button><button data-key="PageDown">Next</button></p><small class="then"></small>
<script>
const channel = new BroadcastChannel("${CHANNEL}")
let given = ${given}
const began = Date.now()
const put = (name, text) => document.querySelector(name).textContent = text
function show() {
  const { lesson, steps, at } = given
  const minutes = Math.floor((Date.now() - began) / 60000)
  put(".where", lesson + " · step " + (at + 1) + " of " + steps.length + " · " + minutes + " min")
  put("h1", steps[at].title)
  put(".say", steps[at].say)
  put(".ask", steps[at].ask)
  put(".then", at + 1 < steps.length ? "Then: " + steps[at + 1].title : "This is the last step.")
}
const ask = key => channel.postMessage({ lesson: given.lesson, key })
channel.onmessage = ({ data }) => { if (data.steps) { given = data; show() } }
document.onclick = ({ target }) => target.dataset.key && ask(target.dataset.key)
document.onkeydown = event => {
  if (${JSON.stringify(TURNING)}.includes(event.key)) { event.preventDefault(); ask(event.key) }
}
setInterval(show, 10000)
show()
</script></html>`
}

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}

function openNotes(place, data) {
  const link = URL.createObjectURL(new Blob([notesPage(data)], { type: "text/html" }))
  const opened = window.open(link, NOTES, "popup,width=640,height=640")
  if (opened) opened.focus()
  else show(place, "Notes", element("h2", { textContent: "The browser blocked the window of the notes. Allow pop-ups for this page, then press N again." }))
}

/** This step for phones: its code as large as the screen allows, its question, its address. */
function toggleCode(place, data) {
  const shown = place.querySelector("dialog")
  if (shown) return shown.close()
  const step = data.steps[data.at]
  const words = element("div", {}, element("h2", { textContent: step.title }))
  words.append(element("p", { className: "ask", textContent: step.ask }))
  words.append(element("p", { className: "address", textContent: data.why || data.address }))
  const picture = data.code ? [element("img", { src: data.code, alt: `QR code of ${data.address}` })] : []
  show(place, "This step on a phone", ...picture, words)
}

/** Fill the screen; a click or Escape closes it. It stands beside the bar, which is drawn anew at every run. */
function show(place, label, ...children) {
  place.querySelector("dialog")?.remove()
  const dialog = element("dialog", { className: "phones", ariaLabel: label }, ...children)
  dialog.onclick = () => dialog.close()
  dialog.onclose = () => dialog.remove()
  // Escape closes this and must not reach the page, where it leaves the presentation.
  dialog.onkeydown = event => {
    if (event.key === "Escape") {
      event.preventDefault()
      event.stopPropagation()
      dialog.close()
    }
  }
  place.append(dialog)
  dialog.showModal()
}

/** A link to a step, turned to within the page; with a modifier the browser opens it as any link. */
function link(href, textContent, label, turn, properties = { ariaLabel: label }) {
  if (!href) return element("span", { className: "end", textContent, ariaHidden: "true" })
  const onclick = event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    window.dispatchEvent(new CustomEvent("plainsight:turn", { detail: turn }))
  }
  return element("a", { href, target: "_self", textContent, title: label, onclick, ...properties })
}

const ASKS = "plainsight-asks"

/** Show the class the question of this step beside its title, or hide it again. */
function ask() {
  document.documentElement.classList.toggle(ASKS)
  window.dispatchEvent(new Event("resize")) // the picture keeps within the window
}

const button = (text, title, onclick) => element("button", { type: "button", textContent: text, title, onclick })

let end = () => {} // of whichever was drawn last: a key is for one of them

export default function ({ data, parentElement }) {
  end()
  const root = parentElement.querySelector(".lesson") ?? parentElement.appendChild(element("nav", { className: "lesson" }))
  root.setAttribute("aria-label", `Lesson: ${data.lesson}`)
  root.classList.toggle("alone", !data.present)
  const { at, steps } = data
  const stands = `${data.lesson} ${at}`
  if (document.documentElement.dataset.step !== stands) {
    // another step
    document.documentElement.classList.remove(ASKS)
    parentElement.querySelector("dialog")?.remove()
  }
  document.documentElement.dataset.step = stands
  const way = element("span", { className: "way" })
  way.append(link(data.before, "‹", "Previous step (← or PageUp)", "PageUp"))
  way.append(link(data.here, `${at + 1} / ${steps.length}`, "This step as it was prepared", "again", { className: "count" }))
  way.append(link(data.after, "›", "Next step (→ or PageDown)", "PageDown"))
  const notes = button("Notes", "What to say and to ask, in a window of its own (N)", () => openNotes(parentElement, data))
  const phones = button("QR", "This step on the phones of the class (Q)", () => toggleCode(parentElement, data))
  const question = steps[at].ask ? [button("Ask", "The question of this step, for the class (A)", ask)] : []
  if (data.present) root.replaceChildren(way, ...question, notes, phones)
  else {
    const present = link(`${data.here}&present=1`, "Play", "Larger type, no navigation", "play", {})
    const leave = button("Leave the lesson", "Stay on this page without the lesson", () => {
      const alone = new URL(location.href)
      for (const name of ["lesson", "step"]) alone.searchParams.delete(name)
      location.assign(alone)
    })
    const step = steps[at]
    const words = element("p", {}, element("b", { textContent: step.title }), ` ${data.says ? step.say : ""} `, element("i", { textContent: step.ask }))
    root.replaceChildren(element("div", { className: "row" }, way, element("span", { className: "name", textContent: data.lesson }), present, notes, phones, leave), words)
  }

  const channel = new BroadcastChannel(CHANNEL)
  channel.postMessage({ lesson: data.lesson, steps, at })

  const onKey = event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const on = event.composedPath()[0]
    if (on.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(on.tagName)) return
    if (event.key === "n" || event.key === "N") openNotes(parentElement, data)
    else if ((event.key === "a" || event.key === "A") && data.present && steps[at].ask) ask()
    else if (event.key === "q" || event.key === "Q") toggleCode(parentElement, data)
    else return
    event.preventDefault()
  }
  window.addEventListener("keydown", onKey)
  return (end = () => {
    window.removeEventListener("keydown", onKey)
    channel.close()
  })
}
