// The sliders of a distribution. A moved slider makes its values here and says them to the picture at once; the
// address, and with it the server, follows when the hand rests. Where no linked picture listens, a small one answers.
import { binEdges, describe, figure, ratio } from "./column.js"
import { sample } from "./sample.js"
import { count, movedPoints } from "./layout.js"
import { carry, html, keepDrawn, readTheme, svg } from "../figures/svg.js"

const REST_MS = 150 // keys that follow each other faster ask the server once
const PATIENCE_MS = 5000 // how long a moved slider outlives answers that do not know it yet
const SKETCH = [84, 40] // px
const CUT = 0.02 // share of the values left out of the small picture at each end

const stopOf = (slider, at) => slider.stops[at]
const named = state => Object.fromEntries(state.header.sliders.map((slider, i) => [slider.name, Number(stopOf(slider, state.at[i]))]))

/** The values at the present stops; `moved` is the slider whose table is read. */
function made(state, moved) {
  const { header, values, at } = state
  const row = name => {
    const table = header.tables[name]
    const stop = at[header.sliders.findIndex(slider => slider.name === name)] ?? 0
    return table && values.subarray(table.start + stop * table.width, table.start + (stop + 1) * table.width)
  }
  const { n = header.n, skew, kurt } = named(state)
  const name = header.tables[moved] ? moved : Object.keys(header.tables)[0]
  const scores = header.chance ? values.subarray(0, header.chance) : null
  const found = sample(header.kind, { table: row(name), scores, n, skew, kurt })
  if (found && moved === "n") found.truth = undefined // more values of the same distribution
  return found
}

function input(state, i) {
  const { header } = state
  state.at[i] = Number(state.inputs[i].value)
  state.until = Date.now() + PATIENCE_MS
  label(state)
  const found = made(state, header.sliders[i].name)
  const stops = state.at.map((at, k) => stopOf(header.sliders[k], at)).join("|")
  state.said.hidden = Boolean(found)
  if (!found) return
  window.dispatchEvent(new CustomEvent("plainsight:column", { detail: { prefix: header.prefix, stops, ...found } }))
  sketch(state, found.values)
  state.root.dataset.stops = stops
}

function change(state, i) {
  const slider = state.header.sliders[i]
  clearTimeout(state.timers[i])
  state.timers[i] = setTimeout(() => carry({ [`${state.header.prefix}_${slider.name}`]: stopOf(slider, state.at[i]) }), REST_MS)
}

function label(state) {
  state.header.sliders.forEach((slider, i) => {
    const text = slider.texts?.[state.at[i]] ?? stopOf(slider, state.at[i]).replace("-", "−")
    state.outputs[i].textContent = text
    state.inputs[i].setAttribute("aria-valuetext", text)
  })
}

/** Bars and four numbers of the column, where no linked picture shows them. */
function sketch(state, values) {
  if (!state.header.sketch) return
  const theme = readTheme(state.root)
  const d = describe(values)
  const middle = d.sorted.slice(Math.floor(d.n * CUT), Math.ceil(d.n * (1 - CUT))) // a far value would hide the rest
  const bars = count(middle, binEdges(middle))
  const [low, high] = [bars.edges[0], bars.edges[bars.edges.length - 1]]
  const x = value => ((value - low) / (high - low || 1)) * SKETCH[0]
  const most = Math.max(...bars.counts)
  state.sketch.replaceChildren(
    ...bars.counts.map((many, i) => svg("rect", { x: x(bars.edges[i]), width: Math.max(0.5, x(bars.edges[i + 1]) - x(bars.edges[i]) - 0.4), y: SKETCH[1] * (1 - many / most), height: SKETCH[1] * many / most, fill: theme.dark ? "#5b7ea0" : "#8fb0cf" })),
    svg("line", { x1: x(d.mean), x2: x(d.mean), y1: 0, y2: SKETCH[1], stroke: theme.dark ? "#f0b43c" : "#b87800", "stroke-width": 2 }),
    svg("line", { x1: x(d.median), x2: x(d.median), y1: 0, y2: SKETCH[1], stroke: theme.accent, "stroke-width": 2, "stroke-dasharray": "4 2" }),
  )
  state.words.replaceChildren(
    html("span", {}, `mean ${figure(d.mean)}, median ${figure(d.median)}`),
    html("span", {}, `g1 ${ratio(d.g1)}, g2 ${ratio(d.g2)}`),
  )
}

function create(root, state) {
  const { header } = state
  const row = html("div", { class: "knobs" })
  state.inputs = []
  state.outputs = []
  state.timers = []
  header.sliders.forEach((slider, i) => {
    const output = html("output", {})
    const range = html("input", { type: "range", min: 0, max: slider.stops.length - 1, step: 1, "aria-label": slider.label })
    range.oninput = () => input(state, i)
    range.onchange = () => change(state, i)
    state.inputs.push(range)
    state.outputs.push(output)
    row.append(html("label", {}, html("span", {}, slider.label, output), range))
  })
  state.sketch = svg("svg", { width: SKETCH[0], height: SKETCH[1], viewBox: `0 0 ${SKETCH[0]} ${SKETCH[1]}`, "aria-hidden": true })
  state.words = html("span", { class: "words", role: "status" })
  if (header.sketch) row.append(html("span", { class: "sketch" }, state.sketch, state.words))
  state.said = html("p", { class: "said", hidden: "" }, "No values with this skewness and kurtosis were found.")
  root.replaceChildren(row, state.said)
  state.shape = JSON.stringify([header.sliders.map(({ name, stops }) => [name, stops]), header.sketch])
}

function draw(root, header, values, state) {
  const old = state.header
  Object.assign(state, { root, header, values })
  if (state.shape !== JSON.stringify([header.sliders.map(({ name, stops }) => [name, stops]), header.sketch])) {
    create(root, state)
    state.until = 0
  }
  const asked = header.sliders.map(slider => slider.at)
  if (old !== header && (!state.at || Date.now() > state.until || asked.join() === state.at.join() || asked.length !== state.at.length)) {
    state.at = asked
    state.until = 0
    asked.forEach((at, i) => { state.inputs[i].value = at })
    if (header.sketch) {
      const found = made(state, header.sliders.find(slider => header.tables[slider.name])?.name)
      for (const [index, value] of movedPoints(header.moved)) if (found && index < found.values.length) found.values[index] = value
      if (found) sketch(state, found.values)
    }
  }
  label(state)
}

export default function ({ data, parentElement }) {
  return keepDrawn(parentElement.querySelector(".distribution-knobs"), data, draw)
}
