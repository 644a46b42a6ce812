// Painted text: one SVG; hover reads a value, dragging marks a stretch of the first text.
import { carry, html, keepDrawn, number, readTheme, svg, titled } from "../figures/svg.js"
import { fitting, glyph, layout, LINE, longestLine, roomSize, shade, WIDTH } from "./layout.js"

const SMALLEST = 15 // px of a text of which a room must see all
const LETTER = 0.5 // width of a letter of a title over its size, on average

function drawTexts(root, header, values, state) {
  const theme = readTheme(root)
  const scheme = theme.dark ? "dark" : "light"
  const width = root.clientWidth
  // smaller where that keeps the lines of the text whole
  const longest = Math.max(...header.texts.map(each => longestLine(each.characters)))
  const size = theme.least
    ? roomSize(header.texts, width, header.height, { most: theme.least, least: SMALLEST, title: theme.size * 1.7 })
    : Math.max(theme.size * 0.85, Math.min(theme.size * 1.08, width / (longest + 2.2) / WIDTH))
  const [cw, ch] = [size * WIDTH, size * LINE]
  const fit = fitting(width, size)
  const picture = svg("svg", { class: "marks", width, role: header.param ? "application" : "img", tabindex: header.param ? 0 : null, "aria-label": header.label, "font-family": theme.font, "font-size": theme.size })
  const boxes = [] // of every character: [x, y]
  const spans = []
  let y = 2
  let offset = 0
  header.texts.forEach((each, which) => {
    if (each.title) picture.append(svg("text", { x: 0, y: y + theme.size, fill: theme.text, "font-weight": 600 }, titled(each.title, width / theme.size / LETTER)))
    y += each.title ? theme.size * 1.7 : 0
    const { places, lines } = layout(each.characters, fit)
    const colours = header.palette[each.kind][scheme]
    const light = header.ink[each.kind][scheme]
    const differs = new Set(each.differs)
    const under = new Set(each.under)
    places.forEach(([line, column], t) => {
      const [x, top] = [column * cw, y + line * ch]
      boxes.push([x, top])
      const index = shade(values[offset + t], each.low, each.high, colours.length)
      picture.append(
        svg("rect", { x, y: top, width: cw + 0.4, height: ch - 5, fill: colours[index] }),
        svg("text", {
          x: x + cw / 2, y: top + size * 0.98, "text-anchor": "middle", "font-family": "ui-monospace, Menlo, Consolas, monospace", "font-size": size,
          fill: light[index] === "1" ? "#fff" : "#10141a", ...(each.characters[t] === "\n" && { opacity: 0.35 }), ...(differs.has(t) && { "font-weight": 700 }),
        }, glyph(each.characters[t])),
      )
      if (under.has(t)) picture.append(svg("rect", { x, y: top + ch - 4.5, width: cw + 0.4, height: 2.5, fill: theme.key }))
      if (differs.has(t)) picture.append(svg("rect", { x, y: top + ch - 5, width: cw + 0.4, height: 2, fill: theme.bad }))
    })
    spans.push([offset, each.characters.length])
    offset += each.characters.length
    y += lines * ch + (which < header.texts.length - 1 ? theme.size * 0.9 : 0)
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
    marks.replaceChildren(...(range ? Array.from({ length: range[1] - range[0] }, (_, i) => boxes[range[0] + i]).map(([x, top]) =>
      svg("rect", { x, y: top - 1.5, width: cw + 0.4, height: ch - 2, fill: "none", stroke: theme.text, "stroke-opacity": 0.35, "stroke-dasharray": `${cw + 0.4} ${ch - 2}` })) : []))
    if (!range) return
    const [[ax, ay], [bx, by]] = [boxes[range[0]], boxes[range[1] - 1]]
    for (const [x, top] of [[ax, ay], [bx + cw, by]]) marks.append(svg("rect", { x: x - 1, y: top - 2, width: 2.2, height: ch - 1, fill: theme.text }))
  }
  showRange()

  const under = event => {
    const frame = picture.getBoundingClientRect()
    const shown = frame.width / picture.clientWidth || 1 // less than 1 where a room's picture is shrunk
    const [px, py] = [(event.clientX - frame.left) / shown, (event.clientY - frame.top) / shown]
    return boxes.findIndex(([x, top]) => px >= x && px < x + cw && py >= top && py < top + ch)
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
  root.style.maxHeight = header.height ? `${header.height}px` : ""
  root.replaceChildren(picture, tip)
  // what is marked stands in sight where the text is longer than its place
  if (theme.least && range) root.scrollTop = boxes[range[1] - 1][1] + ch - root.clientHeight
  root.dataset.drawn = header.texts.length
}

export default function ({ data, parentElement }) {
  return keepDrawn(parentElement.querySelector(".painted-text"), data, drawTexts)
}
