// Elements of the scatter view and what the page's theme says. No knowledge of points in this file.

export const element = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node[name] = value
    else if (value !== false && value !== null) node.setAttribute(name, value === true ? "" : value)
  }
  node.append(...children)
  return node
}

/** A button; `pressed` makes it one that stays down. */
export const press = (label, title, on, pressed) =>
  element("button", { type: "button", title, onclick: on, "aria-pressed": pressed === undefined ? null : String(pressed) }, label)

/** A list to choose from, [value, name] each; `bare` without its label before it. */
export function pickOf(label, now, options, on, bare = false) {
  const select = element("select", { "aria-label": label, onchange: () => on(select.value) }, ...options.map(([value, name]) => element("option", { value, selected: value === now }, name)))
  return bare ? select : element("label", {}, label, select)
}

export function readTheme(root) {
  const style = getComputedStyle(root)
  const css = name => style.getPropertyValue(name).trim()
  const background = css("--st-background-color") || "#ffffff"
  const dark = parseInt(background.slice(1, 3), 16) < 128
  const least = css("--plainsight-least") ? parseFloat(getComputedStyle(document.documentElement).fontSize) / (parseFloat(css("--fit")) || 1) : 0 // of the type that a room can read (app/present.css)
  return {
    dark, background, least, font: css("--st-font") || "sans-serif", size: Math.max(Math.round(parseFloat(style.fontSize) * 0.88 * 10) / 10, least),
    text: css("--st-text-color") || "#1f2733", faint: dark ? "#9aa4b2" : "#667080",
  }
}

/** Whether the visitor wants nothing to move. */
export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches

/** Give a file to the visitor. */
export function save(blob, name) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name })
  // not bubbling: a click that reached the page would close the menu that asked for the file
  link.dispatchEvent(new MouseEvent("click", { bubbles: false }))
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
