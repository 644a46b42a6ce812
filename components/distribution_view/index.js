// The linked picture: state, pointer, keys. Everything follows a dragged dot or a moved slider at once (column.js);
// the server's numbers replace the browser's when they come. Under a drawn curve the old values turn pale.
import { live, percent } from "./column.js"
import { movedPoints, movedText, nearest, peaks, short, stroke, tidy } from "./layout.js"
import { arrange, highlight, paint } from "./draw.js"
import { carry, html, keepDrawn, readTheme, svg } from "../figures/svg.js"

const ASK_MS = 140 // a hand that rests this long while it drags gets the server's numbers
const PATIENCE_MS = 5000 // how long a moved point outlives answers that do not know it yet
const REACH = 14 // px from a point at which it is taken
const STEP = 0.01 // of the axis, for the keys
const FINEST = 80

function create(root, state) {
  const picture = svg("svg", { class: "marks", role: "application", tabindex: 0 })
  const said = html("p", { class: "said", role: "status" })
  const bins = html("input", { type: "range", min: 1, max: FINEST, step: 1, "aria-label": "Bins" })
  const many = html("output", {})
  const auto = html("button", { type: "button" }, "Automatic")
  const near = html("button", { type: "button" })
  const back = html("button", { type: "button" }, "Put the points back")
  const row = html("div", { class: "controls" }, html("label", {}, "Bins", bins, many), auto, near, back)
  const numbers = html("p", { class: "numbers" })
  root.replaceChildren(picture, said, row, numbers)
  Object.assign(state, { picture, said, numbers, bins, many, auto, near, back, lit: null, bar: null, drag: null, local: null, timer: null })
  picture.addEventListener("pointermove", event => move(state, event))
  picture.addEventListener("pointerdown", event => down(state, event))
  picture.addEventListener("pointerup", event => up(state, event))
  picture.addEventListener("pointercancel", event => up(state, event))
  picture.addEventListener("pointerleave", () => { if (!state.drag) { state.lit = state.bar = null; state.relight() } })
  picture.addEventListener("keydown", event => key(state, event))
  bins.oninput = () => { state.view.bins = Number(bins.value); state.redraw() }
  bins.onchange = () => tell(state, "bins", state.view.bins)
  auto.onclick = () => { state.view.bins = 0; tell(state, "bins", ""); state.redraw() }
  near.onclick = () => { state.view.range = state.view.range === "middle" ? "all" : "middle"; tell(state, "range", state.view.range === "all" ? "" : "middle"); state.redraw() }
  back.onclick = () => send(state, new Map())
  state.hear = event => root.isConnected ? hear(state, event.detail) : window.removeEventListener("plainsight:column", state.hear)
  window.addEventListener("plainsight:column", state.hear)
}

/** A slider elsewhere has made other values. */
function hear(state, { prefix, stops, values, truth }) {
  if (prefix !== state.header.prefix || !state.redraw) return
  const header = { ...live(state.header, values, truth), moved: "", edit: values.length <= state.header.most, stops }
  state.slid = { stops, header, until: Date.now() + PATIENCE_MS }
  Object.assign(state, { lit: null, bar: null, local: null, asked: "" })
  state.redraw()
}

/** What is shown now: the server's answer, or what a slider or a dragged dot has made of it since. */
function present(state) {
  if (state.slid) return state.slid.header
  if (!state.local) return state.header
  if (state.local.made?.of !== state.header || state.local.made.text !== movedText(state.local.moved)) {
    state.local.made = { of: state.header, text: movedText(state.local.moved), header: live(state.header, points(state)) }
  }
  return state.local.made.header
}

const tell = (state, name, value) => carry({ [`${state.header.prefix}_${name}`]: String(value) })

/** The values as the visitor has them: the server's, and over them what it does not know yet. */
function points(state) {
  const out = [...state.header.points]
  for (const [index, value] of state.local?.moved ?? []) if (index < out.length) out[index] = value
  return out
}

function send(state, moved) {
  clearTimeout(state.timer)
  const text = movedText(moved)
  if (text === state.asked) return
  state.asked = text
  state.local = moved.size ? { moved, text, until: Date.now() + PATIENCE_MS } : null
  tell(state, "moved", text)
  state.redraw()
}

function place(state, event) {
  const box = state.picture.getBoundingClientRect()
  return [(event.clientX - box.left) * (state.width / box.width), (event.clientY - box.top) * (state.made.place.height / box.height)]
}

