// Matrices as pictures of cells: rows down, columns across, one stated colour scale for all panels.
import { bitmap, carry, html, keepDrawn, level, number, readTheme, svg, ticks, titled } from "./svg.js"

const PHONE = 560 // px; below it panels stand one under the other
const LETTER = 0.56 // width of a letter over its size, on average
const NARROW = 0.49 // the same where nothing stands beside
const SCALE = 16.5 // width of the scale of a difference over the size of type

const longest = labels => Math.max(0, ...labels.map(label => [...label].length))

/** Whether the rows of panels side by side have different labels, so that each needs its own; a `room` sees larger
 * cells instead, as long as there are equally many rows. */
export const ownRows = (panels, room = false) =>
  panels.some(panel => (room ? panel.rows !== panels[0].rows : panel.rowLabels.join("\n") !== panels[0].rowLabels.join("\n")))

/** Where panels, cells, labels and the legend stand; `size` is the height of type in pixels. */
export function matrixLayout(header, width, size, own = ownRows(header.panels)) {
  const many = header.panels.length
  const narrow = width < PHONE
  const across = many === 1 ? 1 : narrow ? (many > 3 ? 2 : 1) : many <= 3 ? many : Math.ceil(many / Math.ceil(many / 4))
  const down = Math.ceil(many / across)
  const words = labels => Math.min(longest(labels) * size * LETTER, narrow ? size * 6 : Math.min(size * 9, Math.max(size * 4.5, width * 0.075)))
  const gap = size * 1.4 + (own ? Math.max(...header.panels.map(panel => words(panel.rowLabels))) : 0)
  const left = size * 2.1 + Math.max(size * 2.4, ...header.panels.map(panel => words(panel.rowLabels)))
  const title = header.panels.some(panel => panel.title) ? size * 1.7 : size * 0.4
  const axis = size * 1.5
  const right = header.held == null ? 1 : size // room for the frame of the held row and its mark
  const each = (width - left - right - gap * (across - 1)) / across
  const stand = panel => axisLabels(panel.cols, panel.colLabels, each, size, size).shown.map(([, label]) => label)
  const bottom = Math.max(size * 1.5, ...header.panels.map(panel => (panel.colLabels.length ? words(stand(panel)) + size * 0.6 : 0)))
  // the second scale stands under the last panel, beside the first scale, or under it: as there is room
  const beside = width >= left + size * 2 * SCALE
  const stacked = Boolean(header.signed) && (across === 1 || (each < size * SCALE && !beside))
  const legend = size * 2.7 * (stacked ? 2 : 1)
  // names may want more than the picture has: then it grows
  const room = Math.max(size * 3, (header.height - legend - axis - (title + bottom) * down) / down)
  const high = many > across && narrow ? Math.max(room, each) : narrow && across === 1 && many > 1 ? Math.max(room, each * 0.8) : room
  const boxes = header.panels.map((panel, i) => {
    const cell = Math.min(each / panel.cols, high / panel.rows)
    const w = header.square ? cell * panel.cols : each
    const h = header.square ? cell * panel.rows : high
    const step = header.square ? Math.min(each, w + size * 2) + gap : each + gap
    return { x: left + (i % across) * step, y: title + Math.floor(i / across) * (high + title + bottom), w, h }
  })
  const used = Math.max(...boxes.map(box => box.y + box.h))
  const second = stacked ? left : each < size * SCALE ? left + size * SCALE : boxes.at(-1).x
  return { boxes, stacked, second, across, down, left, bottom, title, legend: used + bottom + axis, height: used + bottom + axis + legend, each }
}

/** The cell of a panel under a point of the picture, or null. */
export function cellAt(box, panel, x, y) {
  const row = Math.floor(((y - box.y) / box.h) * panel.rows)
  const col = Math.floor(((x - box.x) / box.w) * panel.cols)
  return row >= 0 && row < panel.rows && col >= 0 && col < panel.cols ? { row, col } : null
}

const short = (label, letters) => ([...label].length > letters ? [...label].slice(0, Math.max(1, letters - 1)).join("") + "…" : label)

/** The cell of another panel that stands for the same two things as `at` of this one, or null. */
export function twin(panel, at, other) {
  if (!panel.rowIds?.length || !other.rowIds?.length) return null
  const [row, col] = [other.rowIds.indexOf(panel.rowIds[at.row]), other.colIds.indexOf(panel.colIds[at.col])]
  return row >= 0 && col >= 0 ? { row, col } : null
}

/** Colour indices of a panel; the last index stands for a cell without a value. */
export function indices(values, scale, steps) {
  return Uint8Array.from(values, value => (Number.isNaN(value) ? steps : level(value, scale.low, scale.high, steps)))
}

const LINE = 1.15 // height of a line over the size of its type
const SMALL = 0.8 // type may shrink to this share of its size before labels are left out

