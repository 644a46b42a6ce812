// Charts that follow sliders: a slider's place is a signal of every chart.
import { chart, tones } from "./vega.js"

const REST_MS = 150 // keys that follow each other faster ask the server once
const PATIENCE_MS = 5000 // how long a moved slider outlives answers that do not know it yet
const NARROWEST = 260 // px of a chart; below, charts stand one under the other

const ROOM_LETTERS = 12 // px of type, before a room's charts are enlarged
const WINDOW = 768 // px of a room's window for which the server gives the height
const LETTER = 0.56 // width of a letter, in sizes of type

const scenes = new WeakMap()

/** A Vega expression of a text, broken into lines of at most `letters`. */
const inLines = (text, letters) => `split(trim(replace(${text}, regexp('(.{1,${Math.floor(letters)}})( +|$)', 'g'), '$1\\n')), '\\n')`

function knobs(scene) {
  const { data, root } = scene
  const shape = JSON.stringify(data.sliders.map(({ name, stops }) => [name, stops]))
  if (shape === scene.shape) return
  Object.assign(scene, { shape, at: null, inputs: [], outputs: [], timers: [] })
  const labels = data.sliders.map((slider, i) => {
    const label = document.createElement("label")
    const words = document.createElement("span")
    const output = document.createElement("output")
    const range = Object.assign(document.createElement("input"), { type: "range", min: 0, max: slider.stops.length - 1, step: 1 })
    range.setAttribute("aria-label", slider.label)
    range.oninput = () => moved(scene, i)
    range.onchange = () => tell(scene, i)
    words.append(slider.label, output)
    label.append(words, range)
    scene.inputs.push(range)
    scene.outputs.push(output)
    return label
  })
  root.querySelector(".knobs").replaceChildren(...labels)
}

function moved(scene, i) {
  scene.at[i] = Number(scene.inputs[i].value)
  scene.until = Date.now() + PATIENCE_MS
  if (scene.waiting) return
  scene.waiting = true
  requestAnimationFrame(() => {
    scene.waiting = false
    show(scene)
  })
}

function tell(scene, i) {
  const slider = scene.data.sliders[i]
  clearTimeout(scene.timers[i])
  scene.timers[i] = setTimeout(() => window.dispatchEvent(new CustomEvent("plainsight:view", { detail: { [slider.param]: slider.stops[scene.at[i]] } })), REST_MS)
}

/** Every chart at the sliders' places. */
async function show(scene) {
  const { data, at, root } = scene
  data.sliders.forEach((slider, i) => {
    const text = slider.texts?.[at[i]] ?? slider.stops[at[i]]
    scene.outputs[i].textContent = text
    scene.inputs[i].setAttribute("aria-valuetext", text)
  })
  const places = at.join()
  for (const { view } of scene.views) {
    data.sliders.forEach((slider, i) => view.signal(slider.name, at[i]))
    await view.runAsync()
  }
  if (scene.views.length) root.dataset.at = places
}

/** Titles of axes in lines of at most so many letters: { x, y }. */
function wrapAxes(node, most) {
  if (!node || typeof node !== "object") return
  for (const [channel, letters] of Object.entries(most)) {
    const { title } = node.encoding?.[channel] ?? {}
    if (typeof title === "string" && title.length > letters) {
      const half = title.lastIndexOf(" ", letters)
      if (half > 0) node.encoding[channel].title = [title.slice(0, half), title.slice(half + 1)]
    }
  }
  for (const child of node.layer ?? []) wrapAxes(child, most)
}

async function draw(scene) {
  const { data, root } = scene
  const turn = ++scene.turn
  const row = root.querySelector(".row")
  const style = getComputedStyle(root)
  const stacked = root.clientWidth < NARROWEST * data.charts.length
  const tall = data.height * (style.getPropertyValue("--chart") ? Math.max(1, innerHeight / WINDOW) : 1)
  const hosts = data.charts.map(({ share }) => {
    const host = document.createElement("div")
    host.className = "chart"
    host.style.flex = stacked ? "1 1 100%" : `${share} 1 0`
    host.style.height = `${tall}px`
    return host
  })
  row.replaceChildren(...hosts)
  scene.views.splice(0).forEach(view => view.finalize())
  // a room's charts are drawn small and enlarged (app/present.css), and grow with the window
  const zoom = parseFloat(style.getPropertyValue("--chart")) || 1
  const letters = zoom > 1 ? ROOM_LETTERS : Math.round(parseFloat(style.fontSize) * 0.74)
  const views = await Promise.all(hosts.map((host, i) => {
    const given = structuredClone(data.charts[i].spec)
    // small charts in rows have a size of their own
    const size = given.encoding?.row ? {} : { width: host.clientWidth / zoom, height: tall / zoom, autosize: { type: "fit", contains: "padding" } }
    const spec = { ...given, ...size }
    if (zoom > 1 && spec.title?.text?.expr) spec.title = { ...spec.title, text: { expr: inLines(spec.title.text.expr, host.clientWidth / zoom / letters / LETTER) } }
    if (zoom > 1) wrapAxes(spec, { x: host.clientWidth / zoom / letters / LETTER, y: (0.8 * tall) / zoom / letters / LETTER })
    spec.params = [...(spec.params ?? []), ...data.sliders.map((slider, k) => ({ name: slider.name, value: scene.at[k] }))]
    return chart(host, spec, root, data.file, letters)
  }))
  if (turn !== scene.turn) return views.forEach(view => view.finalize())
  scene.views = views
  hosts.forEach((host, i) => host.querySelector("svg.marks")?.setAttribute("aria-label", data.charts[i].label))
  await show(scene)
  root.dataset.drawn = turn
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".live")
  let scene = scenes.get(root)
  if (!scene) {
    scene = { root, views: [], turn: 0, made: "", width: 0, until: 0 }
    scene.observer = new ResizeObserver(() => {
      if (Math.abs(root.clientWidth - scene.width) < 20) return
      scene.width = root.clientWidth
      if (scene.data && scene.width) draw(scene)
    })
    scene.observer.observe(root)
    scenes.set(root, scene)
  }
  scene.data = data
  tones(root)
  knobs(scene)
  const asked = data.sliders.map(slider => slider.at)
  if (!scene.at || Date.now() > scene.until || asked.join() === scene.at.join()) {
    scene.at = asked
    scene.until = 0
    asked.forEach((at, i) => { scene.inputs[i].value = at })
  }
  const theme = getComputedStyle(root).getPropertyValue("--st-text-color").trim()
  const made = JSON.stringify([theme, data.height, data.charts])
  if (made !== scene.made) {
    scene.made = made
    scene.width = root.clientWidth
    draw(scene)
  } else show(scene)
  return () => {
    scene.observer.disconnect()
    scene.views.forEach(view => view.finalize())
    scenes.delete(root)
  }
}
