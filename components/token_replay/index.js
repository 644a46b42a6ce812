// Replayed runs: buttons, a slider over the steps, tokens and curves; everything happens in the browser.
import { carry, html, keepDrawn, readTheme } from "../figures/svg.js"
import { answers, curves } from "./draw.js"
import { before, printed, sentences } from "./layout.js"

const WIDE = 860 // px from which the curves stand beside the tokens
const WAIT = 250 // ms after which a change goes into the address
const BEAT = 450 // ms a look is shown while it plays

function set(state, change) {
  Object.assign(state, change)
  const { header } = state
  state.look = Math.min(state.look, header.runs[state.run].steps.length - 1)
  clearTimeout(state.timer)
  state.timer = setTimeout(() => carry({
    [`${header.prefix}_run`]: header.runs[state.run].id,
    [`${header.prefix}_pair`]: String(state.pair + 1),
    [`${header.prefix}_step`]: String(header.runs[state.run].steps[state.look]),
  }), WAIT)
  state.redraw()
}

function stop(state) {
  clearInterval(state.playing)
  state.playing = null
  state.play.textContent = "Play"
}

function create(root, state) {
  const { header } = state
  state.picks = header.runs.map((run, i) => html("button", { type: "button", "aria-label": run.name, onclick: () => set(state, { run: i }) }, html("span", { class: "long" }, run.name), html("span", { class: "short" }, run.short)))
  state.pairs = html("select", { "aria-label": "Pair", onchange: () => set(state, { pair: state.pairs.selectedIndex }) },
    ...header.watched.map((each, i) => html("option", { value: i }, `${each.prompt.replace(/^Question: |\s*Answer:$/g, "")} (${each.held_out ? "held out" : "training"})`)))
  state.slider = html("input", { type: "range", min: 0, step: 1, "aria-label": "Training step", oninput: () => { stop(state); set(state, { look: Number(state.slider.value) }) } })
  state.says = html("output", {})
  state.play = html("button", { type: "button", class: "play", onclick: () => {
    if (state.playing) return stop(state)
    const last = header.runs[state.run].steps.length - 1
    if (state.look >= last) set(state, { look: 0 })
    state.play.textContent = "Pause"
    state.playing = setInterval(() => {
      if (!root.isConnected || state.look >= header.runs[state.run].steps.length - 1) return stop(state)
      set(state, { look: state.look + 1 })
    }, BEAT)
  } }, "Play")
  const group = html("div", { class: "runs", role: "group", "aria-label": "Run" }, ...state.picks)
  const way = html("div", { class: "way" }, state.play, html("label", {}, "Step ", state.says), state.slider)
  state.left = html("div", { class: "left" })
  state.right = html("div", { class: "right" })
  state.sample = html("p", { class: "sample", "aria-live": "polite" })
  state.see = html("p", { class: "see", "aria-live": "polite" })
  state.tip = html("div", { class: "tip", role: "status" })
  state.tip.hidden = true
  root.replaceChildren(html("div", { class: "pick" }, group, state.pairs, way), html("div", { class: "both" }, state.left, state.right), state.sample, state.see, state.tip)

  // less than 1 where a room's picture is shrunk
  const shown = node => node.getBoundingClientRect().width / node.clientWidth || 1
  const toStep = event => {
    const box = state.right.getBoundingClientRect()
    const { left, right, last } = state.x
    const step = (((event.clientX - box.left) / shown(state.right) - left) / (right - left)) * last
    const { steps } = header.runs[state.run]
    const nearest = steps.reduce((a, b, i) => (Math.abs(b - step) < Math.abs(steps[a] - step) ? i : a), 0)
    if (nearest !== state.look) set(state, { look: nearest })
  }
  state.right.onpointerdown = event => {
    stop(state)
    state.right.setPointerCapture(event.pointerId)
    state.drags = true
    toStep(event)
  }
  state.right.onpointermove = event => state.drags && toStep(event)
  state.right.onpointerup = state.right.onpointercancel = () => { state.drags = false }
  state.left.onpointermove = event => {
    const box = state.left.getBoundingClientRect()
    const [px, py] = [event.clientX - box.left, event.clientY - box.top].map(each => each / shown(state.left))
    const cell = state.cells.find(({ x, y, width, height }) => px >= x && px < x + width && py >= y && py < y + height)
    state.tip.hidden = !cell
    if (!cell) return
    const run = header.runs[state.run]
    const value = look => printed(run.tokens[look][state.pair][cell.side][cell.token])
    const token = header.watched[state.pair][cell.side ? "rejected" : "chosen"][cell.token]
    state.tip.replaceChildren(html("b", {}, `“${token.replace("\n", "↵")}”`), ` before ${value(0)}`, html("br"), `step ${run.steps[state.look]}: ${value(state.look)}`, html("br"), `after ${value(run.steps.length - 1)}`)
    const own = root.getBoundingClientRect()
    state.tip.style.left = `${Math.max(0, Math.min(box.left - own.left + cell.x, root.clientWidth - state.tip.offsetWidth - 4))}px`
    state.tip.style.top = `${box.top - own.top + cell.y + cell.height + 2}px`
  }
  state.left.onpointerleave = () => { state.tip.hidden = true }
}

function drawReplay(root, header, _, state) {
  if (!state.picks || state.made !== header.made) {
    if (state.play) stop(state)
    Object.assign(state, { header, made: header.made, asked: null })
    create(root, state)
  }
  state.header = header
  const asked = JSON.stringify(header.view)
  if (state.asked !== asked) Object.assign(state, header.view, { asked })
  state.redraw = () => {
    const run = header.runs[state.run]
    const theme = readTheme(root)
    root.classList.toggle("room", theme.least > 0)
    state.sample.hidden = theme.least > 0 // a room reads less
    const room = root.clientWidth - 1 // the true width may be a fraction less, and both would not stand in one row
    const wide = room >= WIDE
    const own = wide ? Math.round(room * 0.58) : room
    state.left.replaceChildren(answers(header, state, own, theme))
    const tall = Number(state.left.firstChild.getAttribute("height"))
    state.right.replaceChildren(curves(header, state, wide ? room - own - 20 : room, wide ? Math.max(tall, 330) : 360, theme))
    state.picks.forEach((button, i) => button.setAttribute("aria-pressed", String(i === state.run)))
    state.pairs.selectedIndex = state.pair
    state.slider.max = run.steps.length - 1
    state.slider.value = state.look
    state.slider.setAttribute("aria-valuetext", `step ${run.steps[state.look]}`)
    state.says.textContent = `${run.steps[state.look]} of ${run.steps.at(-1)}`
    const sampled = before(Object.keys(run.samples).map(Number).sort((a, b) => a - b), run.steps[state.look])
    const text = run.samples[sampled][state.pair]
    state.sample.replaceChildren(html("b", {}, sampled ? `What the model itself answered after ${sampled} steps: ` : "What the model itself answered before: "), text === "" ? html("i", {}, "nothing; it ended its answer at once") : `“${text}”`)
    const said = sentences(run, header.watched[state.pair], state.pair, state.look, header.count)
    state.see.replaceChildren(html("b", {}, "What you see. "), said)
    root.dataset.says = `${said} ${state.sample.textContent}`
    state.left.dataset.caption = `${run.name}, step ${run.steps[state.look]} of ${run.steps.at(-1)}`
    root.dataset.drawn = `${run.id}:${state.pair + 1}:${run.steps[state.look]}`
  }
  state.redraw()
}

export default function ({ data, parentElement }) {
  return keepDrawn(parentElement.querySelector(".token-replay"), data, drawReplay)
}
