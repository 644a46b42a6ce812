// The tree that a beam grows: one column a step, the kept beginnings of each from the likeliest down.
import { clipped, html, keepDrawn, readTheme, svg } from "./svg.js"

const MOST = 18 // letters of a token that are written out
// width of a letter, round a token, left of the tree and right of it, over the size of type
const PAGE = { letter: 0.58, pad: 0.7, left: 3.2, end: 1 }
const ROOM = { letter: 0.5, pad: 0.4, left: 2.6, end: 0.2 }
const LEAST = 20 // px, the narrowest column; a longer tree scrolls
const SHOWN = { " ": "·", "\n": "↵", "\t": "⇥" }

/** The width of the box round a token of so many letters. */
const boxed = (letters, size, { letter, pad }) => Math.max(size * 1.1, letters * size * letter + size * pad)

/** The place of every branch: its step, and its rank among those of that step. Columns are equal; in a room, where
 * that is too wide, each is as wide as its longest token needs. */
export function beamLayout(branches, width, size, height, room = false) {
  const ranks = []
  const seen = new Map()
  for (const { step } of branches) {
    ranks.push(seen.get(step) ?? 0)
    seen.set(step, ranks.at(-1) + 1)
  }
  const steps = seen.size
  const deep = Math.max(1, ...seen.values())
  const look = room ? ROOM : PAGE
  const longest = Array(steps).fill(1)
  for (const { step, token } of branches) longest[step] = Math.max(longest[step], Math.min(MOST, [...token].length))
  const letters = Math.max(...longest)
  const left = size * look.left
  const end = size * look.end
  const free = (width - left - end) / steps
  // where nodes so close that they touch still find room, the tree does not scroll
  const each = Math.max(LEAST, Math.min(letters * size * look.letter + size * 1.5, Math.max(free, boxed(letters, size, look) + 4)), Math.min(size * 7, free))
  const columns = longest.map(count => (room && each > free ? boxed(count, size, look) + 2 : each))
  const starts = columns.map((_, step) => columns.slice(0, step).reduce((a, b) => a + b, left))
  const row = Math.min(size * 5, (height - size * 2) / deep)
  const own = Math.max(width, starts.at(-1) + columns.at(-1) + end)
  const middle = step => starts[step] + columns[step] / 2
  return { width: own, height: row * deep + size * 2, each: Math.min(...columns), row, deep, steps, look, left, middle, places: branches.map(({ step }, at) => ({ x: middle(step), y: size * 1.6 + (ranks[at] + 0.5) * row })) }
}

/** The branches from the root to this one. */
export function path(branches, at) {
  const found = []
  for (let now = at; now >= 0; now = branches[now].parent) found.unshift(now)
  return found
}

const percent = value => (value >= 0.0995 ? `${(100 * value).toFixed(0)} %` : value >= 0.001 ? `${(100 * value).toFixed(1)} %` : "< 0.1 %")

