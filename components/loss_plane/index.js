// The loss plane: a point dragged over two planes of log-probabilities; everything follows in the browser.
import { carry, html, keepDrawn, readTheme } from "../figures/svg.js"
import { fewReadings, plane, planeScale, readings } from "./draw.js"
import { METHODS, named, print, sentences } from "./losses.js"

const SIDE = 392 // px of a plane on a wide page
const LEAST = 270
const READ = 318
const SHARE = 0.45 // of the window that a plane may take in a room
const FEW = 10.4 // width of the readings of a room over the size of its type
const STEP = 0.05 // nats an arrow key moves the point
const WAIT = 250 // ms after which a change goes into the address
const REACH = 18 // px around the reference within which it is dragged

function tell(state, name) {
  state.changed.add(name)
  clearTimeout(state.timer)
  state.timer = setTimeout(() => {
    const detail = Object.fromEntries([...state.changed].map(key => [`${state.header.prefix}_${key}`, String(state.p[key] ?? state.methods[key])]))
    state.changed.clear()
    carry(detail)
  }, WAIT)
}

const tidy = value => Math.round(value * 1000) / 1000

function put(state, values) {
  for (const [name, value] of Object.entries(values)) {
    const { low, high } = state.header.fields[name]
    state.p[name] = tidy(Math.max(low, Math.min(high, value)))
    tell(state, name)
  }
  state.redraw()
}

/** What of the fields the two methods use; the lengths only where a sum or an axis depends on them. */
function inUse(methods) {
  const used = new Set(["w", "l", "c", "r", ...methods.flatMap(method => METHODS[method].takes)])
  if (methods.some(method => METHODS[method].sums)) ["nw", "nl"].forEach(name => used.add(name))
  return used
}

function create(root, state) {
  const { header } = state
  state.planes = html("div", { class: "planes" })
  state.sliders = html("div", { class: "sliders" })
  state.see = html("p", { class: "see", "aria-live": "polite" })
  state.legend = html("p", { class: "legend" })
  state.pickers = ["left", "right"].map(side => {
    const field = html("select", { "aria-label": `Method of the ${side} plane`, onchange: () => { state.methods[side] = field.value; tell(state, side); state.redraw() } },
      ...Object.entries(METHODS).map(([id, { name }]) => html("option", { value: id }, name)))
    return field
  })
  state.rows = {}
  for (const [name, { label, low, high, step }] of Object.entries(header.fields)) {
    const slider = html("input", { type: "range", min: low, max: high, step, "aria-label": label, oninput: () => put(state, { [name]: Number(slider.value) }) })
    const out = html("output", {})
    state.rows[name] = { slider, out, row: html("label", { class: name === "w" ? "chosen" : name === "l" ? "rejected" : "" }, html("span", {}, label), slider, out) }
    state.sliders.append(state.rows[name].row)
  }
  const top = html("div", { class: "pick" }, html("label", {}, "Left ", state.pickers[0]), html("label", {}, "Right ", state.pickers[1]), state.legend)
  root.replaceChildren(top, state.planes, state.sliders, state.see)

  // the place on the plane where a drag began; the pictures are replaced while it goes on
  const at = (event, index) => {
    const box = state.planes.children[index].getBoundingClientRect()
    const ratio = state.side / box.width
    const scale = planeScale(state.side, state.least)
    const [x, y] = [(event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio]
    return { x, y, scale, w: scale.w(x), l: scale.l(y) }
  }
  const drag = event => {
    const { index, names } = state.drag
    const { w, l } = at(event, index)
    put(state, { [names[0]]: w, [names[1]]: l })
  }
  state.planes.onpointerdown = event => {
    const index = [...state.planes.children].indexOf(event.target.closest("svg[data-method]"))
    if (index < 0) return
    const { x, y, scale } = at(event, index)
    const { margin } = scale
    if (x < margin.left - 6 || y > state.side - margin.bottom + 6 || y < margin.top - 6) return
    const { p, methods } = state
    const own = Math.hypot(x - scale.x(p.w), y - scale.y(p.l))
    const far = METHODS[Object.values(methods)[index]].takes.includes("rw") ? Math.hypot(x - scale.x(p.rw), y - scale.y(p.rl)) : Infinity
    state.drag = { index, names: far < REACH && far < own ? ["rw", "rl"] : ["w", "l"] }
    event.preventDefault()
    state.planes.children[index].focus({ preventScroll: true })
    state.planes.setPointerCapture(event.pointerId)
    drag(event)
  }
  state.planes.onpointermove = event => state.drag && drag(event)
  state.planes.onpointerup = state.planes.onpointercancel = () => { state.drag = null }
  state.planes.onkeydown = event => {
    const by = { ArrowRight: { w: STEP }, ArrowLeft: { w: -STEP }, ArrowUp: { l: STEP }, ArrowDown: { l: -STEP } }[event.key]
    if (!by || !event.target.closest("svg[data-method]") || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    put(state, Object.fromEntries(Object.entries(by).map(([name, step]) => [name, state.p[name] + step])))
  }
}

function drawPlane(root, header, _, state) {
  const asked = JSON.stringify(header.view)
  if (!state.planes) {
    Object.assign(state, { header, changed: new Set(), p: {}, methods: {} })
    create(root, state)
  }
  state.header = header
  if (state.asked !== asked) {
    state.asked = asked
    const { left, right, ...numbers } = header.view
    state.p = numbers
    state.methods = { left, right }
  }
  state.redraw = () => {
    const { p } = state
    const methods = [state.methods.left, state.methods.right]
    const theme = readTheme(root)
    const room = root.clientWidth - 1 // the true width may be a fraction less, and all would not stand in one row
    const three = room >= 3 * LEAST + 20
    state.least = theme.least
    const read = theme.least ? theme.least * FEW : READ
    const most = theme.least ? innerHeight * SHARE : SIDE
    state.side = Math.round(three ? Math.min(most, (room - read - 24) / 2) : Math.min(SIDE, Math.max(LEAST, room)))
    const held = root.getRootNode().activeElement?.dataset?.method !== undefined ? [...state.planes.children].indexOf(root.getRootNode().activeElement) : -1
    state.planes.replaceChildren(
      ...methods.map((method, i) => plane(method, p, state.side, theme, `${i ? "Right" : "Left"} plane, ${named(method, p)}: chosen ${print(p.w)}, rejected ${print(p.l)}; arrow keys move the point`)),
      (theme.least ? fewReadings : readings)(methods, p, three ? read : Math.min(READ + 60, room), three ? state.side : SIDE - 8, theme),
    )
    if (held >= 0) state.planes.children[held].focus()
    const used = inUse(methods)
    for (const [name, { slider, out, row }] of Object.entries(state.rows)) {
      row.hidden = !used.has(name)
      slider.value = p[name]
      out.textContent = print(p[name], header.fields[name].digits)
    }
    state.pickers.forEach((field, i) => { field.value = methods[i] })
    state.legend.textContent = `${theme.least ? "" : "Drag the point. "}Arrows and line: where gradient descent moves both answers.`
    const said = sentences(methods, p, theme.least > 0)
    state.see.replaceChildren(html("b", {}, "What you see. "), said)
    root.dataset.says = said
    root.dataset.drawn = `${methods.join("-")}:${p.w}:${p.l}`
  }
  state.redraw()
}

export default function ({ data, parentElement }) {
  return keepDrawn(parentElement.querySelector(".loss-plane"), data, drawPlane)
}
