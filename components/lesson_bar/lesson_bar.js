const CHANNEL = "plainsight:lesson"
const NOTES = "plainsight-notes"
const FORWARD = ["ArrowRight", "PageDown"]
const BACK = ["ArrowLeft", "PageUp"]

/** 1 for a key that turns to the next step, -1 for the one before, 0 for any other. */
export function turn(key) {
  return FORWARD.includes(key) ? 1 : BACK.includes(key) ? -1 : 0
}

/** Whether a key pressed on this element belongs to the element and not to the lesson. */
export function taken(element, key) {
  const tag = element.tagName
  if (element.isContentEditable || tag === "TEXTAREA" || tag === "SELECT") return true
  if (tag === "INPUT") return !key.startsWith("Page") || !["radio", "checkbox", "range"].includes(element.type)
  // Arrow keys move inside a picture, a row of tabs or a list; a clicker's PageUp and PageDown never do.
  return key.startsWith("Arrow") && (element.tabIndex >= 0 || element.hasAttribute("role")) && !["A", "BODY", "HTML"].includes(tag)
    && !(tag === "BUTTON" && !element.hasAttribute("role"))
}

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
<p><button data-by="-1">Previous</button><button data-by="1">Next</button></p><small class="then"></small>
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
const ask = by => channel.postMessage({ lesson: given.lesson, by })
channel.onmessage = ({ data }) => { if (data.steps) { given = data; show() } }
document.onclick = ({ target }) => target.dataset.by && ask(+target.dataset.by)
document.onkeydown = event => {
  const by = ${JSON.stringify(FORWARD)}.includes(event.key) ? 1 : ${JSON.stringify(BACK)}.includes(event.key) ? -1 : 0
  if (by) { event.preventDefault(); ask(by) }
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

function openNotes(root, data) {
  const link = URL.createObjectURL(new Blob([notesPage(data)], { type: "text/html" }))
  const opened = window.open(link, NOTES, "popup,width=640,height=640")
  if (opened) opened.focus()
  else show(root, "Notes", element("h2", { textContent: "The browser blocked the window of the notes. Allow pop-ups for this page, then press N again." }))
}

/** This step for phones: its code as large as the screen allows, its question, its address. */
function toggleCode(root, data) {
  const shown = root.querySelector("dialog")
  if (shown) return shown.close()
  const step = data.steps[data.at]
  const words = element("div", {}, element("h2", { textContent: step.title }))
  words.append(element("p", { className: "ask", textContent: step.ask }))
  words.append(element("p", { className: "address", textContent: data.why || data.address }))
  const picture = data.code ? [element("img", { src: data.code, alt: `QR code of ${data.address}` })] : []
  show(root, "This step on a phone", ...picture, words)
}

/** Fill the screen; a click or Escape closes it. */
function show(root, label, ...children) {
  root.querySelector("dialog")?.remove()
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
  root.append(dialog)
  dialog.showModal()
}

const link = (href, text, label) =>
  href
    ? element("a", { href, target: "_self", textContent: text, ariaLabel: label, title: label })
    : element("span", { className: "end", textContent: text, ariaHidden: "true" })

const button = (text, title, onclick) => element("button", { type: "button", textContent: text, title, onclick })

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".lesson") ?? parentElement.appendChild(element("nav", { className: "lesson" }))
  root.setAttribute("aria-label", `Lesson: ${data.lesson}`)
  root.classList.toggle("alone", !data.present)
  const { at, steps } = data
  const way = element("span", { className: "way" })
  way.append(link(data.before, "‹", "Previous step (← or PageUp)"))
  way.append(element("a", { className: "count", href: data.here, target: "_self", textContent: `${at + 1} / ${steps.length}`, title: "This step as it was prepared" }))
  way.append(link(data.after, "›", "Next step (→ or PageDown)"))
  const notes = button("Notes", "What to say and to ask, in a window of its own (N)", () => openNotes(root, data))
  const phones = button("QR", "This step on the phones of the class (Q)", () => toggleCode(root, data))
  if (data.present) root.replaceChildren(way, notes, phones)
  else {
    const present = element("a", { href: `${data.here}&present=1`, target: "_self", textContent: "Play", title: "Larger type, no navigation" })
    const leave = button("Leave the lesson", "Stay on this page without the lesson", () => {
      const alone = new URL(location.href)
      for (const name of ["lesson", "step"]) alone.searchParams.delete(name)
      location.assign(alone)
    })
    const step = steps[at]
    const words = element("p", {}, element("b", { textContent: step.title }), ` ${step.say} `, element("i", { textContent: step.ask }))
    root.replaceChildren(element("div", { className: "row" }, way, element("span", { className: "name", textContent: data.lesson }), present, notes, phones, leave), words)
  }

  const channel = new BroadcastChannel(CHANNEL)
  const step = by => {
    const to = by > 0 ? data.after : data.before
    if (to) location.assign(to)
  }
  channel.postMessage({ lesson: data.lesson, steps, at })
  channel.onmessage = event => event.data.by && event.data.lesson === data.lesson && step(event.data.by)

  const onKey = event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (taken(event.composedPath()[0], event.key)) return
    const by = turn(event.key)
    if (by) step(by)
    else if (event.key === "n" || event.key === "N") openNotes(root, data)
    else if (event.key === "q" || event.key === "Q") toggleCode(root, data)
    else return
    event.preventDefault()
  }
  window.addEventListener("keydown", onKey)
  return () => {
    window.removeEventListener("keydown", onKey)
    channel.close()
  }
}
