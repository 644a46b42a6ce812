const COLLECTED = "plainsight:views" // what the toolbar's Share keeps

function views() {
  try {
    const found = JSON.parse(localStorage.getItem(COLLECTED) ?? "[]")
    return Array.isArray(found) ? found : []
  } catch {
    return []
  }
}

export default function ({ parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".collected") ?? parentElement.appendChild(document.createElement("div"))
  root.className = "collected"
  const draw = () => {
    const found = views()
    root.replaceChildren()
    if (!found.length) return
    const button = (text, click) => Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick: click })
    const done = () => {
      localStorage.removeItem(COLLECTED)
      draw()
    }
    const take = button(found.length === 1 ? "Add the view you collected" : `Add the ${found.length} views you collected`, () => {
      setTriggerValue("views", found)
      done()
    })
    root.append(take, button("Forget them", done))
  }
  draw()
  // Another tab may collect meanwhile.
  window.addEventListener("storage", draw)
  return () => window.removeEventListener("storage", draw)
}
