const LINK = "M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7l-1.2 1.2M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7l1.2-1.2"
const SAVE = "M12 4v11m0 0l-4.5-4.5M12 15l4.5-4.5M5 20h14"
const LABELS = { share: "Share" }
const SHOWN_MS = 8000
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

/**
 * Streamlit pushes one history entry a parameter, so that Back would stop at half a preset. What changes on one
 * page within half a second is one action and gets one entry.
 */
function joinHistory() {
  if (history.joined) return
  const push = history.pushState
  let last = -Infinity
  history.joined = true
  history.pushState = function (state, unused, url) {
    const samePage = url === undefined || url === null || new URL(url, location.href).pathname === location.pathname
    const write = samePage && performance.now() - last < TOGETHER_MS ? history.replaceState : push
    last = performance.now()
    write.call(history, state, unused, url)
  }
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
  }
  return add
}

async function copyLink(said, { missing, collectable }) {
  const link = location.href
  const tail = missing ? `, but ${missing}` : ""
  try {
    await navigator.clipboard.writeText(link)
    said.replaceChildren(`Link copied${tail}`, ...(collectable ? [collectButton(said)] : []))
    clearTimeout(said.timer)
    said.timer = setTimeout(() => said.replaceChildren(), SHOWN_MS)
  } catch {
    // No clipboard here (plain http, or the visitor refused): show the link, ready to copy.
    const field = document.createElement("input")
    field.readOnly = true
    field.value = link
    field.setAttribute("aria-label", "Link to this state")
    field.onkeydown = event => event.key === "Escape" && said.replaceChildren()
    said.replaceChildren(`Copy this link${tail}`, field, ...(collectable ? [collectButton(said)] : []))
    field.focus()
    field.select()
  }
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
