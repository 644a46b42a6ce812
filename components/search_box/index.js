
const MOST = 8

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}

export default function ({ data, parentElement }) {
  let root = parentElement.querySelector(".search")
  if (root?.entries === data.entries.length) return
  root?.remove()
  const index = data.entries.map(([name, about, , , also]) => ({ name: plain(name), about: plain(about), also: plain(also) }))
  const list = element("ul", { id: "found", role: "listbox", ariaLabel: "Found" })
  const said = element("p", { className: "said", role: "status" })
  const field = element("input", { type: "text", role: "combobox", placeholder: data.label, ariaLabel: data.label, autocomplete: "off", spellcheck: false })
  for (const [name, value] of Object.entries({ "aria-autocomplete": "list", "aria-controls": "found", "aria-expanded": "false", "aria-keyshortcuts": "/", enterkeyhint: "go" })) field.setAttribute(name, value)
  root = element("div", { className: "search" }, field, list, said)
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
  const draw = () => {
    const query = field.value
    const places = find(index, query, MOST)
    list.replaceChildren(...places.map((place, i) => {
      const [name, about, link, kind] = data.entries[place]
      const item = element("li", { id: `found-${i}`, role: "option" },
        element("b", { textContent: name }), " ", element("small", { textContent: kind }), element("span", { textContent: about }))
      item.onpointermove = () => at !== i && mark(i)
      item.onclick = event => event.ctrlKey || event.metaKey ? window.open(link) : location.assign(link)
      return item
    }))
    field.setAttribute("aria-expanded", String(places.length > 0))
    said.textContent = !query.trim() ? "" : places.length ? `${places.length === MOST ? "The best " : ""}${places.length} found` : `Nothing found for “${query.trim().slice(0, 40)}”; try a single word.`
    said.classList.toggle("seen", query.trim() !== "" && !places.length)
    mark(places.length ? 0 : -1)
  }
  field.oninput = draw
  field.onkeydown = event => {
    const many = list.children.length
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
