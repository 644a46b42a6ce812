// The gates view: state, events and the order of drawing. Everything changes in the browser; the address keeps it.
import { carry, html, number, readTheme, svg } from "../figures/svg.js"
import { column, picture, pin, ruleOf } from "./draw.js"
import { aboutAt, count, guessesAt, named, openingFrom, orderOf, ownScale, percentText, place, seriesOf, under, unpack, valueOf, viewParams, windowAround } from "./layout.js"

const WINDOW = 32 // height of the least window of a room over the size of its type: 768 px over 24
const instances = new WeakMap()

function createView(root) {
  let scene = null
  let view = null // { part, series, unit, order, at, from }
  let fresh = false // whether the visitor has not moved the window yet
  let asked = ""
  let order = []
  let at = null // where things stand
  let drawn = null // the SVG
  let hover = null // { t, unit? }
  const marks = svg("svg", { class: "over", "aria-hidden": "true" }) // under the mouse, over the picture, which stays as it is
  let width = 0
  let theme = null

  const chips = html("div", { class: "chips", role: "group", "aria-label": "What the heat map shows" })
  const parts = html("select", { "aria-label": "Layer", onchange: event => change({ part: Number(event.target.value) }) })
  const unit = html("input", { type: "number", min: 0, "aria-label": "Unit", onchange: event => {
    const wanted = Number(event.target.value)
    if (Number.isInteger(wanted) && wanted >= 0 && wanted < scene.units) change({ unit: wanted })
    else event.target.value = view.unit
  } })
  const sort = html("select", { "aria-label": "Order of the units", onchange: event => change({ order: event.target.value }) },
    html("option", { value: "number" }, "units as numbered"), html("option", { value: "mean" }, "units by mean"))
  const controls = html("div", { class: "controls" }, chips, parts, html("label", {}, "unit", unit), sort)
  const readout = html("p", { class: "readout" })
  const stage = html("div", { class: "stage" })
  const scale = html("p", { class: "legend" })
  const see = html("p", { class: "see", "aria-live": "polite" })
  root.replaceChildren(controls, readout, stage, scale, see)

  function change(what) {
    const before = view
    view = { ...view, ...what }
    if (what.at !== undefined && what.at !== null && at) view.from = windowAround(at.window, scene.n, what.at)
    if (scene.prefix) carry(Object.fromEntries(viewParams(view, scene.defaults, scene.prefix)))
    if (before.from === view.from && before.unit === view.unit && "at" in what) {
      // only the held character is another: its frame moves, the picture stays
      drawn.querySelector(".pin")?.remove()
      drawn.append(pin(at, scene, view))
      return show(hover)
    }
    draw()
  }

  function draw() {
    theme = readTheme(root)
    chips.replaceChildren(...scene.series.map(each => html("button", {
      type: "button", class: "chip", "aria-pressed": String(each.id === view.series), title: each.why,
      onclick: () => change({ series: each.id }),
      style: `--c:${each.colour ? each.colour[theme.dark ? 1 : 0] : theme.text}`,
    }, each.short)))
    parts.replaceChildren(...scene.parts.map((name, i) => html("option", { value: i, ...(i === view.part && { selected: "" }) }, name)))
    parts.hidden = scene.parts.length < 2
    unit.value = view.unit
    unit.max = scene.units - 1
    sort.value = view.order
    order = orderOf(scene, view.part, view.series, view.order)
    const spare = theme.least ? innerHeight - WINDOW * theme.least : 0
    at = place(scene, width, view.from, theme.size, theme.least, spare)
    if (fresh && !view.from && view.at === null) at = place(scene, width, openingFrom(at.window, scene.n, ruleOf(scene, view)?.yes), theme.size, theme.least, spare)
    fresh = false
    view.from = at.window.from
    const held = root.getRootNode().activeElement === drawn && drawn
    drawn = picture(scene, view, at, order, theme)
    drawn.onpointermove = move
    drawn.onpointerdown = down
    drawn.onclick = click // not pointerdown: the picture is drawn anew, and would lose the focus that it is about to get
    drawn.onpointerleave = () => show(null)
    drawn.onkeydown = key
    drawn.onblur = () => show(null)
    for (const name of ["width", "height", "viewBox"]) marks.setAttribute(name, drawn.getAttribute(name))
    stage.replaceChildren(drawn, marks)
    if (held) drawn.focus()
    legend()
    const words = `${scene.sentences[view.part * scene.units + view.unit]} ${scene.overall}`
    see.replaceChildren(html("b", {}, "What you see. "), words)
    Object.assign(root.dataset, { says: words, caption: `${seriesOf(scene, view.series).name} of all units; below, the curves of unit ${view.unit}` })
    show(hover)
    root.dataset.drawn = scene.id
    root.dataset.unit = view.unit
  }

  function legend() {
    const each = seriesOf(scene, view.series)
    const rule = ruleOf(scene, view)
    scale.hidden = theme.least > 0 // a room is told by who presents
    scale.replaceChildren(
      rule ? `Orange line under the text: ${rule.name}. ` : "",
      each.clipped ? `Text row: unit ${view.unit}'s own scale, ±${number(ownScale(scene, view.part, view.series, view.unit)[1], 1)}. ` : "",
      `Guesses: stronger ink, more probable; bold green, right. Click or tap: hold a character and a unit. Arrow keys: step.`,
    )
  }

  const here = () => hover ?? (view.at === null ? null : { t: view.at })

  function show(what) {
    hover = what
    const look = { stroke: theme.key, "stroke-width": 1.5 * theme.line, fill: "none" }
    marks.replaceChildren(
      hover ? column(at, scene, hover.t, look) : "",
      hover?.unit === undefined ? "" : svg("rect", { x: at.gutter, y: at.heat.y + order.indexOf(hover.unit) * at.row - 0.5, width: at.drawn, height: at.row + 1, ...look, "stroke-width": 1 }),
    )
    const now = here()
    if (!now) return void readout.replaceChildren(`${count(scene.n)}, ${scene.units} units. Point at the picture, or tap it, to read its numbers.`)
    const which = now.unit ?? view.unit
    const numbers = scene.series.flatMap(each => [`${each.letter} `, html("b", {}, number(valueOf(scene, view.part, each.id, which, now.t), 2)), "  "])
    if (theme.least) {
      // one line, so that the picture stays where it is under the pointer
      const [likely] = guessesAt(scene, now.t)
      const each = seriesOf(scene, view.series)
      return void readout.replaceChildren(
        html("b", {}, named(scene.characters[now.t])), ` at ${now.t + 1} · unit ${which}: ${each.letter} `, html("b", {}, number(valueOf(scene, view.part, each.id, which, now.t), 2)),
        ` · ${scene.both ? "hidden, it would guess" : "expects"} ${likely.code ? named(scene.alphabet[likely.code]) : "an unseen sign"} ${percentText(likely.percent)}`,
      )
    }
    const about = aboutAt(scene, now.t)
    const guesses = guessesAt(scene, now.t).filter(guess => guess.percent >= 1).slice(0, 3)
      .map(({ code, percent }) => `${code ? named(scene.alphabet[code]) : "an unseen sign"} ${percentText(percent)}`).join(", ")
    const came = about < 0 ? "" : `; ${scene.both ? "it is" : "then comes"} ${named(scene.characters[about])}, given ${percentText(scene.given[about])}`
    readout.replaceChildren(
      html("b", {}, named(scene.characters[now.t])), ` at ${now.t + 1}${scene.unseen.includes(now.t) ? " (never seen in training)" : ""} · unit ${which}: `,
      ...numbers, `· ${scene.both ? "hidden, it would guess" : "expects"} ${guesses}${came}`,
    )
  }

  const point = event => {
    const box = drawn.getBoundingClientRect()
    const shown = box.width / drawn.clientWidth || 1 // less than 1 where a room's picture is shrunk
    return [(event.clientX - box.left) / shown, (event.clientY - box.top) / shown]
  }
  const inMap = (x, y) => at.map && y < at.map.y + at.map.height + 3 && x >= at.gutter
  let dragging = false
  const pan = x => {
    const from = Math.round(((x - at.gutter) / at.across) * scene.n - at.window.count / 2)
    const next = Math.max(0, Math.min(scene.n - at.window.count, from))
    if (next !== view.from) change({ from: next })
  }
  function move(event) {
    const [x, y] = point(event)
    if (dragging) return pan(x)
    show(inMap(x, y) ? null : under(at, scene, order, x, y))
  }
  function down(event) {
    const [x, y] = point(event)
    if (!inMap(x, y)) return
    dragging = true
    pan(x)
  }
  function click(event) {
    const [x, y] = point(event)
    const found = inMap(x, y) ? null : under(at, scene, order, x, y)
    if (found) change({ at: found.t, ...(found.unit !== undefined && { unit: found.unit }) })
  }
  const up = () => { dragging = false }
  window.addEventListener("pointerup", up)

  function key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const t = view.at ?? view.from
    const row = order.indexOf(view.unit)
    const go = {
      ArrowLeft: { at: Math.max(0, t - 1) }, ArrowRight: { at: Math.min(scene.n - 1, view.at === null ? t : t + 1) },
      ArrowUp: { unit: order[Math.max(0, row - 1)] }, ArrowDown: { unit: order[Math.min(scene.units - 1, row + 1)] },
      Home: { at: 0 }, End: { at: scene.n - 1 }, Escape: { at: null },
    }[event.key]
    if (!go) return
    event.preventDefault()
    hover = null
    change(go)
  }

  const resize = () => {
    if (scene && root.clientWidth && root.clientWidth !== width) {
      width = root.clientWidth
      draw()
    }
  }
  const observer = new ResizeObserver(resize)
  observer.observe(root)

  return {
    receive(data) {
      if (!data?.length) return
      const next = unpack(data)
      const wants = JSON.stringify([next.id, next.view])
      if (wants !== asked || !view) {
        if (!view || JSON.stringify(next.view) !== JSON.stringify(scene?.view) || next.id !== scene.id) {
          view = structuredClone(next.view)
          fresh = true
        }
      }
      asked = wants
      scene = next
      hover = null
      width = root.clientWidth
      if (width) draw()
    },
    dispose() {
      observer.disconnect()
      window.removeEventListener("pointerup", up)
      instances.delete(root)
    },
  }
}

/** Draw a message into a root element. */
export function mount(root, data) {
  if (!instances.has(root)) instances.set(root, createView(root))
  instances.get(root).receive(data)
  return instances.get(root)
}

export default function ({ data, parentElement }) {
  return mount(parentElement.querySelector(".gates-view"), data).dispose
}
