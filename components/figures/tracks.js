// Lines over a text or over steps: panels one under the other, one column a step, hover reads them all.
import { carry, html, keepDrawn, number, readTheme, svg, ticks, titled } from "./svg.js"

const LETTER = 0.56 // width of a letter over its size, on average
const NARROW = 0.49 // the same where a name may stand close to the next
const READABLE = 8.4 // px of a column whose letter can be read
const PAGE = { letter: LETTER, mark: 1.8, least: 3.4, gutter: 3.9, gap: 0.5 } // how names stand over a panel, its least height, room for numbers, and between
const ROOM = { letter: NARROW, mark: 1.3, least: 2.1, gutter: 3.3, gap: 0.35 }
const SPACED = 0.64 // of the height of type, a column whose letter stands by itself
const AFTER = 8 // columns that are seen behind the marked one
const FLOOR = 1e-300

/** The place of a value between the ends of a panel's axis, 0 at the bottom; clipped to the panel. */
export function height(value, { log, low, high }) {
  const place = log ? v => Math.log10(Math.max(v, FLOOR)) : v => v
  return Math.max(0, Math.min(1, (place(value) - place(low)) / (place(high) - place(low) || 1)))
}

/** Values of an axis that get a number, at most `most`: round steps, or every so many decades. */
export function axisTicks({ log, low, high }, most) {
  if (log) {
    const [from, to] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)]
    const by = ticks(to - from + 1, most)[1] ?? 1
    const at = []
    for (let power = to; power >= from; power -= by) at.unshift(10 ** power)
    return at
  }
  const rough = (high - low) / Math.max(1, most - 1)
  const size = 10 ** Math.floor(Math.log10(rough))
  const by = step => {
    const at = []
    for (let value = Math.ceil(low / step - 1e-9); value * step <= high + step * 1e-9; value++) at.push(value * step || 0)
    return at
  }
  const steps = [0.5, 1, 2, 5, 10].map(each => each * size)
  const wide = steps.findIndex(step => step >= rough * (1 - 1e-9))
  const at = by(steps[wide])
  return at.length > 1 ? at : by(steps[wide - 1]) // one number alone says nothing about the scale
}

/** How a tick is printed: powers of ten on a log axis, as few digits as tell ticks apart on another. */
export function tickText(value, { log, low, high }) {
  if (log) {
    const power = Math.round(Math.log10(value))
    return Math.abs(power) < 3 ? String(10 ** power).slice(0, 5) : `1e${power}`.replace("-", "−")
  }
  return number(value, Math.max(0, Math.min(4, Math.ceil(-Math.log10((high - low) / 3)))))
}

/** A character of a text as it is shown. */
export const shown = letter => ({ "\n": "↵", "\t": "⇥", " ": "·" })[letter] ?? letter

/** Where panels and columns stand; `size` is the height of type. Column i is centred on x(i). A `room` is short of space. */
export function tracksLayout(header, width, size, room = false) {
  const look = room ? ROOM : PAGE
  const numbers = size * look.gutter
  const columns = header.columns
  const each = (width - numbers - size * 0.8) / columns
  const letters = header.letters.length > 0 && each >= Math.min(size * 0.42, READABLE)
  const x = i => numbers + (i + 0.5) * each
  // the letters stand once under the last panel; names of lines stand over each panel, wrapped
  const names = header.panels.map(panel => {
    const rows = [[]]
    const named = header.named === false ? [] : panel.lines.filter(each => each.name)
    const taken = line => line.name.length * size * look.letter + size * 2 * look.mark
    let used = panel.title ? panel.title.length * size * look.letter + size * 1.5 : 0
    // names that do not all fit beside the title stand under it
    if (used > 0 && used + named.reduce((all, line) => all + taken(line), 0) > width - numbers) used = width
    for (const line of named) {
      const long = taken(line)
      if (used + long > width - numbers && used > 0) {
        rows.push([])
        used = 0
      }
      rows.at(-1).push({ line, x: numbers + used })
      used += long
    }
    return rows
  })
  const bottom = room && letters && header.title ? size * 2.9 : (letters ? size * 1.9 : 0) + (header.title || !letters ? size * 2.6 : 0)
  const heads = names.map(rows => rows.length * size * 1.35 + size * look.gap)
  const gap = size * look.gap
  const free = header.height - bottom - heads.reduce((a, b) => a + b, 0) - gap * header.panels.length
  const share = header.panels.reduce((a, panel) => a + panel.share, 0)
  let y = 0
  const panels = header.panels.map((panel, i) => {
    const h = Math.max(size * look.least, (free * panel.share) / share)
    const box = { head: y, y: y + heads[i], h, names: names[i] }
    y += heads[i] + h + gap
    return box
  })
  return { panels, x, each, letters, left: numbers, right: numbers + columns * each, base: y - gap, height: y - gap + bottom }
}

