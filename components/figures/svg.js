// What the figures share: a message, elements, theme, ticks, a picture of cells, and the key to the address.

const NAMESPACE = "http://www.w3.org/2000/svg"
const PLAIN_TYPE = 16 // px of the page's type for which lines have the width that they are given
const PLAIN_WINDOW = 768 // px of the window for which figures have the height that they are given

/** Split a message: u32 header length, JSON header, padding to a multiple of four, float32 values. */
export function parse(message) {
  const bytes = message instanceof Uint8Array ? message : new Uint8Array(message)
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))
  const body = bytes.slice(4 + length) // a copy starts where float32 may start
  return { header, values: new Float32Array(body.buffer, 0, body.length >> 2) }
}

/** Round steps (1, 2, 5, 10, …) on 0..n-1, at most `most` of them. */
export function ticks(n, most) {
  let step = 1
  for (let k = 0; Math.floor((n - 1) / step) + 1 > Math.max(2, most); k++) step = [2, 5, 10][k % 3] * 10 ** Math.floor(k / 3)
  return Array.from({ length: Math.floor((n - 1) / step) + 1 }, (_, i) => i * step)
}

/** A number as it is printed, with a real minus sign. */
export function number(value, digits) {
  if (Number.isNaN(value)) return "–"
  const text = Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 10 ** -digits / 2)
    ? value.toExponential(1) : value.toFixed(digits)
  return text.replace("-", "−").replace("e+", "e")
}

/** A label of at most so many letters. */
export const clipped = (label, letters) => ([...label].length > letters ? [...label].slice(0, letters - 1).join("") + "…" : label)

/** A title, or as much of it as has room, ending before a comma or a colon if it can. */
export function titled(title, letters) {
  const parts = title.split(/(?=[,:] )/)
  while (parts.length > 1 && parts.join("").length > letters) parts.pop()
  return clipped(parts.join(""), Math.max(2, letters))
}

/** The place of a value on a scale of `steps` colours. */
export const level = (value, low, high, steps) =>
  Math.max(0, Math.min(steps - 1, Math.floor(((value - low) / (high - low || 1)) * steps)))

/** A bitmap of colour indices as a data URL; browsers draw it without a canvas. `colours` are 256 at most. */
export function bitmap(indices, width, height, colours) {
  const stride = (width + 3) & ~3
  const start = 54 + 4 * colours.length
  const bytes = new Uint8Array(start + stride * height)
  const view = new DataView(bytes.buffer)
  bytes.set([66, 77])
  const fields = [[2, bytes.length], [10, start], [14, 40], [18, width], [22, height], [26, 1 | 8 << 16], [46, colours.length]]
  for (const [at, value] of fields) view.setUint32(at, value, true)
  colours.forEach((colour, i) => view.setUint32(54 + 4 * i, parseInt(colour.slice(1), 16), true))
  for (let row = 0; row < height; row++) bytes.set(indices.subarray(row * width, (row + 1) * width), start + (height - 1 - row) * stride)
  let text = ""
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768))
  return `data:image/bmp;base64,${btoa(text)}`
}

function build(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node[name] = value
    else if (value !== null && value !== undefined) node.setAttribute(name, value)
  }
  node.append(...children.filter(child => child !== null))
  return node
}

export const svg = (tag, attributes = {}, ...children) => build(document.createElementNS(NAMESPACE, tag), attributes, children)
export const html = (tag, attributes = {}, ...children) => build(document.createElement(tag), attributes, children)

/** Colours, type and weight of lines from the page's theme; a room asks for a least size of type
 * (app/present.css): that of the page, also where the whole picture is shrunk by --fit. */
export function readTheme(root) {
  const style = getComputedStyle(root)
  const css = name => style.getPropertyValue(name).trim()
  const background = css("--st-background-color") || "#ffffff"
  const dark = parseInt(background.slice(1, 3), 16) < 128
  const least = css("--plainsight-least") ? parseFloat(getComputedStyle(document.documentElement).fontSize) / (parseFloat(css("--fit")) || 1) : 0
  return {
    dark,
    background,
    least,
    line: Math.max(1, least / PLAIN_TYPE),
    size: Math.max(parseFloat(style.fontSize) * 0.82, least),
    font: css("--st-font") || "sans-serif",
    text: css("--st-text-color") || "#1f2733",
    faint: dark ? "#9aa4b2" : "#5b6472",
    border: css("--st-border-color") || "#d9dee6",
    accent: dark ? "#6cb8ec" : "#0072B2",
    query: dark ? "#56a8e0" : "#0072B2",
    key: "#E69F00",
    good: dark ? "#3fc19b" : "#007a5a",
    bad: dark ? "#ff8f5c" : "#b34700",
    partly: dark ? "#e0b04a" : "#8a5a00",
    tint: dark ? "#1d232c" : "#f3f5f8",
  }
}

/** Write parameters into the page's address; a carrier of app/state.py takes them. */
export const carry = detail => window.dispatchEvent(new CustomEvent("plainsight:view", { detail }))

/** Draw again whenever the message, the theme or the width changes; `draw(root, header, values, state)`.
 * In a room a figure grows with the window. */
const alive = new WeakMap()
export function keepDrawn(root, data, draw) {
  if (!data?.length) return undefined
  let scene = alive.get(root)
  if (!scene) {
    scene = { state: {}, width: 0 }
    scene.draw = () => {
      scene.width = root.clientWidth
      if (scene.tall > 1) scene.header.height = scene.tall * (readTheme(root).least ? Math.max(1, innerHeight / PLAIN_WINDOW) : 1)
      if (scene.width) draw(root, scene.header, scene.values, scene.state)
    }
    scene.observer = new ResizeObserver(() => root.clientWidth !== scene.width && scene.draw())
    scene.observer.observe(root)
    alive.set(root, scene)
  }
  Object.assign(scene, parse(data))
  scene.tall = scene.header.height
  scene.draw()
  return () => {
    scene.observer.disconnect()
    alive.delete(root)
  }
}
