// Drawing half of the step view: real tables of numbers, arranged as an equation. Keeps no state.
import { alone, inRow, labelWidth, largest, number, PAGE, printed, shared, size, table, tint } from "./layout.js"

export const element = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node[name] = value
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value === true ? "" : value)
  }
  node.append(...children)
  return node
}

/** A text in which W_Q, d_k and the like get a lowered letter; nothing in it is read as HTML. */
export function rich(text) {
  return text.split(/(?<![\p{L}\d])([Wd]_[a-zA-Z]+)(?![\p{L}\d])/u).flatMap((part, at) => {
    if (at % 2 === 0) return part ? [part] : []
    const [letter, low] = part.split("_")
    return [letter, element("sub", {}, low)]
  })
}

/** One matrix as a table with caption and headers; registers its cells in `cells`. */
function matrixTable(name, matrix, cells, { look, label, sharing = [], window = null, bare = false, hideRows = bare, spare = false }) {
  const [rows, columns] = matrix.shape
  const caption = element("caption", {},
    element("b", { class: `hue ${matrix.hue}` }, ...rich(matrix.label)), ` ${rows} × ${columns}`,
    ...(matrix.note ? [element("span", { class: "note" }, element("span", { class: "dot-between" }, " · "), matrix.note)] : []))
  const em = size(matrix, { look, sharing, bare })
  if (!matrix.values) return shape(matrix, caption, em)
  const first = bare ? 0 : label ?? em.label
  const group = j => matrix.groups > 1 && j > 0 && j % (columns / matrix.groups) === 0
  const head = element("tr", {}, element("td", { class: "corner" }),
    ...matrix.columns.map((text, j) => element("th", { scope: "col", class: group(j) ? "group" : "", title: text }, text)))
  const named = matrix.group_names ?? []
  const names = named.length ? [element("tr", { class: "names" }, element("td", { class: "corner" }),
    ...named.map((text, at) => element("th", { scope: "colgroup", colspan: columns / named.length, class: at ? "group" : "", title: text }, text)))]
    : spare ? [element("tr", { class: "spare", "aria-hidden": "true" }, element("td", { colspan: columns + 1 }))] : []
  const line = i => element("tr", {},
    element("th", { scope: "row", title: matrix.rows[i] }, element("span", { class: hideRows ? "hidden" : "" }, matrix.rows[i])),
    ...matrix.columns.map((column, j) => {
      const says = `${matrix.label}, row ${matrix.rows[i]}, column ${column}`
      const field = matrix.edit && element("input", { type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": says, maxlength: 24 })
      const cell = element("td", { class: `${field ? "edit " : ""}${group(j) ? "group" : ""}`, tabindex: field ? null : "-1" })
      if (field) cell.append(field)
      cell.dataset.cell = `${name}.${i}.${j}`
      cells.push(cell)
      return cell
    }))
  const [from, to] = window ?? [0, rows]
  // rows that a room does not show: a click shows the next one
  const more = i => (i < 0 || i >= rows ? [] : [element("tr", { class: "more" }, element("td", {}),
    element("td", { colspan: columns }, hideRows ? "" : element("button", { type: "button", "aria-label": `Show row ${matrix.rows[i]}`, "data-more": `${name}.${i}.0` }, "⋮")))])
  const body = [...more(from - 1), ...Array.from({ length: to - from }, (_, i) => line(from + i)), ...more(to < rows ? to : -1)]
  const widths = element("colgroup", {}, element("col", { style: `width:${first}em` }), ...em.columns.map(width => element("col", { style: `width:${width}em` })))
  return element("table", { class: `matrix ${matrix.hue}`, style: `width:${first + em.width - em.label}em` }, caption, widths,
    element("thead", {}, ...names, head), element("tbody", {}, ...body))
}

/** A matrix too large for numbers: a box whose sides grow with the square root of its size. */
function shape(matrix, caption, { box, tall }) {
  const [rows, columns] = matrix.shape
  const look = `${matrix.copies > 1 ? " stack" : ""}${matrix.groups > 1 ? " cut" : ""}`
  const drawn = element("div", { class: `box ${matrix.hue}${look}`, style: `--groups:${matrix.groups};width:${box}em;height:${tall}em`, role: "img", "aria-label": `${matrix.label}: ${rows} rows, ${columns} columns` })
  return element("figure", { class: "shape" }, element("figcaption", {}, ...caption.childNodes), drawn)
}

/** A product as it is done by hand: the left matrix, the right one above, the result where row and column cross. */
function product(block, matrices, cells, { across, look = PAGE, window }) {
  const lines = []
  for (let from = 0; from < block.outs.length; from += across) {
    const grid = element("div", { class: "product" })
    const shown = block.outs.slice(from, from + across).map((out, at) => [block.tops[from + at], out])
    const labels = shown.map(([top]) => labelWidth(matrices[top].rows, look))
    grid.style.gridTemplateColumns = `auto repeat(${shown.length}, auto)`
    const formula = shown.map(([top, out]) => element("div", { class: "formula" },
      ...rich(`${matrices[block.left].label} · ${matrices[top].label} = ${matrices[out].label}`)))
    grid.append(element("div", { class: "corner-text" }, ...formula))
    shown.forEach(([top, out], at) => grid.append(matrixTable(top, matrices[top], cells, { look, label: labels[at], sharing: shared(matrices, out) })))
    grid.append(matrixTable(block.left, matrices[block.left], cells, { look, window }))
    shown.forEach(([top, out], at) => grid.append(matrixTable(out, matrices[out], cells, { look, label: labels[at], sharing: shared(matrices, top), window, hideRows: true })))
    lines.push(grid)
  }
  return lines
}

const SIGNS = { sum: ["+", "="], product: ["·", "="], softmax: ["softmax of each row"], show: [] }

/** Matrices side by side with what is done between them. */
function row(block, matrices, cells, place) {
  const tables = inRow(block, matrices, place)
  const signs = block.kind === "divide" ? [block.by] : SIGNS[block.kind]
  const line = element("div", { class: "row" })
  const spare = block.kind !== "show" && tables.some(({ name }) => matrices[name].group_names?.length)
  tables.forEach(({ name, ...more }, at) => {
    const sign = at > 0 && signs[at - 1]
    const words = sign && sign.length > 1
    if (sign) line.append(element("div", { class: words ? "sign words" : "sign" }, ...rich(sign), ...(words ? [element("span", { class: "arrow", "aria-hidden": "true" }, "→")] : [])))
    line.append(matrixTable(name, matrices[name], cells, { look: place.look ?? PAGE, spare, ...more }))
  })
  return [line]
}

/** Build a step's tables and give their cells; `fill` writes the numbers. A matrix may stand there twice. */
export function build(stage, step, matrices, place) {
  const { inLine, scale, part, look = PAGE } = place
  const cells = []
  stage.classList.toggle("room", Boolean(look.tight))
  stage.style.fontSize = `${scale}em`
  // where even a room has not enough, all type gives way alike
  stage.style.setProperty("--least", look.tight ? `calc(var(--plainsight-least) * ${Math.min(1, scale)})` : "0px")
  stage.style.setProperty("--row", `${look.row}em`)
  stage.replaceChildren(...alone(step, part).blocks.flatMap(block => (block.kind === "product" && !inLine ? product(block, matrices, cells, place) : row(block, matrices, cells, place))))
  return cells
}

/** Write the numbers and their tint into the cells; a field in which someone types is left alone. */
export function fill(cells, matrices, head, busy) {
  const most = new Map()
  for (const cell of cells) {
    const [name, i, j] = cell.dataset.cell.split(".")
    const matrix = matrices[name]
    const values = table(matrix, head)
    if (!most.has(name)) most.set(name, largest(values))
    const value = values[i][j]
    const field = cell.querySelector("input")
    if (!field) cell.textContent = number(value)
    else if (field !== busy) field.value = field.dataset.shown = printed(value, matrix)
    const { share, negative } = tint(value, most.get(name), matrix.hue)
    cell.style.setProperty("--share", `${Math.round(share * 100)}%`)
    cell.classList.toggle("negative", negative)
    cell.classList.toggle("strong", matrix.hue === "weight" && share > 0.5)
    cell.classList.toggle("masked", value === null)
  }
}

/** Light up what made a number, and the number itself. */
export function light(cells, lights, chosen) {
  for (const cell of cells) {
    const [name, i, j] = cell.dataset.cell.split(".")
    const lit = lights.some(each => each.name === name && (each.row === undefined || each.row === Number(i)) && (each.col === undefined || each.col === Number(j)))
    cell.classList.toggle("lit", lit)
    cell.classList.toggle("made", cell.dataset.cell === chosen)
  }
}

/** The pieces of a written sum as nodes. */
export const written = parts => parts.map(({ text, hue, raised, strong }) =>
  element(raised ? "sup" : strong ? "b" : "span", { class: hue ? `hue ${hue}` : "" }, text))

const LEAST_EXPORT = 560 // px, so that title and footer have room

const escape = text => String(text).replace(/[&<>"]/g, sign => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign])
const round = value => Math.round(value * 10) / 10

/** What a browser shows of parts of the page as SVG: boxes with a background or border, and lines of text. */
export function toSvg(parts, { title, footer, background, text }) {
  const [part] = parts
  const origin = part.getBoundingClientRect()
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true })
  const colour = css => {
    pen.clearRect(0, 0, 1, 1)
    pen.fillStyle = css
    pen.fillRect(0, 0, 1, 1)
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data
    return { rgb: `rgb(${r} ${g} ${b})`, alpha: a / 255 }
  }
  const faint = colour(getComputedStyle(part.querySelector("caption, figcaption") ?? part).color).rgb
  const pad = 16
  const head = 44
  const out = []
  let right = 0
  // the reader's font may be wider or narrower than the page's: the text is fitted to the width it has here
  const write = (string, x, y, style, anchor = "start", wide = 0) => out.push(`<text x="${round(x)}" y="${round(y)}" fill="${colour(style.color).rgb}" font-family="${escape(style.fontFamily)}" font-size="${style.fontSize}" font-weight="${style.fontWeight}" text-anchor="${anchor}" dominant-baseline="central"${wide ? ` textLength="${round(wide)}" lengthAdjust="spacingAndGlyphs"` : ""} xml:space="preserve">${escape(string)}</text>`)
  const visit = node => {
    if (node.nodeType === Node.TEXT_NODE) {
      const range = document.createRange()
      range.selectNodeContents(node)
      const box = range.getBoundingClientRect()
      if (!node.textContent.trim() || !box.width) return
      const style = getComputedStyle(node.parentElement)
      const [share, anchor] = { center: [0.5, "middle"], right: [1, "end"] }[style.textAlign] ?? [0, "start"]
      return write(node.textContent, box.x - origin.x + share * box.width, box.y - origin.y + box.height / 2, style, anchor, range.getClientRects().length === 1 ? box.width : 0)
    }
    const style = getComputedStyle(node)
    if (node.classList.contains("hidden") || style.display === "none") return
    const box = node.getBoundingClientRect()
    if (node.matches("table, figure, .formula")) right = Math.max(right, box.right - origin.left)
    const { rgb, alpha } = colour(style.backgroundColor)
    const outline = parseFloat(style.outlineWidth) && style.outlineStyle !== "none" ? ` stroke="${colour(style.outlineColor).rgb}" stroke-width="${style.outlineWidth}"` : ""
    if (alpha > 0 || outline) out.push(`<rect x="${round(box.x - origin.x)}" y="${round(box.y - origin.y)}" width="${round(box.width)}" height="${round(box.height)}" fill="${rgb}" fill-opacity="${alpha.toFixed(3)}"${outline}/>`)
    if (node.classList.contains("negative")) {
      const share = parseFloat(style.getPropertyValue("--share")) / 100
      out.push(`<rect x="${round(box.x - origin.x)}" y="${round(box.y - origin.y)}" width="${round(box.width)}" height="${round(box.height)}" fill="url(#negative)" fill-opacity="${share.toFixed(3)}"/>`)
    }
    if (node.tagName === "INPUT") write(node.value, box.x - origin.x + box.width / 2, box.y - origin.y + box.height / 2, style, "middle")
    node.childNodes.forEach(visit)
  }
  parts.forEach(visit)
  const bottom = Math.max(...parts.map(each => each.getBoundingClientRect().bottom)) - origin.y
  const width = Math.ceil(Math.max(right, LEAST_EXPORT)) + 2 * pad
  const height = Math.ceil(bottom) + head + 2 * pad + 24
  const family = escape(getComputedStyle(part).fontFamily)
  return {
    width,
    height,
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img"><title>${escape(title)}</title><defs><pattern id="negative" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="${faint}" fill-opacity="0.3"/><rect width="3" height="6" fill="${faint}" fill-opacity="0.17"/></pattern></defs><rect width="100%" height="100%" fill="${escape(background)}"/><text x="${pad}" y="${pad + 12}" font-size="16" font-weight="600" fill="${escape(text)}" font-family="${family}">${escape(title)}</text><g transform="translate(${pad} ${head + pad})">${out.join("")}</g><text x="${pad}" y="${height - pad}" font-size="11" fill="${escape(text)}" font-family="${family}">${escape(footer)}</text></svg>`,
  }
}