const within = ({ x, y, width, height }, px, py, slack = 0) => px >= x - slack && px <= x + width + slack && py >= y - slack && py <= y + height + slack

function down(state, event) {
  const [px, py] = place(state, event)
  const { made } = state
  const header = present(state)
  if (state.slid) return
  if (header.draw && within(made.place.bars, px, py)) {
    state.drag = { kind: "draw", heights: header.draw.heights, from: hand(state, px, py) }
    drawOn(state, px, py)
  } else if (header.edit && within(made.place.dots, px, py, 4)) {
    const index = nearest(state.places.xs, state.places.ys, px, py)
    if (index < 0 || Math.hypot(state.places.xs[index] - px, state.places.ys[index] - py) > REACH) return
    const moved = state.local?.moved ?? movedPoints(header.moved)
    state.drag = { kind: "point", index, moved: new Map(moved), span: made.span, by: px - state.places.xs[index] }
    state.lit = index
  } else return
  event.preventDefault()
  state.bar = null
  state.picture.setPointerCapture(event.pointerId)
}

function hand(state, px, py) {
  const { bars } = state.made.place
  const keep = share => Math.max(0, Math.min(1, share))
  return { at: keep((px - bars.x) / bars.width), height: keep((bars.y + bars.height - py) / bars.height) }
}

function drawOn(state, px, py) {
  const to = hand(state, px, py)
  state.drag.heights = stroke(state.drag.heights, state.drag.from, to)
  state.drag.from = to
  state.redraw()
}

function move(state, event) {
  const [px, py] = place(state, event)
  const { drag, made } = state
  if (drag?.kind === "draw") return drawOn(state, px, py)
  if (drag) {
    const [low, high] = drag.span
    const value = Math.max(low, Math.min(high, made.x.back(px - drag.by)))
    drag.moved.set(drag.index, tidy(value, high - low))
    state.local = { moved: drag.moved, text: null, until: Infinity }
    clearTimeout(state.timer)
    state.timer = setTimeout(() => send(state, new Map(drag.moved)), ASK_MS)
    return state.redraw()
  }
  const { bars, dots, boxes, ecdf, qq } = made.place
  const { xs, ys, qxs, qys } = state.places
  let [lit, bar] = [null, null]
  if (within(qq, px, py, 6)) lit = nearest(qxs, qys, px, py)
  else if (within(dots, px, py, 4)) lit = nearest(xs, ys, px, py)
  else if (within(ecdf, px, py)) lit = nearest(xs, xs.map(() => 0), made.x(made.ex.back(px)), 0)
  else if (within(boxes, px, py)) lit = nearest(xs, xs.map(() => 0), px, 0)
  else if (within(bars, px, py)) {
    const at = made.x.back(px)
    bar = made.bars.edges.findIndex((edge, i) => at >= edge && at < made.bars.edges[i + 1])
    if (bar < 0) bar = null
  }
  if (lit === state.lit && bar === state.bar) return
  Object.assign(state, { lit: lit === -1 ? null : lit, bar })
  state.relight()
}

function up(state, event) {
  const { drag } = state
  if (!drag) return
  state.drag = null
  if (drag.kind === "draw") {
    state.pending = { heights: drag.heights, until: Date.now() + PATIENCE_MS }
    if (event.type === "pointerup") tell(state, "drawn", drag.heights.join("."))
  } else if (drag.moved.size) {
    state.asked = null
    send(state, new Map(drag.moved))
  }
  state.redraw()
}

function key(state, event) {
  const { made } = state
  const header = present(state)
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
  if (!by) return
  event.preventDefault()
  if (!event.shiftKey || !header.edit || state.slid) {
    const from = state.lit === null ? (by > 0 ? -1 : made.order.length) : made.rank[state.lit]
    state.lit = made.order[Math.max(0, Math.min(made.order.length - 1, from + by))]
    return state.relight()
  }
  if (state.lit === null) return
  const span = made.span[1] - made.span[0]
  const moved = new Map(state.local?.moved ?? movedPoints(header.moved))
  moved.set(state.lit, tidy(points(state)[state.lit] + by * span * STEP, span))
  state.local = { moved, text: null, until: Infinity }
  clearTimeout(state.timer)
  state.timer = setTimeout(() => send(state, moved), ASK_MS)
  state.redraw()
}

/** The z-scores and shares of a column that was too long to bring them along. */
function tellAll(header) {
  const [mean, sd] = header.line
  header.z = header.points.map(value => (value - mean) / sd)
  const total = header.z.reduce((sum, z) => sum + z ** 4, 0)
  header.share = header.z.map(z => percent(z ** 4 / total))
}

