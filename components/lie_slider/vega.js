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

const NUMBERS = "numbers" // the layer of every bar's number
const DIGIT = 0.56 // width of a digit over its size
const TURNS = 3
const SPARE = 1.06 // of the type of a room: the whole picture may be shrunk by so much afterwards

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

/** A specification whose layer of every bar's number keeps as many as find room side by side, the last among them. */
export function thinned(spec, size) {
  const rows = spec.data?.values ?? []
  const letters = Math.max(0, ...rows.map(row => Number(Number(row.v).toPrecision(4)).toLocaleString("en").length))
  const each = Math.ceil((rows.length * (letters + 0.5) * DIGIT * size) / spec.width)
  if (!spec.layer || !(each > 1)) return spec
  const kept = JSON.stringify(rows.filter((_, at) => (rows.length - 1 - at) % each === 0).map(row => row.name))
  const layer = spec.layer.map(part => (part.name === NUMBERS ? { ...part, transform: [{ filter: `indexof(${kept}, datum.name) >= 0` }] } : part))
  return { ...spec, layer }
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
    legend: { ...words, ...(apart && { labelLimit: 0, titleLimit: 0 }) }, header: words, title: { color: text, subtitleColor: text, fontSize: size + 2 },
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

/** A drawn chart: its view and a way to end it. `size` is that of the type, in pixels; `grown` how much larger it is shown. */
export async function chart(place, spec, root, file, size = type(500, place.clientWidth), grown = 1) {
  const { embed, expressionInterpreter } = await library(file)
  const least = root.classList.contains("lie") ? leastOf(root) : 0 // other charts are enlarged as a whole
  const drawn = own => embed(place, structuredClone(least ? enlarged(thinned(spec, own), own) : spec), {
    mode: "vega-lite", renderer: "svg", actions: false, ast: true, expr: expressionInterpreter, loader: refuse,
    config: config(root, own, least > 0), tooltip: { theme: "custom" },
  })
  if (!least) return drawn(size)
  // type widens what stands beside the axes, so that the chart is shown smaller again
  const smaller = root.classList.contains("checked") || typeof spec.width !== "number" ? 1 / grown : spec.width / place.clientWidth
  let own = Math.ceil(least * SPARE * smaller)
  for (let turn = 1; ; turn++) {
    const made = await drawn(own)
    const picture = place.querySelector("svg.marks")
    const { width } = picture.viewBox.baseVal
    if (grown > 1) picture.style.width = `${grown * width}px`
    const scale = picture.getBoundingClientRect().width / width / (picture.currentCSSZoom ?? 1)
    if (turn === TURNS || own * scale >= least) return made
    made.finalize()
    own = Math.ceil((least * SPARE) / scale)
  }
}
