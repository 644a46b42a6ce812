// A table of verdicts: each cell says it by a sign, a word and a number, and leads to the picture that shows it.
import { carry, html, keepDrawn, readTheme, svg } from "./svg.js"

const SHORT = { "does not apply": "n/a" } // in a room, where the number has no place
const PHONE = 720 // px; below it each row becomes a block of its own
const LETTER = 0.54
const SIGNS = { yes: "M-4 0l3 3.5l5.5 -7", no: "M-3.5 -3.5l7 7m0 -7l-7 7", partly: "M-4.5 1q2.2 -4 4.5 -1t4.5 -1", "does not apply": "M-4 0h8" }

/** Words on lines of at most `letters`. */
export function wrap(text, letters) {
  const lines = [""]
  for (const word of text.split(" ")) {
    const last = lines.at(-1)
    if (last && last.length + 1 + word.length > letters) lines.push(word)
    else lines[lines.length - 1] = last ? `${last} ${word}` : word
  }
  return lines
}

const NARROW = 9 // times the size of type: in a narrower cell the number stands below its verdict
const SMALL = 0.62 // and is written smaller

/** Where names, heads and cells stand; `tall` says how many lines the highest head has. */
export function scoreLayout(rows, columns, width, size, height = 0, tall = 2) {
  if (width >= PHONE) {
    const stacked = (width - Math.min(width * 0.2, size * 15)) / columns < size * NARROW
    const name = stacked ? width * 0.27 : Math.min(width * 0.2, size * 15)
    const w = (width - name) / columns
    const head = Math.max(size * 3.4, size * (1.2 * tall + 0.6))
    const h = Math.max(size * (stacked ? 1.75 : 2.5), Math.min(size * 3, (height - head) / rows))
    return { wide: true, stacked, name, w, h, head, cell: (r, c) => ({ x: name + c * w, y: head + r * h }), row: r => head + r * h, height: head + rows * h }
  }
  const across = 2
  const w = width / across
  const h = size * 3.4
  const title = size * 2.4
  const block = title + Math.ceil(columns / across) * h + size * 0.6
  return {
    wide: false, stacked: false, name: width, w, h, head: 0, row: r => r * block, height: rows * block,
    cell: (r, c) => ({ x: (c % across) * w, y: r * block + title + Math.floor(c / across) * h }),
  }
}

