// A Hopfield network finding a pattern: what is sought, the state now, and the energy that falls with every turn.
import { html, keepDrawn, number, readTheme, svg, ticks } from "./svg.js"

const PHONE = 640 // px
const PLAY_MS = 4000 // time that a whole recall plays

/** The state after the first `turns` units have turned. */
export function stateAt(cue, flips, turns) {
  const state = cue.slice()
  for (let i = 0; i < turns; i++) state[flips[i]] *= -1
  return state
}

/** Two grids of rows × columns, and beside them (on a phone below) the curve. */
export function recallLayout(header, width, size) {
  const narrow = width < PHONE
  const title = size * 1.8
  const gap = size * 1.6
  const room = narrow ? (width - gap) / 2 : Math.min(width * 0.27, ((header.height - title) / header.rows) * header.columns)
  const cell = Math.max(2, Math.floor(Math.min(room / header.columns, (header.height - title) / header.rows)))
  const [w, h] = [cell * header.columns, cell * header.rows]
  const grids = [0, 1].map(i => ({ x: i * (w + gap), y: title, w, h }))
  const left = size * 4
  const curve = narrow
    ? { x: left, y: h + title * 2 + size, w: width - left - size, h: size * 12 }
    : { x: 2 * (w + gap) + left, y: title, w: width - 2 * (w + gap) - left - size, h: h - size * 3 }
  return { cell, grids, curve, height: (narrow ? curve.y + curve.h : title + h) + size * (narrow ? 3 : 0.5) }
}

/** One path for all cells of a grid that are on. */
export const squares = (cells, columns, cell, x, y) =>
  cells.map(i => `M${x + (i % columns) * cell} ${y + Math.floor(i / columns) * cell}h${cell}v${cell}h${-cell}z`).join("")

function drawRecall(root, header, values, state) {
  const theme = readTheme(root)
  const { size } = theme
  const width = root.clientWidth
  const { units, turns, columns } = header
  let start = 0
  const take = count => values.subarray(start, (start += count))
  const [sought, cue, flips, asked, energy, overlap] = [take(units), take(units), take(turns), take(turns), take(turns + 1), take(turns + 1)]
  const place = recallLayout(header, width, size)
  const { cell, grids, curve } = place
  const text = (x, y, string, more = {}) => svg("text", { x, y, fill: theme.text, ...more }, string)
  const picture = svg("svg", {
    class: "marks", width, height: place.height, viewBox: `0 0 ${width} ${place.height}`, role: "img",
    "aria-label": header.label, "font-family": theme.font, "font-size": size,
  })
  const low = Math.min(header.stored, ...energy)
  const high = Math.max(...energy)
  const x = turn => curve.x + (curve.w * turn) / Math.max(1, turns)
  const y = value => curve.y + curve.h * (1 - (value - low) / (high - low || 1))
  const on = (cells, when) => [...cells.keys()].filter(i => when(cells[i], i))
  const said = html("div", { class: "said", role: "status" })
  function draw() {
    const turn = state.turn
    const now = stateAt(cue, flips, turn)
    const [left, right] = grids
    const wrong = on(now, (value, i) => value !== sought[i])
    const frame = box => svg("rect", { ...{ x: box.x, y: box.y, width: box.w, height: box.h }, fill: theme.tint, stroke: theme.border })
    const heading = (box, words) => text(box.x, box.y - size * 0.6, words, { "font-weight": 600 })
    picture.replaceChildren(
      frame(left), heading(left, header.names[0]),
      svg("path", { d: squares(on(sought, value => value > 0), columns, cell, left.x, left.y), fill: theme.accent }),
      frame(right), heading(right, turn === 0 ? header.names[1] : header.names[2]),
      svg("path", { d: squares(on(now, value => value > 0), columns, cell, right.x, right.y), fill: theme.accent }),
      // what differs from the pattern is crossed out as well, not only coloured
      svg("path", { d: wrong.map(i => `M${right.x + (i % columns) * cell + 2} ${right.y + Math.floor(i / columns) * cell + 2}l${cell - 4} ${cell - 4}m0 ${4 - cell}l${4 - cell} ${cell - 4}`).join(""), stroke: theme.bad, "stroke-width": Math.max(1, cell / 7), fill: "none" }),
      text(curve.x, curve.y - size * 0.6, "Energy", { "font-weight": 600 }),
      svg("line", { x1: curve.x, x2: curve.x + curve.w, y1: y(header.stored), y2: y(header.stored), stroke: theme.good, "stroke-width": theme.line, "stroke-dasharray": "6 4" }),
      text(curve.x + size * 0.6, y(header.stored) - size * 0.4, "the stored pattern", { fill: theme.good }),
      ...[low, (low + high) / 2, high].map(value => text(curve.x - size * 0.5, y(value) + size * 0.35, number(value, 0), { "text-anchor": "end", fill: theme.faint })),
      svg("line", { x1: curve.x, x2: curve.x, y1: curve.y, y2: curve.y + curve.h, stroke: theme.border }),
      svg("path", { d: Array.from(energy, (value, i) => `${i ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join(""), fill: "none", stroke: theme.query, "stroke-width": 2.4 * theme.line }),
      svg("circle", { cx: x(turn), cy: y(energy[turn]), r: 6 * theme.line, fill: theme.text }),
      ...ticks(turns + 1, 8).map(at => text(x(at), curve.y + curve.h + size * 1.3, String(at), { "text-anchor": "middle", fill: theme.faint })),
      text(curve.x + curve.w / 2, curve.y + curve.h + size * 2.6, "units that have turned", { "text-anchor": "middle", fill: theme.faint }),
    )
    said.textContent = `${turn} of ${turns} units have turned${turn ? `, after ${asked[turn - 1]} were asked` : ""}: energy ${number(energy[turn], 1)}, overlap ${number(overlap[turn], 2)}, ${wrong.length} of ${units} wrong`
  }
  const field = html("input", { type: "range", min: 0, max: turns, step: 1, "aria-label": "Units that have turned" })
  const stop = () => {
    cancelAnimationFrame(state.frame)
    state.frame = null
    play.textContent = "Play"
  }
  const go = turn => {
    state.turn = turn
    field.value = turn
    draw()
  }
  const play = html("button", { type: "button" }, "Play")
  play.onclick = () => {
    if (state.frame) return stop()
    const from = state.turn >= turns ? 0 : state.turn
    const begun = performance.now()
    play.textContent = "Stop"
    const tick = time => {
      // a frame may have begun before the click that it follows
      const turn = Math.min(turns, from + Math.max(0, Math.floor(((time - begun) / PLAY_MS) * turns)))
      go(turn)
      if (turn < turns) state.frame = requestAnimationFrame(tick)
      else stop()
    }
    state.frame = requestAnimationFrame(tick)
    return undefined
  }
  field.oninput = () => {
    stop()
    go(Number(field.value))
  }
  stop()
  if (state.asked !== header.id) Object.assign(state, { asked: header.id, turn: Math.min(turns, Math.round(turns / 2)) })
  go(Math.min(state.turn, turns))
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches
  root.replaceChildren(html("div", { class: "controls" }, html("label", {}, "Turned ", field), still ? null : play, said), picture)
}

export default function ({ data, parentElement }) {
  return keepDrawn(parentElement.querySelector(".figure"), data, drawRecall)
}
