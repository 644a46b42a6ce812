// Pairs of dimensions as clock hands: a query at position m, a key some positions before it.
import { carry, html, keepDrawn, number, readTheme, svg } from "./svg.js"

const PHONE = 560 // px
const STEP_MS = 90 // time a position is shown while it plays

/** Angle of a pair at a position, in radians; a hand turns anticlockwise from three o'clock. */
export const angle = (frequency, position) => frequency * position

/** End of a hand of length r at an angle, y down as on a screen. */
export const hand = (x, y, r, turned) => [x + r * Math.cos(turned), y - r * Math.sin(turned)]

/** Centres and radius of `many` circles on a width. */
export function circles(many, width, height, size) {
  const across = Math.min(many, width < PHONE ? 2 : 4)
  const down = Math.ceil(many / across)
  const caption = size * 3.5
  const cell = width / across
  const row = width < PHONE ? cell * 0.72 + caption : Math.max(size * 8, height / down)
  const radius = Math.min(cell * 0.36, (row - caption) / 2)
  const at = Array.from({ length: many }, (_, i) => ({ x: (i % across) * cell + cell / 2, y: Math.floor(i / across) * row + radius + size * 1.6 }))
  return { at, radius, height: row * down }
}

/** The arc from one hand to the other, the short way round. */
export function arc(x, y, r, from, to) {
  const between = to - from - 2 * Math.PI * Math.round((to - from) / (2 * Math.PI))
  const [ax, ay] = hand(x, y, r, from)
  const [bx, by] = hand(x, y, r, from + between)
  return `M${ax} ${ay}A${r} ${r} 0 0 ${between > 0 ? 0 : 1} ${bx} ${by}`
}

function slider(label, max, value, input, change) {
  const out = html("output", {}, String(value))
  const field = html("input", { type: "range", min: 0, max, step: 1, "aria-label": label })
  field.value = value
  field.oninput = () => {
    out.textContent = field.value
    input(Number(field.value))
  }
  field.onchange = change
  return html("label", {}, label, field, out)
}

function drawTurning(root, header, similarity, state) {
  const theme = readTheme(root)
  const { size } = theme
  const width = root.clientWidth
  const asked = `${header.at}|${header.gap}`
  if (state.asked !== asked) Object.assign(state, { asked, at: header.at, gap: header.gap })
  clearInterval(state.timer)
  const place = circles(header.pairs.length, width, header.height - size * (theme.least ? 5.4 : 4), size)
  const picture = svg("svg", {
    class: "marks", width, height: place.height, viewBox: `0 0 ${width} ${place.height}`, role: "img", "aria-label": header.label,
    "font-family": theme.font, "font-size": size,
  })
  const said = html("div", { role: "status", class: "said" })
  const line = (colour, x, y, r, turned, wide) => {
    const [ex, ey] = hand(x, y, r, turned)
    return [svg("line", { x1: x, y1: y, x2: ex, y2: ey, stroke: colour, "stroke-width": wide, "stroke-linecap": "round" }), svg("circle", { cx: ex, cy: ey, r: wide * 1.3, fill: colour })]
  }
  const text = (x, y, string, more = {}) => svg("text", { x, y, "text-anchor": "middle", fill: theme.text, ...more }, string)
  function draw() {
    const { at, gap } = state
    picture.replaceChildren(...header.pairs.flatMap((pair, i) => {
      const { x, y } = place.at[i]
      const r = place.radius
      const query = angle(pair.frequency, at)
      const key = angle(pair.frequency, at - gap)
      return [
        svg("circle", { cx: x, cy: y, r, fill: theme.tint, stroke: theme.border }),
        svg("line", { x1: x, y1: y, x2: x + r, y2: y, stroke: theme.faint, "stroke-dasharray": "2 3" }),
        svg("path", { d: arc(x, y, r * 0.4, key, query), fill: "none", stroke: theme.text, "stroke-width": 2.5 * theme.line }),
        ...line(theme.key, x, y, r * 0.86, key, 3 * theme.line),
        ...line(theme.query, x, y, r * 0.86, query, 3 * theme.line),
        text(x, y - r - size * 0.5, pair.name, { "font-weight": 600 }),
        text(x, y + r + size * 1.2, pair.turn),
      ]
    }))
    said.textContent = `${header.product} ${number(similarity[gap], 3)} at distance ${gap}, whatever the position`
  }
  const move = patch => {
    Object.assign(state, patch)
    draw()
  }
  const write = () => carry({ [header.params.at]: state.at, [header.params.gap]: state.gap })
  const play = html("button", { type: "button" }, "Play")
  const position = slider("Position m", header.n - 1, state.at, at => move({ at }), write)
  play.onclick = () => {
    const field = position.querySelector("input")
    if (state.timer) {
      clearInterval(state.timer)
      state.timer = null
      write()
    } else {
      state.timer = setInterval(() => {
        field.value = (state.at + 1) % header.n
        field.oninput()
      }, STEP_MS)
    }
    play.textContent = state.timer ? "Stop" : "Play"
  }
  state.timer = null
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches
  const dot = colour => html("i", { style: `display:inline-block;width:0.8em;height:0.8em;border-radius:50%;background:${colour}`, "aria-hidden": "true" })
  draw()
  root.replaceChildren(
    html(
      "div", { class: "controls" }, position, slider("Distance to the key", header.n - 1, state.gap, gap => move({ gap }), write), still ? null : play,
      html("span", {}, dot(theme.query), " query at m"), html("span", {}, dot(theme.key), " key at m − distance"),
    ),
    said,
    picture,
  )
}

export default function ({ data, parentElement }) {
  return keepDrawn(parentElement.querySelector(".figure"), data, drawTurning)
}