function drawScoreboard(root, header) {
  const theme = readTheme(root)
  const { size } = theme
  const width = root.clientWidth
  const layout = tall => scoreLayout(header.rows.length, header.columns.length, width, size, header.height, tall)
  const heads = header.columns.map(name => wrap(name, layout().w / size / LETTER - 1))
  const place = layout(Math.max(...heads.map(lines => lines.length)))
  const pen = document.createElement("canvas").getContext("2d")
  pen.font = `600 100px ${theme.font}`
  /** The size at which a text fits into so many pixels. */
  const fitted = (text, room, most) => Math.min(most, (100 * room) / pen.measureText(text).width)
  /** Verdict and number on two lines; a long verdict takes the place of the number, and its sign stands alone. */
  const below = ({ verdict, number }, room) => {
    if (theme.least) return [{ words: SHORT[verdict] ?? verdict, line: 0, type: size, weight: 600 }] // the number is in the tip
    const type = fitted(verdict, room, size)
    if (type < size * 0.8) return [{ words: verdict, line: 1, type: fitted(verdict, place.w - 14, size * SMALL), weight: 600 }]
    return [{ words: verdict, line: 0, type, weight: 600 }, { words: number, line: 1, type: fitted(number, place.w - 14, size * SMALL), weight: 400 }]
  }
  const colours = { yes: theme.good, no: theme.bad, partly: theme.partly, "does not apply": theme.faint }
  const text = (x, y, string, more = {}) => svg("text", { x, y, fill: theme.text, ...more }, string)
  const picture = svg("svg", {
    class: "marks", width, height: place.height, viewBox: `0 0 ${width} ${place.height}`, role: "group", "aria-label": header.label,
    "font-family": theme.font, "font-size": size,
  })
  const tip = html("div", { class: "tip wrapped", role: "status" })
  tip.hidden = true
  if (place.wide) {
    heads.forEach((lines, c) => {
      lines.forEach((line, i) => picture.append(text(place.cell(0, c).x + 6, place.head - size * (0.8 + 1.2 * (lines.length - 1 - i)), line, { "font-weight": 600 })))
    })
  }
  header.rows.forEach((row, r) => {
    const y = place.row(r)
    if (row.current) picture.append(svg("rect", { x: 0, y: y + 1, width: place.wide ? place.name - 4 : width, height: place.wide ? place.h - 2 : size * 2.2, rx: 4, fill: theme.tint }))
    picture.append(text(6, y + (place.wide ? place.h / 2 : size * 1.1) + size * 0.35, row.name, { "font-weight": row.current ? 700 : 400, "font-size": place.stacked ? fitted(row.name, place.name - 10, size) : size }))
    row.cells.forEach((cell, c) => {
      const at = place.cell(r, c)
      const middle = at.y + place.h * (!place.wide ? 0.64 : place.stacked && !theme.least ? 0.36 : 0.5)
      const after = place.stacked ? size * 1.35 : 26 // room for the sign
      const link = svg("a", { href: cell.href, "aria-label": `${row.name}, ${header.columns[c]}: ${cell.verdict} ${cell.number}. ${cell.why}` })
      const colour = colours[cell.verdict]
      link.append(
        svg("rect", { x: at.x + 2, y: at.y + 1.5, width: place.w - 4, height: place.h - 3, rx: 5, fill: colour, "fill-opacity": 0.1, stroke: colour, "stroke-opacity": 0.35 }),
        svg("path", { d: SIGNS[cell.verdict], transform: `translate(${at.x + (place.stacked ? size * 0.7 : 15)} ${middle}) scale(${size / 12})`, fill: "none", stroke: colour, "stroke-width": 2.2, "stroke-linecap": "round" }),
        place.stacked
          ? svg("text", { fill: theme.text }, ...below(cell, place.w - after - 4).map(({ words, line, type, weight }) =>
            svg("tspan", { x: line ? at.x + 8 : at.x + after, y: line ? at.y + place.h - size * 0.22 : middle + size * 0.35, "font-weight": weight, "font-size": type }, words)))
          : svg("text", { x: at.x + after, y: middle + size * 0.35, fill: theme.text }, svg("tspan", { "font-weight": 600 }, cell.verdict), svg("tspan", { dx: size * 0.5 }, cell.number)),
      )
      if (!place.wide) link.append(text(at.x + 8, at.y + size * 1.2, header.columns[c], { "font-size": size * 0.86, fill: theme.faint }))
      const reason = () => {
        tip.replaceChildren(html("b", {}, `${row.name}, ${header.columns[c]}: ${cell.verdict}. `), cell.why)
        tip.hidden = false
        tip.style.left = `${Math.max(0, Math.min(at.x, width - tip.offsetWidth))}px`
        tip.style.top = `${at.y + place.h + 2}px`
      }
      for (const name of ["pointerenter", "focus"]) link.addEventListener(name, reason)
      for (const name of ["pointerleave", "blur"]) link.addEventListener(name, () => { tip.hidden = true })
      link.addEventListener("click", event => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return // a new tab, by the address itself
        event.preventDefault()
        history.pushState(history.state, "", location.href) // Back leads to the table again
        carry(cell.state)
      })
      picture.append(link)
    })
  })
  root.replaceChildren(html("div", {}, picture), tip)
}

export default function ({ data, parentElement }) {
  return keepDrawn(parentElement.querySelector(".figure"), data, drawScoreboard)
}
