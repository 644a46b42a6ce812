// Answers to one question, one under the other, place by place; wrong tokens are marked.
import { carry, clipped, keepDrawn, readTheme, svg } from "./svg.js"

const MOST = 18 // letters of a token that are written out
const LETTER = 0.6 // width of a letter over its size, on average
const PHONE = 560 // px; below it the name stands above its answer
const SIGN = 0.8 // the column of a single letter, over its size
const BROAD = /[\u1100-\uffff]|[\u{10000}-\u{10ffff}]/u // letters that are about as wide as high
const SHOWN = { " ": "·", "\n": "↵", "\t": "⇥" }

const TIGHT = 0.5 // the same where the row would break otherwise

/** Columns for the tokens of all rows, broken into lines that fit; rows of lines; the height. */
export function answersLayout(header, width, size, tall = 1.5) {
  const loose = arranged(header, width, size, LETTER, tall)
  return loose.lines > 1 && width >= PHONE ? arranged(header, width, size, TIGHT, tall) : loose
}

function arranged(header, width, size, letter, tall) {
  const narrow = width < PHONE
  const count = Math.max(0, ...header.rows.map(row => row.tokens.length))
  const wide = text => [...text].length * size * letter
  const name = narrow ? 0 : Math.max(...header.rows.map(row => wide(row.name))) + size * 2
  const note = Math.max(0, ...header.rows.map(row => wide(row.note))) + size
  const room = Math.max(size * 8, width - name - (narrow ? 0 : note))
  const column = token => (header.words ? wide(clipped(token, MOST)) + size * 0.55 : size * (BROAD.test(token) ? SIGN * 1.8 : SIGN))
  const columns = Array.from({ length: count }, (_, at) => Math.max(size * SIGN, ...header.rows.map(row => column(row.tokens[at] ?? ""))))
  const places = []
  let [x, line] = [0, 0]
  for (const each of columns) {
    if (x + each > room && x > 0) [x, line] = [0, line + 1]
    places.push({ x: name + x, line, w: each })
    x += each
  }
  const lines = line + 1
  const high = size * tall
  const block = (narrow ? high : 0) + high * lines + (lines > 1 || narrow ? size * 0.4 : 0)
  const end = places.length ? Math.max(...places.map(place => place.x + place.w)) : name
  return { lines, name, places, high, block, narrow, note: lines > 1 ? width - note + size : end + size, height: block * header.rows.length + size * 0.4 }
}

function drawAnswers(root, given, values, state) {
  const theme = readTheme(root)
  const { size } = theme
  const width = root.clientWidth
  const header = theme.least ? { ...given, rows: given.rows.map(row => ({ ...row, name: row.name.split(": ")[0] })) } : given
  const place = answersLayout(header, width, size, theme.least ? 1.3 : 1.5)
  const text = (x, y, string, more = {}) => svg("text", { x, y, fill: theme.text, "font-size": size, ...more }, string)
  const picture = svg("svg", {
    class: "marks", width, height: place.height, viewBox: `0 0 ${width} ${place.height}`,
    role: header.param ? "group" : "img", // rows that can be chosen are buttons, which a picture must not hold
    "aria-label": header.label, "font-family": theme.font,
  })
  header.rows.forEach((row, at) => {
    const y = at * place.block + size * 1.15
    const chosen = row.id !== "" && row.id === header.chosen
    const group = svg("g", { class: "answer", "data-id": row.id, style: row.id ? "cursor: pointer" : null })
    const first = y + (place.narrow ? place.high : 0)
    // the whole row hears a click, between its letters too
    group.append(svg("rect", { x: 0, y: at * place.block, width, height: place.block, fill: "transparent" }))
    if (chosen) group.append(svg("rect", { x: 0, y: at * place.block, width: place.narrow ? width : place.name - size * 0.8, height: place.narrow ? place.block : place.high, rx: 3, fill: theme.tint }))
    group.append(text(size * 0.4, y, `${chosen ? "▸ " : ""}${row.name}`, { "font-weight": chosen ? 700 : 400, fill: chosen ? theme.accent : theme.faint }))
    row.tokens.forEach((token, t) => {
      const { x, line, w } = place.places[t]
      const wrong = row.wrong.includes(t)
      const down = first + line * place.high
      if (wrong) group.append(svg("rect", { x: x - size * 0.08, y: down - size * 0.95, width: w, height: size * 1.25, fill: theme.bad, opacity: 0.2 }))
      group.append(text(header.words ? x : x + w / 2, down, SHOWN[token] ?? clipped(token, MOST), { "text-anchor": header.words ? "start" : "middle", "font-weight": wrong ? 700 : 500, fill: wrong ? theme.bad : theme.text, "text-decoration": wrong ? "underline" : null, class: wrong ? "wrong" : "token" }))
    })
    group.append(text(place.narrow ? width - size * 0.4 : place.note, place.narrow ? y : first, row.note, { "text-anchor": place.narrow ? "end" : "start", fill: row.good === true ? theme.good : row.good === false ? theme.bad : theme.faint, "font-weight": 600 }))
    if (row.id && header.param) {
      const choose = () => carry({ [header.param]: row.id })
      group.onclick = choose
      group.setAttribute("tabindex", "0")
      group.setAttribute("role", "button")
      group.setAttribute("aria-label", `${row.name}: ${row.note}`)
      group.onkeydown = event => {
        if (event.key !== "Enter" && event.key !== " ") return
        event.preventDefault()
        choose()
      }
    }
    picture.append(group)
  })
  root.replaceChildren(picture)
  root.dataset.drawn = String(header.rows.length)
}

export default function ({ data, parentElement }) {
  return keepDrawn(parentElement.querySelector(".figure"), data, drawAnswers)
}
