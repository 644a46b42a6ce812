
const MOST = 8
const QUOTED = 60 // characters of a text in its line of the list

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}

/** The line that takes what was typed to the page that reads it. */
function reading(query, { page, about, link, parameter, most }) {
  const asked = new URLSearchParams({ [parameter]: query.trim() }).toString()
  if (asked.length > most) return [`Open ${page}`, "This text is too long for a link: paste it there into the field Text.", link, ""]
  return [`Read ${quoted(query)} in ${page}`, about, `${link}?${asked}`, ""]
}

/** Go to a page within the session: its picture need not wait for the whole app. */
function turn(link) {
  history.pushState(null, "", link)
  window.dispatchEvent(new PopStateEvent("popstate"))
}

function quoted(query) {
  const text = query.trim()
  return `“${text.length > QUOTED ? `${text.slice(0, QUOTED - 1).trimEnd()}…` : text}”`
}

export default function ({ data, parentElement }) {
  let root = parentElement.querySelector(".search")
  if (root?.entries === data.entries.length) return
  root?.remove()
  const index = data.entries.map(searched)
  const list = element("ul", { id: "found", role: "listbox", ariaLabel: "Found" })
  const said = element("p", { className: "said", role: "status" })
  const field = element("input", { type: "text", role: "combobox", placeholder: data.label, ariaLabel: data.label, autocomplete: "off", spellcheck: false })
  for (const [name, value] of Object.entries({ "aria-autocomplete": "list", "aria-controls": "found", "aria-expanded": "false", "aria-keyshortcuts": "/", enterkeyhint: "go" })) field.setAttribute(name, value)
  const panel = element("div", { className: "panel" }, said, list)
  root = element("div", { className: "search" }, field, panel)
  root.entries = data.entries.length
  let at = -1

  const mark = to => {
    at = to
    for (const [i, item] of [...list.children].entries()) {
      item.setAttribute("aria-selected", String(i === at))
      if (i === at) item.scrollIntoView({ block: "nearest" })
    }
    field.setAttribute("aria-activedescendant", at < 0 ? "" : `found-${at}`)
  }
  /** What a query offers, best first, and what is said about it. */
  const offers = query => {
    const words = split(query)
    if (!words.length) return [[], ""]
    const entry = place => data.entries[place]
    const found = find(index, query, MOST).map(entry)
    const read = reading(query, data.reader)
    if (found.length) return [words.length > 1 ? [...found.slice(0, MOST - 1), read] : found, `${found.length === MOST ? "The best " : ""}${found.length} found`]
    if (words.length > 3) return [[read], ""]
    const alike = near(index, query, MOST - 1).map(entry)
    const name = quoted(query)
    if (alike.length) return [[...alike, read], `Nothing is called ${name}. Written almost like it:`]
    const glossary = ["Look through the glossary", "All words that are explained here, each with the page that shows it.", "glossary", ""]
    return [words.length > 1 ? [read, glossary] : [glossary, read], `Nothing found for ${name}.`]
  }
  const draw = () => {
    const [lines, about] = offers(field.value)
    list.replaceChildren(...lines.map(([name, line, link, kind], i) => {
      const item = element("li", { id: `found-${i}`, role: "option" },
        element("b", { textContent: name }), " ", element("small", { textContent: kind }), element("span", { textContent: line }))
      item.onpointermove = () => at !== i && mark(i)
      item.onclick = event => {
        if (event.ctrlKey || event.metaKey) window.open(link)
        else if (name.startsWith("Read “")) turn(link)
        else location.assign(link)
      }
      return item
    }))
    field.setAttribute("aria-expanded", String(lines.length > 0))
    said.textContent = about
    said.classList.toggle("seen", about.startsWith("Nothing"))
    mark(lines.length ? 0 : -1)
  }
  field.oninput = draw
  field.onkeydown = event => {
    const many = list.children.length
    if (event.isComposing) return
    if (event.key === "ArrowDown" && many) mark((at + 1) % many)
    else if (event.key === "ArrowUp" && many) mark((at - 1 + many) % many)
    else if (event.key === "Enter" && many) list.children[Math.max(at, 0)].click()
    else if (event.key === "Escape" && field.value) {
      field.value = ""
      draw()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  parentElement.append(root)
  // The key / on another page leads here (toolbar.js) and has set this.
  if (sessionStorage.getItem("plainsight:find")) {
    sessionStorage.removeItem("plainsight:find")
    field.focus()
  }
  const focus = () => field.focus()
  window.addEventListener("plainsight:find", focus)
  return () => window.removeEventListener("plainsight:find", focus)
}