/** One line about what the pointer is on. */
function words(state, values, room) {
  const { lit, bar, made } = state
  const header = present(state)
  if (lit !== null && lit < values.length) {
    const known = values[lit] === header.points[lit]
    if (!header.z && header.line) tellAll(header)
    const rank = `rank ${made.rank[lit] + 1} of ${values.length}`
    const share = header.share?.[lit]
    const about = known && header.z ? ` · ${short(Math.abs(header.z[lit]))} sd ${header.z[lit] < 0 ? "below" : "above"} the mean` : ""
    return `${short(values[lit])} · ${rank}${about}${known && share != null ? ` · ${share} of the kurtosis` : ""}`
  }
  if (bar !== null && made.bars.counts[bar] !== undefined) {
    const [from, to] = made.bars.edges.slice(bar, bar + 2)
    return `${made.bars.counts[bar]} of ${values.length} values from ${short(from)} to ${short(to)}`
  }
  const hills = peaks(made.bars.counts)
  return `${room ? "" : `${header.hint} `}${made.bars.counts.length} bins show ${hills} ${hills === 1 ? "peak" : "peaks"}.`
}

function draw(root, header, _, state) {
  if (!state.picture) create(root, state)
  if (state.header !== header) {
    if (state.local && !state.drag && (header.moved === state.local.text || Date.now() > state.local.until)) state.local = null
    if (state.asked === undefined || !state.local) state.asked = header.moved
    const wants = `${header.bins}|${header.range}`
    if (state.wants !== wants) {
      state.wants = wants
      state.view = { bins: header.bins, range: header.range }
    }
    if (state.pending && (header.draw?.heights.join() === state.pending.heights.join() || Date.now() > state.pending.until)) state.pending = null
    state.header = header
  }
  if (state.slid && (header.stops === state.slid.stops || Date.now() > state.slid.until)) state.slid = null
  state.width = root.clientWidth
  state.relight = () => {
    const values = present(state).points
    state.picture.querySelectorAll(".hover").forEach(node => node.remove())
    state.picture.append(...highlight(values, state, state.made, state.places, readTheme(root)))
    state.said.textContent = words(state, values, readTheme(root).least > 0)
  }
  state.redraw = () => {
    const theme = readTheme(root)
    const now = present(state)
    const values = now.points
    const { view, drag } = state
    if (state.lit !== null && state.lit >= values.length) state.lit = null
    const made = arrange(now, values, { ...view, held: drag?.span ?? null }, state.width, theme)
    state.made = made
    const heights = drag?.heights ?? state.pending?.heights
    const drawn = heights && now.draw
      ? { x: heights.map((_, i) => now.draw.domain[0] + (i / (heights.length - 1)) * (now.draw.domain[1] - now.draw.domain[0])), y: heights.map(h => (h / 100) * made.high) }
      : null
    const { parts, places } = paint(now, values, { ...view, stale: Boolean(drawn), drawn }, made, theme)
    state.places = places
    for (const [name, value] of Object.entries({ width: state.width, height: made.place.height, viewBox: `0 0 ${state.width} ${made.place.height}`, "aria-label": now.label, "font-family": theme.font, "font-size": theme.size })) state.picture.setAttribute(name, value)
    state.picture.replaceChildren(...parts)
    state.picture.classList.toggle("drawing", Boolean(now.draw))
    state.relight()
    state.bins.value = made.bars.counts.length
    state.many.textContent = made.bars.counts.length
    state.auto.disabled = !view.bins
    state.near.textContent = view.range === "middle" ? "Axis: show all values" : "Axis: middle 98 % only"
    state.near.hidden = Boolean(now.draw)
    state.back.hidden = !(now.moved || state.local)
    root.classList.toggle("room", theme.least > 0)
    const named = theme.least ? now.marks.map(({ name }) => name) : [] // a room reads these in the picture
    const numbers = now.numbers.filter(([name]) => !named.includes(name))
    state.numbers.replaceChildren(...numbers.flatMap(([name, text], i) => [i ? " · " : "", `${name} `, html("b", {}, text)]))
    state.numbers.classList.toggle("stale", Boolean(drawn))
    state.picture.dataset.drawn = now.moved
    state.picture.dataset.stops = now.stops
  }
  state.redraw()
}

export default function ({ data, parentElement }) {
  return keepDrawn(parentElement.querySelector(".distribution-view"), data, draw)
}