/** Header and values of the columns round the one that is marked, as many as have room for their letters; of all where
 * all have. In a room a letter that nobody can read says nothing. */
export function readable(header, values, width, size) {
  const { columns, letters, at, start, step } = header
  const most = Math.floor((width - size * (ROOM.gutter + 0.8)) / size / SPACED)
  if (!letters.length || columns <= most) return { header, values }
  const from = Math.max(0, Math.min(columns - most, (at ?? 0) + AFTER - most))
  const cut = Array.from({ length: values.length / columns }, (_, row) => [...values.subarray(row * columns + from, row * columns + from + most)])
  return {
    header: { ...header, columns: most, letters: letters.slice(from, from + most), start: start + from * step, at: at === null ? null : at - from },
    values: Float32Array.from(cut.flat()),
  }
}

/** Columns that get a number: where they are counted from 1, the first and then 5, 10, … instead of 6, 11. */
export function columnTicks({ columns, start, step }, most) {
  const at = ticks(columns, most)
  if (start !== 1 || step !== 1 || at.length < 2 || at[1] < 2) return at
  return [0, ...at.slice(1).map(i => i - 1), at.at(-1) + at[1] - 1].filter(i => i < columns)
}

/** The number of a column that has no letter. */
export const columnName = ({ start, step }, i) => number(start + i * step, Number.isInteger(step) ? 0 : 2)

/** A title, or as many of its parts, from the first on, as fit into `letters`. */
export function fitting(title, letters) {
  const parts = title.split(/(?=; | · )/)
  while (parts.length > 1 && parts.join("").length > letters) parts.pop()
  return parts.join("")
}

/** A path through the values; NaN breaks it. `steps` keeps each value for its whole column.
 * On a log axis a line ends where it leaves `low` to `high`, since it could go on for ever. */
export function path(values, x, y, steps, each, low = -Infinity, high = Infinity) {
  let drawn = ""
  let open = false
  values.forEach((value, i) => {
    const gone = at => Number.isNaN(values[at]) || values[at] < low || values[at] > high
    if (Number.isNaN(value) || (gone(i) && (i === 0 || gone(i - 1)) && (i + 1 >= values.length || gone(i + 1)))) {
      open = false
      return
    }
    const down = y(value).toFixed(1)
    const alone = !open && (i + 1 >= values.length || gone(i + 1))
    if (steps) drawn += `${open ? "L" : "M"}${(x(i) - each / 2).toFixed(1)} ${down}H${(x(i) + each / 2).toFixed(1)}`
    else drawn += `${open ? "L" : "M"}${x(i).toFixed(1)} ${down}${alone ? "h0" : ""}` // a dot, by its round end
    open = true
  })
  return drawn
}

/** The outline of what lies between two rows of values; columns without both are left out. */
export function band(low, high, x, y) {
  const at = [...low.keys()].filter(i => !Number.isNaN(low[i]) && !Number.isNaN(high[i]))
  const edge = row => i => `${x(i).toFixed(1)} ${y(row[i]).toFixed(1)}`
  return at.length ? `M${[...at.map(edge(low)), ...at.reverse().map(edge(high))].join("L")}Z` : ""
}

const DASHES = { solid: null, dashed: [6, 4], dotted: [1.5, 4] }
const dashes = (dash, theme) => DASHES[dash]?.map(each => each * theme.line).join(" ")

