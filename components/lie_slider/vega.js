// Draws a specification of Vega-Lite with the copy of Vega-Embed that Streamlit ships; it may load and link nothing.

/** Streamlit's own copy of Vega-Embed: the module beside the page's first script. */
let vega
function library(file) {
  const script = [...document.scripts].find(node => /\/static\/js\/[^/]+\.js/.test(node.src))
  vega ??= import(new URL(file, script.src)).then(module => Object.values(module).find(part => typeof part === "function")())
  return vega
}

/** Sizes of type in a chart that is drawn `natural` pixels wide and shown `shown` wide: never below 10 pixels. */
export const type = (natural, shown) => Math.round(11 * room() * Math.min(1.45, Math.max(1, natural / Math.max(shown, 1))))

/** How much larger than usual the page's type is, as when presenting. */
const room = () => globalThis.document ? Math.max(1, parseFloat(getComputedStyle(document.documentElement).fontSize) / 16) : 1

const SPARE = 1.09 // of the type of a room: the whole picture may be shrunk by so much afterwards

/** Px of the type that a room can read (app/present.css), 0 on a page. */
export function leastOf(root) {
  const css = name => getComputedStyle(root).getPropertyValue(name)
  return css("--plainsight-least") ? parseFloat(getComputedStyle(document.documentElement).fontSize) / (parseFloat(css("--fit")) || 1) : 0
}

/** A specification whose own sizes of type are at least so large. */
export function enlarged(spec, size) {
  if (Array.isArray(spec)) return spec.map(part => enlarged(part, size))
  if (typeof spec !== "object" || spec === null) return spec
  return Object.fromEntries(Object.entries(spec).map(([key, value]) =>
    [key, key === "fontSize" && typeof value === "number" ? Math.max(value, size) : key === "values" ? value : enlarged(value, size)]))
}

function config(root, size, apart) {
  const style = getComputedStyle(root)
  const css = name => style.getPropertyValue(name).trim()
  const text = css("--st-text-color") || "#1f2733"
  const grid = css("--st-border-color") || "#d9dee6"
  const words = { labelColor: text, titleColor: text, labelFontSize: size, titleFontSize: size, titleFontWeight: 400, labelFont: css("--st-font"), titleFont: css("--st-font") }
  return {
    background: null, font: css("--st-font") || "sans-serif", padding: 4,
    axis: { ...words, ...(apart && { labelSeparation: size / 2 }), gridColor: grid, domainColor: text, tickColor: text, gridOpacity: 0.7 },
    legend: words, header: words, title: { color: text, subtitleColor: text, fontSize: size + 2 },
    view: { stroke: null }, text: { color: text, font: css("--st-font"), fontSize: size },
  }
}

/** Teal and vermilion that can be read on a light and on a dark page. */
export function tones(root) {
  const text = getComputedStyle(root).getPropertyValue("--st-text-color").trim()
  const dark = parseInt(text.slice(1, 3), 16) > 128
  root.style.setProperty("--good", dark ? "#3fc19b" : "#007a5a")
  root.style.setProperty("--bad", dark ? "#ff8f5c" : "#b34700")
}

const refuse = { load: () => Promise.reject(new Error("charts load nothing")), sanitize: () => Promise.reject(new Error("charts link nowhere")) }

/** A drawn chart: its view and a way to end it. `size` is that of the type, in pixels. */
export async function chart(place, spec, root, file, size = type(500, place.clientWidth)) {
  const { embed, expressionInterpreter } = await library(file)
  const least = root.classList.contains("lie") ? leastOf(root) : 0 // other charts are enlarged as a whole
  // the charts of a pair fill their places, a checked one is only made smaller to fit
  const scale = typeof spec.width === "number" ? spec.width / Math.max(1, place.clientWidth) : 1
  const own = !least ? size : Math.max(size, Math.ceil(SPARE * least * (root.classList.contains("checked") ? Math.max(1, scale) : scale)))
  const made = await embed(place, structuredClone(least ? enlarged(spec, own) : spec), {
    mode: "vega-lite", renderer: "svg", actions: false, ast: true, expr: expressionInterpreter, loader: refuse,
    config: config(root, own, least > 0), tooltip: { theme: "custom" },
  })
  return made
}
