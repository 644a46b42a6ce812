// Unrolled networks: a node a row and step, and the roads that lead into one output.
import { bitmap, carry, html, keepDrawn, level, number, readTheme, svg } from "./svg.js"

const PHONE = 640 // px; below it networks stand one under the other
const LETTER = 0.56
const CHARACTERS = { "\n": "↵", "\t": "⇥", " ": "·" }

/** All nodes, as "row,step", from which a road leads into the last row at step `at`. */
export function roads({ rows, edges }, at, steps) {
  const found = new Set()
  const open = [[rows.length - 1, at]]
  while (open.length) {
    const [row, t] = open.pop()
    if (t < 0 || t >= steps || found.has(`${row},${t}`)) continue
    found.add(`${row},${t}`)
    for (const [from, to, later] of edges) if (to === row) open.push([from, t - later])
  }
  return found
}

/** The place of a value from 0 to 1 on the colour scale. */
export function shade(value, { log, low, high }) {
  if (!log) return Math.max(0, Math.min(1, (value - low) / (high - low)))
  return value <= 0 ? 0 : Math.max(0, Math.min(1, Math.log(value / low) / Math.log(high / low)))
}

/** Where networks, rows and steps stand; the input is the lowest row. A `room` is short of space. */
export function latticeLayout(header, width, size, room = false) {
  const many = header.panels.length
  const across = width < PHONE ? 1 : many
  const gap = size * 2
  const w = (width - gap * (across - 1)) / across
  const title = size * 2
  const foot = size * 2
  const legend = size * 2.6
  const tall = Math.max(...header.panels.map(panel => panel.rows.length))
  const free = header.height - legend - title - foot
  const row = Math.max(size * (room ? 1.9 : 3), Math.min(size * 6, (width < PHONE ? header.height * 0.8 : free) / tall))
  const block = title + row * tall + foot
  const panels = header.panels.map((panel, i) => {
    const left = Math.max(...panel.rows.map(name => name.length)) * size * LETTER + size * 0.6
    const own = (row * tall) / panel.rows.length // a network of few rows is as tall as the one beside it
    const x = (i % across) * (w + gap)
    const y = Math.floor(i / across) * block + title
    const each = (w - left) / header.steps
    return {
      x, y, left: x + left, each, radius: Math.min(each * 0.4, own * 0.32),
      at: (r, t) => [x + left + (t + 0.5) * each, y + (panel.rows.length - 1 - r + 0.5) * own],
      foot: y + tall * row + size * 1.1, bottom: y + tall * row, w,
    }
  })
  return { panels, height: Math.ceil(many / across) * block + legend }
}

/** A value as it is printed inside a node. */
export const inside = value => value.toFixed(1).replace(/^-0\.0$/, "0.0").replace("-", "−").replace(/^(−?)([01])\.0$/, "$1$2").replace("0.", ".")

/** An edge between two nodes; one that passes a node in its own column bends round it. */
export function road([ax, ay], [bx, by], radius, rows, each) {
  const [dx, dy] = [bx - ax, by - ay]
  const long = Math.hypot(dx, dy) || 1
  const [ux, uy] = [(dx / long) * radius, (dy / long) * radius]
  if (dx === 0 && rows > 1) return `M${ax + radius * 0.7} ${ay - radius * 0.7}Q${ax + each * 0.62} ${(ay + by) / 2} ${bx + radius * 0.7} ${by + radius * 0.7}`
  return `M${ax + ux} ${ay + uy}L${bx - ux} ${by - uy}`
}

