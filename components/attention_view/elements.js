// Small helpers of the attention view: elements, the theme, equal tokens, saving.
import { ramp } from "./draw.js"

export const NARROW = 780 // px; below it the pictures stand one under the other

export const element = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node[name] = value
    else if (value !== false && value !== null) node.setAttribute(name, value === true ? "" : value)
  }
  node.append(...children)
  return node
}

export const makeCanvas = (width, height) => Object.assign(document.createElement("canvas"), { width, height })

/** Colours and type from the page's theme. */
export function readTheme(root) {
  const style = getComputedStyle(root)
  const css = name => style.getPropertyValue(name).trim()
  const background = css("--st-background-color") || "#ffffff"
  const dark = parseInt(background.slice(1, 3), 16) < 128
  const least = css("--plainsight-least") ? parseFloat(getComputedStyle(document.documentElement).fontSize) / (parseFloat(css("--fit")) || 1) : 0 // of the type that a room can read (app/present.css)
  const size = Math.max(parseFloat(style.fontSize) * 0.9, least)
  const font = css("--st-font") || "sans-serif"
  return {
    dark, size, least, background, font,
    text: css("--st-text-color") || "#1f2733",
    faint: dark ? "#9aa4b2" : "#667080",
    border: css("--st-border-color") || "#d9dee6",
    query: dark ? "#56a8e0" : "#0072B2",
    key: "#E69F00",
    queryTint: dark ? "#1c3a52" : "#dcebf5",
    keyTint: dark ? "#4a3a14" : "#fbefd5",
    masked: dark ? [29, 32, 38] : [236, 238, 241],
    ramp: ramp(dark),
    label: `${size}px ${font}`,
    small: `${Math.max(size * 0.9, least)}px ${font}`,
    smallSize: Math.max(size * 0.9, least),
  }
}

/** For each token which of its equals it is, counted from 1; 0 for a token that occurs once. */
export function copiesOf(tokens) {
  const total = new Map()
  const mine = tokens.map(({ text }) => {
    total.set(text, (total.get(text) ?? 0) + 1)
    return total.get(text)
  })
  return mine.map((copy, i) => (total.get(tokens[i].text) > 1 ? copy : 0))
}

export const headName = (layer, head) => `${layer}.${head}`
export const clamp = (value, most) => Math.max(0, Math.min(most - 1, value))

/** Let the browser download a blob. */
export function save(blob, name) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name })
  // not bubbling: a click that reached the page would close the menu that asked for the file
  link.dispatchEvent(new MouseEvent("click", { bubbles: false }))
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
