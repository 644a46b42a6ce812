const LINK = "M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7l-1.2 1.2M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7l1.2-1.2"
const SAVE = "M12 4v11m0 0l-4.5-4.5M12 15l4.5-4.5M5 20h14"
const LABELS = { share: "Share" }
const SHOWN_MS = 8000
const EDGE = 8 // pixels between the bubble and the edge of the screen
const COLLECTED = "plainsight:views" // in this browser, until the page Lessons takes them over
const MOST_COLLECTED = 40

/** Type a value into the hidden input of a parameter, as a visitor would: Streamlit puts it into the URL. */
function carry(key, value) {
  const input = document.querySelector(`.st-key-${CSS.escape(key)} input`)
  if (!input || input.value === value) return
  // React keeps its own idea of the value; the prototype's setter goes past it.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, value)
  input.dispatchEvent(new Event("input", { bubbles: true }))
  input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }))
}

function hearView(event) {
  for (const [key, value] of Object.entries(event.detail)) carry(key, String(value))
}

const TOGETHER_MS = 500

/** Whether an address differs from the present one in the text of a field that a visitor sees. */
function newText(url) {
  const [now, next] = [new URL(location.href).searchParams, url.searchParams]
  return [...new Set([...now.keys(), ...next.keys()])].some(key => {
    const field = now.get(key) !== next.get(key) && document.querySelector(`.st-key-${CSS.escape(key)} :is(.stTextInput, .stTextArea)`)
    return field && !field.closest('[class*="_carriers"]')
  })
}

/**
 * Streamlit pushes one history entry a parameter, so that Back would stop at half a preset, and none for a text
 * that is typed, so that Back would skip what stood there before. Here one action gets one entry: what the page
 * changes within half a second, or before the visitor acts again, belongs to the action before. A lesson's step is
 * always an action of its own.
 */
function joinHistory() {
  if (history.joined) return
  const { pushState, replaceState } = history
  let last = -Infinity
  let acted = false
  for (const action of ["pointerdown", "keydown"]) {
    window.addEventListener(action, event => { acted ||= event.isTrusted }, true)
  }
  history.joined = true
  const write = native => function (state, unused, url) {
    const to = new URL(url ?? location.href, location.href)
    const samePage = to.pathname === location.pathname
    const asked = native === pushState || (samePage && newText(to))
    if (!asked) return replaceState.call(history, state, unused, url)
    const joins = samePage && !state?.turned && (!acted || performance.now() - last < TOGETHER_MS)
    last = performance.now()
    acted = false
    return (joins ? replaceState : pushState).call(history, state, unused, url)
  }
  history.pushState = write(pushState)
  history.replaceState = write(replaceState)
}

function exportAs(format) {
  window.dispatchEvent(new CustomEvent("plainsight:export", { detail: { format } }))
}

function button(label, path, onClick) {
  const element = document.createElement("button")
  element.type = "button"
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  icon.setAttribute("viewBox", "0 0 24 24")
  icon.setAttribute("aria-hidden", "true")
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path")
  line.setAttribute("d", path)
  icon.append(line)
  element.append(icon, label)
  element.onclick = onClick
  return element
}

/** A button that keeps the present view for a lesson of one's own. */
function collectButton(said) {
  const add = document.createElement("button")
  add.type = "button"
  add.textContent = "Add to my lesson"
  add.onclick = () => {
    const views = JSON.parse(localStorage.getItem(COLLECTED) ?? "[]")
    const title = document.querySelector("h1")?.textContent ?? ""
    if (views.length < MOST_COLLECTED) views.push({ link: location.href, title })
    localStorage.setItem(COLLECTED, JSON.stringify(views))
    clearTimeout(said.timer)
    said.textContent = views.length === 1 ? "1 view waits on the page Lessons" : `${views.length} views wait on the page Lessons`
    said.timer = setTimeout(() => said.replaceChildren(), SHOWN_MS)
    keepOnScreen(said)
  }
  return add
}