/** The labels of an axis that find room, as [place, text], and the size of their type. */
export function axisLabels(count, labels, pixels, size, wide, small = SMALL) {
  if (!labels.length) return { type: size, shown: ticks(count, pixels / wide).map(at => [at, String(at)]) }
  const type = Math.min(size, pixels / count / LINE)
  const all = labels.map((label, at) => [at, label])
  if (type >= size * small) return { type, shown: all }
  const step = Math.ceil((size * LINE * count) / pixels)
  return { type: size, shown: all.filter(([at]) => at % step === 0) }
}

function drawMatrix(root, header, values, state) {
  const theme = readTheme(root)
  const { size } = theme
  const width = root.clientWidth
  const own = ownRows(header.panels, theme.least > 0)
  const place = matrixLayout(header, width, size, own)
  const missing = header.hidden ? (theme.dark ? "#454e5b" : "#d3d9e0") : theme.tint
  const scheme = theme.dark ? "dark" : "light"
  const { scale } = header
  // a panel of differences has a scale of its own
  const paints = Object.fromEntries([["plain", [header.palette[scheme], scale]], ...(header.signed ? [["signed", [header.signedPalette[scheme], header.signed]]] : [])])
  const paint = panel => paints[panel.signed ? "signed" : "plain"]
  const text = (x, y, string, more = {}) => svg("text", { x, y, fill: theme.text, "font-size": size, ...more }, string)
  const picture = svg("svg", {
    class: "marks", width, height: place.height, viewBox: `0 0 ${width} ${place.height}`, role: "application", tabindex: "0",
    "aria-label": header.label, "font-family": theme.font,
  })
  const small = theme.least ? 0.97 : SMALL
  let start = 0
  const panels = header.panels.map((panel, i) => {
    const box = place.boxes[i]
    const cells = values.subarray(start, (start += panel.rows * panel.cols))
    const [palette, range] = paint(panel)
    const colours = [...palette, missing]
    const steps = colours.length - 1
    const tiny = Math.min(box.w / panel.cols, box.h / panel.rows) < 1.5
    picture.append(
      svg("image", {
        x: box.x, y: box.y, width: box.w, height: box.h, preserveAspectRatio: "none",
        style: tiny ? "" : "image-rendering: pixelated", href: bitmap(indices(cells, range, steps), panel.cols, panel.rows, colours),
      }),
      svg("rect", { x: box.x, y: box.y, width: box.w, height: box.h, fill: "none", stroke: theme.border }),
    )
    if (panel.title) picture.append(text(box.x, box.y - size * 0.6, titled(panel.title, header.panels.length > 1 ? place.each / size / LETTER : (width - box.x) / size / NARROW), { "font-weight": 600 }))
    const first = i % place.across === 0
    const last = i >= header.panels.length - place.across
    const rowStep = box.h / panel.rows
    const colStep = box.w / panel.cols
    const down = axisLabels(panel.rows, panel.rowLabels, box.h, size, size * 1.25, small)
    for (const [at, label] of first || own ? down.shown : []) {
      const shown = short(label, Math.max(5, (place.left - size * 2) / size / LETTER + 0.5))
      picture.append(text(box.x - size * 0.45, box.y + (at + 0.5) * rowStep + size * 0.35, shown, { "text-anchor": "end", "font-size": down.type }))
    }
    const along = axisLabels(panel.cols, panel.colLabels, box.w, size, size * 3.2, small)
    for (const [at, label] of along.shown) {
      const x = box.x + (at + 0.5) * colStep
      if (!panel.colLabels.length) picture.append(text(x, box.y + box.h + size * 1.25, label, { "text-anchor": "middle" }))
      else {
        const y = box.y + box.h + size * 0.5
        picture.append(text(x, y, short(label, place.bottom / size / LETTER), { "text-anchor": "end", transform: `rotate(-90 ${x} ${y})`, dy: size * 0.35, "font-size": along.type }))
      }
    }
    if (last) picture.append(text(box.x + box.w / 2, box.y + box.h + place.bottom + size * 1.1, header.columns, { "text-anchor": "middle", fill: theme.faint }))
    if (first) {
      const y = box.y + box.h / 2
      picture.append(text(size, y, header.rows, { "text-anchor": "middle", fill: theme.faint, transform: `rotate(-90 ${size} ${y})` }))
    }
    if (header.gone && cells.some(Number.isNaN)) {
      const from = cells.findIndex(Number.isNaN) / panel.cols
      const y = box.y + ((from + panel.rows) / 2) * rowStep
      picture.append(text(box.x + box.w / 2, y + size * 0.35, header.gone, { "text-anchor": "middle", "font-weight": 600 }))
    }
    if (header.held !== null && header.held < panel.rows) {
      const y = box.y + header.held * rowStep
      const tall = Math.max(rowStep, 2) + 2 // round the row, so that its cells stay in sight
      const mark = { x: box.x - 1, y: y + rowStep / 2 - tall / 2, width: box.w + 2, height: tall, fill: "none", stroke: theme.text, "stroke-width": theme.line }
      const tip = x => svg("path", { d: `M${x + 2} ${y + rowStep / 2}l8 -5v10z`, fill: theme.text })
      picture.append(svg("rect", mark), tip(box.x + box.w))
    }
    return { ...panel, box, cells, rowStep, colStep }
  })

  // the scale
  const y = place.legend
  const long = Math.min(width * 0.4, size * (header.signed ? 9 : 16))
  Object.values(paints).forEach(([colours, range], at) => {
    const x = at ? place.second : place.left
    const y = place.legend + (at && place.stacked ? size * 2.7 : 0)
    const steps = colours.length
    picture.append(
      text(x, y + size * 0.8, range.title, { fill: theme.faint }),
      svg("image", { x, y: y + size * 1.25, width: long, height: size * 0.6, preserveAspectRatio: "none", href: bitmap(Uint8Array.from({ length: steps }, (_, i) => i), steps, 1, colours) }),
      text(x + long + size * 0.6, y + size * 1.85, `${number(range.low, range.digits)} to ${number(range.high, range.digits)}`),
    )
  })

  if (header.hidden) {
    const at = place.left + long + size * 8
    picture.append(svg("rect", { x: at, y: y + size * 1.15, width: size * 0.9, height: size * 0.8, fill: missing }), text(at + size * 1.3, y + size * 1.85, header.hidden))
  }

  // hover, touch, keys
  const twins = panels.map(() => svg("rect", { fill: "none", stroke: theme.text, "stroke-width": 1.5 * theme.line, "stroke-dasharray": "3 2", visibility: "hidden", class: "hover" }))
  picture.append(...twins)
  const cross = svg("rect", { fill: "none", stroke: theme.text, "stroke-width": 1.5 * theme.line, visibility: "hidden", class: "hover" })
  picture.append(cross)
  const tip = html("div", { class: header.signed ? "tip wrapped" : "tip", role: "status" })
  tip.hidden = true
  const name = (labels, at) => (labels.length ? `“${labels[at]}”` : String(at))
  const put = (mark, { box, rowStep, colStep }, at) => {
    const place = { x: box.x + at.col * colStep - 1, y: box.y + at.row * rowStep - 1, width: Math.max(colStep, 3) + 2, height: Math.max(rowStep, 3) + 2 }
    for (const [key, value] of Object.entries(place)) mark.setAttribute(key, value)
    mark.setAttribute("visibility", "visible")
  }
  function point(panel, at) {
    for (const mark of twins) mark.setAttribute("visibility", "hidden")
    if (!at) {
      cross.setAttribute("visibility", "hidden")
      tip.hidden = true
      return
    }
    state.at = at
    const { box, rowStep, colStep } = panel
    const left = box.x + at.col * colStep
    const top = box.y + at.row * rowStep
    put(cross, panel, at)
    const value = panel.cells[at.row * panel.cols + at.col]
    const also = []
    panels.forEach((other, i) => {
      const same = other === panel ? null : twin(panel, at, other)
      if (!same) return
      put(twins[i], other, same)
      also.push(` · ${other.title}: `, html("b", {}, number(other.cells[same.row * other.cols + same.col], scale.digits + 1)))
    })
    tip.replaceChildren(
      `${header.row} ${name(panel.rowLabels, at.row)}, ${header.column} ${name(panel.colLabels, at.col)}: `,
      html("b", {}, Number.isNaN(value) ? "none" : number(value, scale.digits + 1)),
      ...also,
    )
    tip.hidden = false
    tip.style.left = `${Math.max(0, Math.min(left + 14, width - tip.offsetWidth - 4))}px`
    tip.style.top = `${Math.max(0, top + rowStep + 8)}px`
  }
  const under = event => {
    const frame = picture.getBoundingClientRect()
    const [px, py] = [((event.clientX - frame.left) * width) / frame.width, ((event.clientY - frame.top) * place.height) / frame.height]
    for (const panel of panels) {
      const at = cellAt(panel.box, panel, px, py)
      if (at) return [panel, at]
    }
    return [null, null]
  }
  const hold = row => header.param && carry({ [header.param]: row })
  picture.onpointermove = event => point(...under(event))
  picture.onpointerleave = () => point(null, null)
  picture.onclick = event => {
    const [, at] = under(event)
    if (at) hold(at.row)
  }
  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
  picture.onkeydown = event => {
    const panel = panels[0]
    const at = state.at ?? { row: header.held ?? 0, col: 0 }
    if (event.key === "Enter") return hold(at.row)
    const move = moves[event.key]
    if (!move) return undefined
    event.preventDefault()
    point(panel, {
      row: Math.max(0, Math.min(panel.rows - 1, at.row + move[0])),
      col: Math.max(0, Math.min(panel.cols - 1, at.col + move[1])),
    })
  }
  picture.onblur = () => point(null, null)
  picture.style.cursor = header.param ? "pointer" : "crosshair"
  root.replaceChildren(picture, tip)
}

export default function ({ data, parentElement }) {
  return keepDrawn(parentElement.querySelector(".figure"), data, drawMatrix)
}