function drawBeam(root, header, values, state) {
  const theme = readTheme(root)
  const { size } = theme
  const { branches } = header
  const place = beamLayout(branches, root.clientWidth, size, header.height, theme.least > 0)
  const text = (x, y, string, more = {}) => svg("text", { x, y, fill: theme.text, "font-size": size, ...more }, string)
  const picture = svg("svg", {
    class: "marks", width: place.width, height: place.height, viewBox: `0 0 ${place.width} ${place.height}`, role: "application", tabindex: "0",
    style: "max-width: none", "aria-label": header.label, "font-family": theme.font,
  })
  const said = html("div", { class: "said", role: "status" })
  function draw(at) {
    picture.replaceChildren()
    const lit = new Set(at === null ? [] : path(branches, at))
    for (let rank = 0; rank < place.deep; rank++) picture.append(text(0, size * 1.95 + (rank + 0.5) * place.row, ["best", "2nd", "3rd"][rank] ?? `${rank + 1}th`, { fill: theme.faint }))
    const every = Math.ceil((size * 1.6) / place.each)
    for (let step = 0; step < place.steps; step += every) picture.append(text(place.middle(step), size, String(step + 1), { "text-anchor": "middle", fill: theme.faint }))
    branches.forEach((branch, i) => {
      const to = place.places[i]
      const from = branch.parent < 0 ? { x: place.left, y: size * 1.6 + 0.5 * place.row } : place.places[branch.parent]
      const strong = branch.won || lit.has(i)
      picture.append(svg("path", {
        d: `M${from.x} ${from.y}C${(from.x + to.x) / 2} ${from.y} ${(from.x + to.x) / 2} ${to.y} ${to.x} ${to.y}`, fill: "none", class: branch.won ? "won" : "lost",
        stroke: lit.has(i) ? theme.key : branch.won ? theme.query : theme.border, "stroke-width": (strong ? 2.6 : 1.2) * theme.line,
      }))
    })
    branches.forEach((branch, i) => {
      const { x, y } = place.places[i]
      const [wide, high] = [boxed([...branch.token].length, size, place.look), size * 1.35]
      const colour = lit.has(i) ? theme.key : branch.won ? theme.query : theme.border
      picture.append(
        svg("rect", { x: x - wide / 2, y: y - high / 2, width: wide, height: high, rx: 4, fill: theme.background, stroke: colour, "stroke-width": (branch.won || lit.has(i) ? 2 : 1) * theme.line, "data-at": i }),
        text(x, y + size * 0.35, SHOWN[branch.token] ?? clipped(branch.token, MOST), { "text-anchor": "middle", "font-weight": branch.won ? 700 : 400, fill: branch.won || lit.has(i) ? theme.text : theme.faint, "pointer-events": "none" }),
      )
      if (place.row > size * 2.6 && place.each > size * 2.4) picture.append(text(x, y + size * 1.65, percent(Math.exp(branch.own)), { "text-anchor": "middle", fill: theme.faint, "font-size": Math.max(size * 0.8, theme.least), "pointer-events": "none" }))
    })
    const beyond = place.width > root.clientWidth + 1 ? " Move the tree sideways to see its other steps." : ""
    // who presents knows what to point at
    said.textContent = at === null ? (theme.least ? header.hint.split(". ")[0] + "." : header.hint) + beyond : sentence(at)
  }
  function sentence(at) {
    const branch = branches[at]
    const whole = `together ${percent(Math.exp(branch.total))} (log-probability ${branch.total.toFixed(2).replace("-", "−")}); its last token alone ${percent(Math.exp(branch.own))}.`
    if (theme.least) return `The way to this token: ${whole}` // one line, so that the picture stays where it is
    const words = path(branches, at).map(i => branches[i].token).join(header.words ? " " : "")
    return `“${words}”: ${whole}${branch.won ? " This is on the way to the answer." : ""}`
  }
  const nearest = event => {
    const frame = picture.getBoundingClientRect()
    const [px, py] = [((event.clientX - frame.left) * place.width) / frame.width, ((event.clientY - frame.top) * place.height) / frame.height]
    let [best, least] = [null, place.row ** 2 / 3 + place.each ** 2 / 3]
    place.places.forEach(({ x, y }, i) => {
      const far = (x - px) ** 2 + (y - py) ** 2
      if (far < least) [best, least] = [i, far]
    })
    return best
  }
  const show = at => {
    if (at === state.now) return
    state.now = at
    draw(at)
  }
  picture.onpointermove = event => show(nearest(event))
  picture.onpointerleave = () => show(null)
  picture.onclick = event => show(nearest(event))
  picture.onkeydown = event => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!move) return
    event.preventDefault()
    show(Math.max(0, Math.min(branches.length - 1, (state.now ?? -1) + move)))
  }
  picture.onblur = () => show(null)
  state.now = null
  draw(null)
  const scroll = html("div", { style: "overflow-x: auto" }, picture)
  root.replaceChildren(scroll, said)
  root.dataset.drawn = String(branches.length)
}

export default function ({ data, parentElement }) {
  return keepDrawn(parentElement.querySelector(".figure"), data, drawBeam)
}