function drawLattice(root, header, values, state) {
  const theme = readTheme(root)
  const { size } = theme
  const width = root.clientWidth
  const place = latticeLayout(header, width, size, theme.least > 0)
  const colours = header.palette[theme.dark ? "dark" : "light"]
  const ink = theme.dark ? ["#ffffff", "#10151c"] : ["#1f2733", "#ffffff"]
  const text = (x, y, string, more = {}) => svg("text", { x, y, fill: theme.text, ...more }, string)
  const { steps, scale } = header
  const picture = svg("svg", {
    class: "marks", width, height: place.height, viewBox: `0 0 ${width} ${place.height}`, role: "application", tabindex: "0",
    "aria-label": header.label, "font-family": theme.font, "font-size": size,
  })
  const said = html("div", { class: "said", role: "status" })
  let start = 0
  const panels = header.panels.map((panel, i) => {
    const count = panel.rows.length * steps
    const own = values.subarray(start, (start += count * panel.copies))
    return { ...panel, box: place.panels[i], value: (t, r, s) => own[(panel.copies > 1 ? t : 0) * count + r * steps + s] }
  })
  function draw(at) {
    picture.replaceChildren()
    for (const panel of panels) {
      const { box } = panel
      const lit = roads(panel, at, steps)
      picture.append(text(box.x, box.y - size * 0.8, panel.title, { "font-weight": 600 }))
      panel.rows.forEach((name, r) => picture.append(text(box.left - size * 0.3, box.at(r, 0)[1] + size * 0.35, name, { "text-anchor": "end", fill: theme.faint })))
      for (const bright of [false, true]) {
        for (const [from, to, later] of panel.edges) {
          for (let t = 0; t < steps; t++) {
            const s = t + later
            if (s < 0 || s >= steps || (lit.has(`${from},${t}`) && lit.has(`${to},${s}`)) !== bright) continue
            picture.append(svg("path", { d: road(box.at(from, t), box.at(to, s), box.radius, Math.abs(to - from), box.each), fill: "none", stroke: bright ? theme.text : theme.border, "stroke-width": (bright ? 1.4 : 1) * theme.line, class: bright ? "road" : null }))
          }
        }
      }
      panel.rows.forEach((_, r) => {
        for (let t = 0; t < steps; t++) {
          const [x, y] = box.at(r, t)
          const value = panel.value(at, r, t)
          const place01 = shade(value, scale)
          const fill = colours[level(place01, 0, 1, colours.length)]
          const on = lit.has(`${r},${t}`)
          picture.append(svg("circle", { cx: x, cy: y, r: box.radius, fill: on || panel.copies === 1 ? fill : theme.background, stroke: on ? theme.text : theme.border, "stroke-width": (on ? 1.6 : 1) * theme.line }))
          if (panel.copies === 1 && box.radius > size * 0.8) {
            picture.append(text(x, y + size * 0.3, inside(value), { "text-anchor": "middle", "font-size": Math.max(size * 0.85, theme.least), fill: ink[place01 > 0.5 ? 1 : 0] }))
          }
        }
      })
      header.letters.forEach((letter, t) => picture.append(text(box.at(0, t)[0], box.foot, CHARACTERS[letter] ?? letter, { "text-anchor": "middle", "font-weight": t === at ? 700 : 400, fill: t === at ? theme.accent : theme.text })))
    }
    const y = place.height - size * 1.6
    const long = Math.min(width * 0.3, size * 12)
    const names = `${scale.title}: ${number(scale.low, scale.digits)}`
    const wide = names.length * size * LETTER + size
    picture.append(
      text(0, y + size * 0.6, names, { fill: theme.faint }),
      svg("image", { x: wide, y, width: long, height: size * 0.7, preserveAspectRatio: "none", href: bitmap(Uint8Array.from({ length: colours.length }, (_, i) => i), colours.length, 1, colours) }),
      text(wide + long + size * 0.5, y + size * 0.6, `${number(scale.high, 0)}${scale.log && width > PHONE && !theme.least ? ", each step of colour the same ratio" : ""}`, { fill: theme.faint }),
    )
    const facts = panels.map(panel => {
      const lit = roads(panel, at, steps)
      const inputs = Array.from({ length: steps }, (_, t) => t).filter(t => lit.has(`0,${t}`))
      return `${panel.title}: from ${inputs.length} of ${steps} inputs`
    })
    // a room reads the step below the picture
    said.textContent = `${theme.least ? "" : `Lines lead to the output at step ${at + 1}. `}${facts.join(" · ")}`
  }
  const now = () => state.at ?? header.at
  const under = event => {
    const frame = picture.getBoundingClientRect()
    const [px, py] = [((event.clientX - frame.left) * width) / frame.width, ((event.clientY - frame.top) * place.height) / frame.height]
    for (const { box } of panels) {
      const t = Math.floor((px - box.left) / box.each)
      if (px >= box.x && px <= box.x + box.w && py >= box.y - size * 2 && py <= box.bottom + size * 2 && t >= 0 && t < steps) return t
    }
    return null
  }
  const show = t => {
    if (t === null || t === state.shown) return
    state.shown = t
    draw(t)
  }
  const hold = t => {
    if (t === null) return
    state.at = t
    if (header.param) carry({ [header.param]: String(t + 1) })
  }
  picture.onpointermove = event => show(under(event))
  picture.onpointerleave = () => show(now())
  picture.onclick = event => hold(under(event))
  picture.onkeydown = event => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!move) return
    event.preventDefault()
    hold(Math.max(0, Math.min(steps - 1, now() + move)))
    show(state.at)
  }
  picture.style.cursor = "pointer"
  if (state.asked !== header.at || state.steps !== steps) Object.assign(state, { asked: header.at, steps, at: header.at })
  state.shown = now()
  draw(state.shown)
  root.replaceChildren(said, picture)
}

export default function ({ data, parentElement }) {
  return keepDrawn(parentElement.querySelector(".figure"), data, drawLattice)
}