/** A button that copies the same link with the address by which others in the network reach this computer. */
function networkButton(said, set) {
  const copy = document.createElement("button")
  copy.type = "button"
  copy.textContent = "Copy a link for this network"
  copy.onclick = () => {
    const link = new URL(location.href)
    link.host = set.host
    copyLink(said, { ...set, local: "", host: "" }, link.href)
  }
  return copy
}

/** A press beside the bubble, or Escape, closes it. */
function closeFromOutside(said) {
  const close = event => {
    const open = said.hasChildNodes()
    if (open && (event.type === "keydown" ? event.key !== "Escape" : event.composedPath().includes(said))) return
    for (const type of ["pointerdown", "keydown"]) window.removeEventListener(type, close, true)
    if (!open) return
    said.replaceChildren()
    if (event.type === "keydown") event.stopPropagation() // Escape leaves the presentation otherwise
  }
  for (const type of ["pointerdown", "keydown"]) window.addEventListener(type, close, true)
}

/** Move the bubble so that it lies on the screen, wherever the button stands. */
function keepOnScreen(said) {
  said.style.translate = ""
  const { left, right } = said.getBoundingClientRect()
  const width = document.documentElement.clientWidth
  const shift = Math.max(EDGE - left, Math.min(0, width - EDGE - right))
  said.style.translate = `${shift / (said.currentCSSZoom ?? 1)}px`
}

async function copyLink(said, set, link = location.href) {
  const tail = set.missing ? `, but ${set.missing}` : ""
  const more = document.createElement("div")
  if (set.local) more.append(set.local)
  if (set.host) more.append(networkButton(said, set))
  if (set.collectable) more.append(collectButton(said))
  clearTimeout(said.timer)
  closeFromOutside(said)
  try {
    await navigator.clipboard.writeText(link)
    said.replaceChildren(`Link copied${tail}`, more)
    // What offers a choice waits for it.
    if (!more.childElementCount) said.timer = setTimeout(() => said.replaceChildren(), SHOWN_MS)
  } catch {
    // No clipboard here (plain http, or the visitor refused): show the link, chosen; the old way may copy it.
    const field = document.createElement("input")
    field.readOnly = true
    field.value = link
    field.setAttribute("aria-label", "Link to this state")
    const words = document.createElement("span")
    said.replaceChildren(words, field, more)
    field.focus()
    field.select()
    words.textContent = (document.execCommand("copy") ? "Link copied" : "Copy this link") + tail
  }
  keepOnScreen(said)
}

/** The key / leads to the search, here or on its page. */
function hearSlash(event) {
  const at = event.composedPath()[0]
  if (event.key !== "/" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
  if (at.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(at.tagName)) return
  const way = document.querySelector('[data-testid="stSidebarNavLink"][href$="/glossary"]')
  if (document.querySelector(".st-key-search")) window.dispatchEvent(new Event("plainsight:find"))
  else if (way) {
    sessionStorage.setItem("plainsight:find", "1")
    way.click()
  } else return
  event.preventDefault()
}

export default function ({ data, parentElement }) {
  let bar = parentElement.querySelector(".bar")
  if (!bar) {
    bar = document.createElement("div")
    bar.className = "bar"
    const said = document.createElement("div")
    said.className = "said"
    said.setAttribute("role", "status")
    for (const name of data.buttons) {
      const click = name === "share" ? () => copyLink(said, bar.dataset) : () => exportAs(name)
      bar.append(button(LABELS[name] ?? name.toUpperCase(), name === "share" ? LINK : SAVE, click))
    }
    bar.append(said)
    parentElement.append(bar)
  }
  bar.dataset.missing = data.missing
  bar.dataset.collectable = data.collectable ? "yes" : ""
  bar.dataset.local = data.local ?? ""
  bar.dataset.host = data.host ?? ""

  if (!data.buttons.includes("share")) return
  joinHistory()
  // The same function every run: adding it again changes nothing.
  window.addEventListener("plainsight:view", hearView)
  window.addEventListener("keydown", hearSlash)
  return () => {
    window.removeEventListener("plainsight:view", hearView)
    window.removeEventListener("keydown", hearSlash)
  }
}
