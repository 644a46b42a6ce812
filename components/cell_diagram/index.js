// The cell diagram: one step's numbers flowing through one unit; the step changes in the browser.
import { carry, html, keepDrawn, readTheme, svg } from "../figures/svg.js"
import { diagram, numbersAt, sentence, SIZES, sums, text } from "./layout.js"

const LEAST = 600 // px below which the narrow drawing stands
const MOST = 82 // how often the height of type goes into the widest diagram
const GLYPHS = { "\n": "↵", " ": "·", "\t": "→" }
const NAMES = { "\n": "the line end", " ": "a space", "\t": "a tab" }
const named = character => NAMES[character] ?? `“${character}”`

function drawCell(root, header, values, state) {
  const { kind, n } = header
  if (state.id !== header.id || state.asked !== header.at) Object.assign(state, { id: header.id, asked: header.at, at: header.at })
  const theme = readTheme(root)
  const hue = name => header.hues[name][theme.dark ? 1 : 0]
  const v = numbersAt(header, values, state.at)
  const character = header.characters[state.at]
  const form = root.clientWidth < LEAST ? "narrow" : theme.least ? "room" : "wide"
  const d = diagram(kind, v, { input: named(character) }, form)
  const { width, top: begin, heights, box, type } = SIZES[form]
  const tall = box.height / SIZES.wide.box.height
  const height = heights[kind] - begin
  const wide = Math.min(root.clientWidth, MOST * theme.size)
  const picture = svg("svg", {
    class: "marks", width: wide, height: (wide * height) / width, viewBox: `0 ${begin} ${width} ${height}`, role: "application", tabindex: 0,
    "aria-label": `${header.title}, step ${state.at + 1} of ${n}. ${sentence(kind, v, named(character))}`, "font-family": theme.font, "font-size": 14,
  })
  for (const wire of d.wires) {
    const last = wire.points.at(-1)
    const before = wire.points.at(-2)
    const [dx, dy] = [Math.sign(last[0] - before[0]), Math.sign(last[1] - before[1])]
    const colour = wire.gate ? hue(wire.gate) : wire.state ? theme.text : theme.faint
    picture.append(
      svg("path", { d: `M${wire.points.map(point => point.join(" ")).join("L")}`, fill: "none", stroke: colour, "stroke-width": wire.state ? 3.5 : 1.8 }),
      svg("path", { d: dx ? `M${last[0]} ${last[1]}l${-8 * dx} -4.5v9z` : `M${last[0]} ${last[1]}l-4.5 ${-8 * dy}h9z`, fill: colour }),
    )
  }
  for (const { name, x, y, sign, label } of d.gates) {
    const { value, x: fromX, h: fromH } = v.gates[name]
    const signed = name === "candidate"
    const [left, top] = [x - box.width / 2, y - box.height / 2]
    // how open a gate is, or how far a signed value reaches from the middle
    const share = signed ? Math.abs(value) / 2 : value
    const start = signed ? (value < 0 ? x - share * box.width : x) : left
    const [ofX, ofH] = sums(kind, name, { x: fromX, h: fromH }, named(character), form)
    picture.append(
      svg("rect", { x: left, y: top, width: box.width, height: box.height, fill: theme.background, stroke: hue(name), "stroke-width": 2, rx: 3 }),
      svg("rect", { x: start, y: top + box.height - 9, width: share * box.width, height: 8, fill: hue(name) }),
      svg("text", { x: left + 7, y: top + 17 * tall, fill: theme.text, "font-size": type.label }, `${label} `),
      svg("text", { x: left + box.width - 7, y: top + 17 * tall, "text-anchor": "end", fill: theme.faint, "font-size": type.sign }, sign),
      svg("text", { x, y: top + 38 * tall, "text-anchor": "middle", "font-weight": 700, "font-size": type.value, fill: theme.text }, text(value)),
      svg("text", { x: x + 8, y: top + box.height + 17 * tall, "font-size": type.sum, fill: theme.text }, ofX),
      svg("text", { x: x + 8, y: top + box.height + 33 * tall, "font-size": type.sum, fill: theme.text }, ofH),
    )
  }
  for (const { sign, x, y } of d.ops) {
    const long = sign.length > 1
    picture.append(
      svg("rect", { x: x - (long ? 22 : 13), y: y - 13, width: long ? 44 : 26, height: 26, rx: 13, fill: theme.background, stroke: theme.text, "stroke-width": 1.6 }),
      svg("text", { x, y: y + 5, "text-anchor": "middle", fill: theme.text, "font-size": long ? type.name : type.operation }, sign),
    )
  }
  for (const { x, y, words, strong, end } of d.words) {
    picture.append(svg("text", { x, y, fill: theme.text, "font-weight": strong ? 700 : 400, "text-anchor": end ? "end" : "start", "font-size": type.words, stroke: theme.background, "stroke-width": 4, "paint-order": "stroke" }, words))
  }

  // the text below: its characters on the state that the unit holds after each
  const cell = theme.least ? Math.ceil(theme.least * 0.68) : 15 // px of a character; view.css has its height
  const fit = Math.max(10, Math.floor(root.clientWidth / cell))
  const from = Math.max(0, Math.min(n - fit, state.at - Math.floor(fit / 2)))
  const most = Math.max(1e-9, header.most)
  const strip = html("div", { class: "strip", role: "group", "aria-label": "Characters", style: `--cell:${cell}px` })
  for (let t = from; t < Math.min(n, from + fit); t++) {
    const after = values[(3 * header.gates.length + 1) * n + t]
    const colours = header.palette[theme.dark ? "dark" : "light"]
    const index = Math.max(0, Math.min(colours.length - 1, Math.round(((after / most + 1) / 2) * (colours.length - 1))))
    const ink = header.ink[theme.dark ? "dark" : "light"][index] === "1" ? "#fff" : "#10141a"
    strip.append(html("button", {
      type: "button", class: t === state.at ? "now" : "", tabindex: -1, style: `background:${colours[index]};color:${ink}`,
      title: `${named(header.characters[t])} at ${t + 1}: ${text(after)}`, onclick: () => go(t),
    }, GLYPHS[header.characters[t]] ?? header.characters[t]))
  }
  const go = t => {
    if (t < 0 || t >= n || t === state.at) return
    state.at = t
    carry({ [header.param]: String(t) })
    const held = root.getRootNode().activeElement
    const name = held?.dataset?.name
    drawCell(root, header, values, state)
    ;(name ? root.querySelector(`[data-name="${name}"]`) : held?.tagName === "svg" ? root.querySelector("svg") : null)?.focus()
  }
  const back = html("button", { type: "button", class: "turn", "data-name": "back", "aria-label": "Step back", onclick: () => go(state.at - 1) }, "‹")
  const on = html("button", { type: "button", class: "turn", "data-name": "on", "aria-label": "Step on", onclick: () => go(state.at + 1) }, "›")
  back.disabled = state.at === 0
  on.disabled = state.at === n - 1
  const nav = html("div", { class: "nav" }, back, on, html("span", {}, `step ${state.at + 1} of ${n}: ${named(character)}`))
  root.onkeydown = event => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!move || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    go(state.at + move)
  }
  const stage = html("div", { class: "stage" }, picture)
  root.replaceChildren(nav, strip, stage, html("p", { class: "see", "aria-live": "polite" }, html("b", {}, "What you see. "), sentence(kind, v, named(character))))
  root.dataset.drawn = header.id
  root.dataset.step = state.at + 1
}

export default function ({ data, parentElement }) {
  return keepDrawn(parentElement.querySelector(".cell-diagram"), data, drawCell)
}
