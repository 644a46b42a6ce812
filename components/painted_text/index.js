// Painted text: one SVG; hover reads a value, dragging marks a stretch of the first text.
import { carry, html, keepDrawn, number, readTheme, svg, titled } from "../figures/svg.js"
import { fitting, glyph, layout, longestLine, mostLines, PAGE, ROOM, shade } from "./layout.js"

const LETTER = 0.5 // width of a letter of a title over its size, on average

function drawTexts(root, header, values, state) {
  const theme = readTheme(root)
  const scheme = theme.dark ? "dark" : "light"
  const width = root.clientWidth
  const look = theme.least ? ROOM : PAGE
  // on a page smaller where that keeps the lines of the text whole; a room sees those that matter
  const longest = Math.max(...header.texts.map(each => longestLine(each.characters)))
  const size = theme.least || Math.max(theme.size * 0.85, Math.min(theme.size * 1.08, width / (longest + 2.2) / look.width))
  const [cw, ch] = [size * look.width, size * look.line]
  const [title, gap] = [theme.size * look.title, theme.size * look.gap]
  const row = header.rows && theme.least > 0
  const left = row ? Math.max(...header.texts.map(each => each.title.length)) * theme.size * LETTER + theme.size : 0
  const fit = fitting(width - left, cw)
  const most = theme.least ? mostLines(header.texts, header.height, { line: ch, title, gap }, row) : Infinity
  const focus = header.focus ?? (header.marked ? header.marked[1] - 1 : 0)
  if (state.focus !== focus) Object.assign(state, { focus, first: null })
  const picture = svg("svg", { class: "marks", width, role: header.param ? "application" : "img", tabindex: header.param ? 0 : null, "aria-label": header.label, "font-family": theme.font, "font-size": theme.size })
  const boxes = [] // of every character: [x, y]
  const spans = []
  let [y, offset, line] = [2, 0, null] // of the first text the first line that is shown
  header.texts.forEach((each, which) => {
    if (each.title) picture.append(svg("text", { x: 0, y: y + theme.size, fill: theme.text, "font-weight": 600 }, titled(each.title, width / theme.size / LETTER)))
    y += each.title && !row ? title : 0
    const { places, lines, first } = layout(each.characters, fit, { most, row, focus, first: state.first })
    line ??= first
    const colours = header.palette[each.kind][scheme]
    const light = header.ink[each.kind][scheme]
    const differs = new Set(each.differs)
    const under = new Set(each.under)
    places.forEach((place, t) => {
      boxes.push(place && [left + place[1] * cw, y + place[0] * ch])
      if (!place) return
      const [x, top] = boxes.at(-1)
      const index = shade(values[offset + t], each.low, each.high, colours.length)
      picture.append(
        svg("rect", { x, y: top, width: cw + 0.4, height: ch - 5, fill: colours[index] }),
        svg("text", {
          x: x + cw / 2, y: top + size * 0.98, "text-anchor": "middle", "font-family": "ui-monospace, Menlo, Consolas, monospace", "font-size": size,
          fill: light[index] === "1" ? "#fff" : "#10141a", ...(each.characters[t] === "\n" && { opacity: 0.35 }), ...(differs.has(t) && { "font-weight": 700 }),
        }, glyph(each.characters[t])),
      )
      if (under.has(t)) picture.append(svg("rect", { x, y: top + ch - 4.5, width: cw + 0.4, height: 2.5 * theme.line, fill: theme.key }))
      if (differs.has(t)) picture.append(svg("rect", { x, y: top + ch - 5, width: cw + 0.4, height: 2 * theme.line, fill: theme.bad }))
    })
    spans.push([offset, each.characters.length])
    offset += each.characters.length
    y += lines * ch + (which < header.texts.length - 1 ? gap : 0)
  })
  picture.setAttribute("height", Math.max(y, 20))
  picture.setAttribute("viewBox", `0 0 ${width} ${Math.max(y, 20)}`)
  const marks = svg("g", { "pointer-events": "none" })
  picture.append(marks)
  const tip = html("div", { class: "tip", role: "status" })
  tip.hidden = true

  const first = spans[0][1]
  let range = header.marked
  function showRange() {
    const inside = range ? boxes.slice(...range).filter(Boolean) : []
    marks.replaceChildren(...inside.map(([x, top]) =>
      svg("rect", { x, y: top - 1.5, width: cw + 0.4, height: ch - 2, fill: "none", stroke: theme.text, "stroke-opacity": 0.35, "stroke-dasharray": `${cw + 0.4} ${ch - 2}` })))
    for (const [box, side] of range ? [[boxes[range[0]], 0], [boxes[range[1] - 1], cw]] : []) {
      if (box) marks.append(svg("rect", { x: box[0] + side - 1, y: box[1] - 2, width: 2.2, height: ch - 1, fill: theme.text }))
    }
  }
  showRange()

  const under = event => {
    const frame = picture.getBoundingClientRect()
    const shown = frame.width / picture.clientWidth || 1 // less than 1 where a room's picture is shrunk
    const [px, py] = [(event.clientX - frame.left) / shown, (event.clientY - frame.top) / shown]
    return boxes.findIndex(box => box && px >= box[0] && px < box[0] + cw && py >= box[1] && py < box[1] + ch)
  }
  let from = null
  picture.onpointerdown = event => {
    const at = under(event)
    if (!header.param || at < 0 || at >= first) return
    from = at
    picture.setPointerCapture?.(event.pointerId)
    event.preventDefault()
  }
  picture.onpointermove = event => {
    const at = under(event)
    if (from !== null && at >= 0 && at < first) {
      range = [Math.min(from, at), Math.max(from, at) + 1]
      showRange()
    }
    if (at < 0) { tip.hidden = true; return }
    const which = spans.findIndex(([start, length]) => at >= start && at < start + length)
    const each = header.texts[which]
    const character = each.characters[at - spans[which][0]]
    tip.replaceChildren(`${character === "\n" ? "line end" : character === " " ? "space" : `“${character}”`} at ${at - spans[which][0] + 1}: `, html("b", {}, number(values[at], 2)))
    tip.hidden = false
    tip.style.left = `${Math.max(0, Math.min(boxes[at][0] + 12, width - tip.offsetWidth - 4))}px`
    tip.style.top = `${boxes[at][1] + ch + 4}px`
  }
  picture.onpointerup = () => {
    if (from === null) return
    const picked = range && range[1] - range[0] > 1 ? range : null
    from = null
    if (picked) carry({ [header.param]: picked.join("-") })
  }
  picture.onpointerleave = () => { tip.hidden = true }
  picture.onkeydown = event => {
    // Shift and an arrow key move the end of the stretch, the arrow key alone moves all of it
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!header.param || !step) return
    event.preventDefault()
    const [a, b] = range ?? [0, 1]
    const next = event.shiftKey ? [a, Math.max(a + 1, Math.min(first, b + step))] : [a + step, b + step]
    if (next[0] < 0 || next[1] > first) return
    range = next
    showRange()
    clearTimeout(state.wait)
    state.wait = setTimeout(() => carry({ [header.param]: range.join("-") }), 500)
  }
  picture.style.cursor = header.param ? "text" : "default"
  picture.onwheel = event => {
    if (!boxes.includes(null)) return
    event.preventDefault()
    state.first = line + Math.sign(event.deltaY)
    drawTexts(root, header, values, state)
  }
  root.style.maxHeight = header.height && !theme.least ? `${header.height}px` : ""
  root.replaceChildren(picture, tip)
  root.dataset.drawn = header.texts.length
}

export default function ({ data, parentElement }) {
  return keepDrawn(parentElement.querySelector(".painted-text"), data, drawTexts)
}