function drawTracks(root, whole, all, state) {
  const theme = readTheme(root)
  const { size } = theme
  const width = root.clientWidth
  const { header, values } = theme.least ? readable(whole, all, width, size) : { header: whole, values: all }
  if (state.start !== header.start) Object.assign(state, { start: header.start, at: null })
  const place = tracksLayout(header, width, size, theme.least > 0)
  const { mark, letter } = theme.least ? ROOM : PAGE
  const columns = header.columns
  const text = (x, y, string, more = {}) => svg("text", { x, y, fill: theme.text, ...more }, string)
  const colour = line => (theme.dark ? line.dark : line.colour)
  const picture = svg("svg", {
    class: "marks", width, height: place.height, viewBox: `0 0 ${width} ${place.height}`, role: "application", tabindex: "0",
    "aria-label": header.label, "font-family": theme.font, "font-size": size,
  })
  // a title that has no room over its panel begins at the edge
  const heading = (words, y) => {
    const narrow = words.length * size * letter > place.right - place.left
    return text(narrow ? 0 : place.left, y, titled(words, place.right / size / letter), { "font-weight": 600 })
  }
  let start = 0
  const lines = []
  header.panels.forEach((panel, p) => {
    const box = place.panels[p]
    const y = value => box.y + box.h * (1 - height(value, panel))
    if (panel.title) picture.append(heading(panel.title, box.head + size * 1.1))
    for (const value of axisTicks(panel, Math.max(2, Math.floor(box.h / size / 2)))) {
      picture.append(
        svg("line", { x1: place.left, x2: place.right, y1: y(value), y2: y(value), stroke: theme.border, "stroke-width": value === 0 ? 1.5 : 0.7 }),
        text(place.left - size * 0.4, y(value) + size * 0.35, tickText(value, panel), { "text-anchor": "end", fill: theme.faint }),
      )
    }
    panel.lines.forEach(line => {
      const own = values.subarray(start, (start += columns))
      if (line.band) {
        const upto = values.subarray(start, (start += columns))
        picture.append(svg("path", { d: band(own, upto, place.x, y), fill: colour(line), "fill-opacity": 0.25 }))
        return
      }
      const wide = (line.wide ?? 2.2) * theme.line
      const stroke = { fill: "none", stroke: colour(line), "stroke-width": wide, "stroke-dasharray": dashes(line.dash, theme), "stroke-opacity": line.pale ? 0.35 : 1, "stroke-linejoin": "round", "stroke-linecap": line.dash === "dashed" ? "butt" : "round" }
      const drawn = path(own, place.x, y, line.steps, place.each, ...(panel.log ? [panel.low, panel.high] : []))
      // a value alone is a round dot, whatever the dashes of its line
      const alone = drawn && !/[LH]/.test(drawn)
      picture.append(svg("path", { d: drawn, ...stroke, ...(alone ? { "stroke-width": wide + 3, "stroke-dasharray": null, "stroke-linecap": "round" } : {}) }))
      lines.push({ panel, line, own, y })
    })
    box.names.forEach((row, r) => {
      for (const { line, x } of row) {
        const mid = box.head + size * (0.75 + 1.35 * r)
        const wide = Math.min((line.wide ?? 2.2) * theme.line, size * 0.6)
        picture.append(
          svg("line", { x1: x, x2: x + size * mark, y1: mid, y2: mid, stroke: colour(line), "stroke-width": wide, "stroke-dasharray": dashes(line.dash, theme), "stroke-opacity": line.pale ? 0.35 : 1, "stroke-linecap": line.dash === "dotted" ? "round" : "butt" }),
          text(x + size * (mark + 0.4), mid + size * 0.35, line.name),
        )
      }
    })
  })
  const low = place.base
  const top = place.panels[0].y
  if (place.letters) {
    header.letters.forEach((letter, i) => {
      const lit = i === header.at
      picture.append(text(place.x(i), low + size * 1.25, shown(letter), { "text-anchor": "middle", fill: lit ? theme.accent : "\n\t ".includes(letter) ? theme.faint : theme.text, "font-weight": lit ? 700 : 400, "font-size": Math.min(size * 1.05, place.each * 1.6) }))
    })
  } else if (!header.letters.length) {
    for (const i of columnTicks(header, Math.max(2, Math.floor((place.right - place.left) / size / 5)))) {
      picture.append(text(place.x(i), low + size * 1.25, columnName(header, i), { "text-anchor": "middle", fill: theme.faint }))
    }
  }
  if (header.title) picture.append(text((place.left + place.right) / 2, place.height - size * 0.4, fitting(header.title, (place.right - place.left) / size / LETTER), { "text-anchor": "middle", fill: theme.faint }))
  const rule = (i, more) => svg("line", { x1: place.x(i), x2: place.x(i), y1: top, y2: low, ...more })
  if (header.at !== null && header.at < columns) picture.append(rule(header.at, { stroke: theme.accent, "stroke-dasharray": "3 3" }))

  // hover, touch, keys
  const cross = rule(0, { stroke: theme.text, visibility: "hidden", class: "hover" })
  const dots = lines.map(({ line }) => svg("circle", { r: 3.5 * theme.line, fill: colour(line), visibility: "hidden", class: "hover" }))
  picture.append(cross, ...dots)
  const tip = html("div", { class: "tip", role: "status" })
  tip.hidden = true
  const named = i => {
    if (!header.letters.length) return `${header.row} ${columnName(header, i)}`
    const around = (from, to) => header.letters.slice(Math.max(0, from), Math.max(0, to)).map(shown).join("")
    return [`${header.row} ${columnName(header, i)}: ${around(i - 8, i)}`, html("b", {}, `[${shown(header.letters[i])}]`), around(i + 1, i + 6)]
  }
  function point(i) {
    const hidden = i === null
    for (const mark of [cross, ...dots]) mark.setAttribute("visibility", hidden ? "hidden" : "visible")
    tip.hidden = hidden
    if (hidden) return
    state.at = i
    const x = place.x(i)
    for (const end of ["x1", "x2"]) cross.setAttribute(end, x)
    const rows = lines.flatMap(({ line, own, panel, y }, n) => {
      if (Number.isNaN(own[i])) {
        dots[n].setAttribute("visibility", "hidden")
        return []
      }
      dots[n].setAttribute("cx", x)
      dots[n].setAttribute("cy", y(own[i]))
      if (!line.name) {
        dots[n].setAttribute("visibility", "hidden")
        return []
      }
      const value = panel.log ? own[i].toExponential(1).replace("-", "−").replace("e+", "e") : number(own[i], panel.digits)
      return [html("div", {}, html("i", { style: `display:inline-block;width:0.7em;height:0.7em;border-radius:50%;background:${colour(line)}`, "aria-hidden": "true" }), ` ${line.name}: `, html("b", {}, value))]
    })
    tip.replaceChildren(html("div", {}, ...[named(i)].flat()), ...rows)
    const right = x + 14 + tip.offsetWidth > width
    tip.style.left = `${Math.max(0, right ? x - 14 - tip.offsetWidth : x + 14)}px`
    tip.style.top = `${top}px`
  }
  const under = event => {
    const frame = picture.getBoundingClientRect()
    const i = Math.floor((((event.clientX - frame.left) * width) / frame.width - place.left) / place.each)
    return i >= 0 && i < columns ? i : null
  }
  const hold = i => i !== null && header.param && carry({ [header.param]: String(header.start + i * header.step) })
  picture.onpointermove = event => point(under(event))
  picture.onpointerleave = () => point(null)
  picture.onclick = event => hold(under(event))
  picture.onkeydown = event => {
    const now = state.at ?? header.at ?? 0
    if (event.key === "Enter") return hold(now)
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!move) return undefined
    event.preventDefault()
    point(Math.max(0, Math.min(columns - 1, now + move)))
  }
  picture.onblur = () => point(null)
  picture.style.cursor = header.param ? "pointer" : "crosshair"
  root.replaceChildren(picture, tip)
}

export default function ({ data, parentElement }) {
  return keepDrawn(parentElement.querySelector(".figure"), data, drawTracks)
}
