// Pure half of the step view: what is printed, what lights up, how large things are. No DOM in this file,
// and no number of its own: every value comes from the server.

export const CELL = 3.2 // em a column of numbers takes
export const ROW = 1.75 // em a row takes
export const HEAD = 3.1 // em for a caption and the line of column labels
const GAP = 1.4 // em between two tables
const LETTER = 0.52 // em a letter of a row label takes, about
const LABEL_MOST = 6.4
const SHAPE_MOST = 11 // em the largest side of a matrix drawn as a shape takes
const GROUPS = 1.4 // em for the line that names the heads of joined columns
const SCALES = [0.74, 1.9] // of the page's type: smaller is not readable, larger is no table any more
const IN_LINE = 1.25 // how much larger a product in one line must be to stand so
export const LIMIT = 100 // largest value a cell may be given

/** A number as every table and sum prints it: two decimals, fewer where the number is large. */
export function number(value) {
  if (value === null) return "−∞"
  const size = Math.abs(value)
  const text = size.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : 2)
  return value < 0 && Number(text) !== 0 ? `−${text}` : text
}

/** A number as its table shows it, and so does every sum: what was typed as it was typed. */
export const printed = (value, matrix) => (matrix.edit && value !== null ? String(value).replace("-", "−") : number(value))

/** Whether the printed number is the number itself. */
const exact = (value, text) => value === null || Math.abs(value - Number(text.replace("−", "-"))) < 1e-9

/** The values of a matrix for a head: matrices that every head has for itself hold one table a head. */
export const table = (matrix, head) => (matrix.per_head ? matrix.values[head] : matrix.values)

/** What a visitor typed into a cell: { value } or { error }, a sentence. */
export function parseCell(typed) {
  const text = typed.trim().replace("−", "-").replace(",", ".")
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN
  if (!Number.isFinite(value)) return { error: `“${typed.trim().slice(0, 20)}” is not a number` }
  if (Math.abs(value) > LIMIT) return { error: `${typed.trim().slice(0, 20)} is outside −${LIMIT} to ${LIMIT}` }
  return { value }
}

/** A matrix as the address holds it: numbers joined by "," and rows by ";". */
export const matrixText = values => values.map(row => row.map(String).join(",")).join(";")

/** The block of a step that holds a matrix, and the matrix's part in it. */
function placeOf(step, name) {
  for (const block of step.blocks) {
    const at = block.outs.indexOf(name)
    if (at >= 0) return { block, at, out: true }
    if (block.kind !== "product" && (block.left === name || block.tops.includes(name))) return { block, at: 0, out: false }
  }
  return null
}

/**
 * How a number was made: { parts, lights, cell }, or null for a number that was given, not computed.
 * parts are pieces of a line: { text, hue?, raised? }; lights name rows, columns and cells: { name, row?, col? }.
 */
export function explain(step, matrices, head, [name, i, j]) {
  const place = placeOf(step, name)
  if (!place || place.block.kind === "show") return null
  const { block, at } = place
  const out = block.outs[at]
  const [left, top] = [block.left, block.tops[at]]
  const get = key => table(matrices[key], head)
  if (!matrices[out] || !get(out)) return null
  const result = get(out)[i]?.[j]
  if (result === undefined) return null
  const hue = key => matrices[key].hue
  const of = (key, r, c) => ({ text: printed(get(key)[r][c], matrices[key]), hue: hue(key) })
  const shown = printed(result, matrices[out])
  const parts = []
  const lights = []
  let all = exact(result, shown)
  const use = (key, r, c) => {
    const part = of(key, r, c)
    all &&= exact(get(key)[r][c], part.text)
    // a minus behind a sign of arithmetic stands in brackets
    return parts.length && part.text.startsWith("−") ? { ...part, text: `(${part.text})` } : part
  }
  const join = sign => parts.length && parts.push({ text: sign })
  if (block.kind === "product") {
    get(left)[i].forEach((_, k) => {
      join(" + ")
      parts.push(use(left, i, k))
      parts.push({ text: "·" }, use(top, k, j))
    })
    lights.push({ name: left, row: i }, { name: top, col: j })
  } else if (block.kind === "sum") {
    parts.push(use(left, i, j))
    parts.push({ text: " + " }, use(top, i, j))
    lights.push({ name: left, row: i, col: j }, { name: top, row: i, col: j })
  } else if (block.kind === "divide") {
    parts.push(use(left, i, j), { text: ` ${block.by}` })
    all = false
    lights.push({ name: left, row: i, col: j })
  } else {
    // softmax of a row
    const power = k => [{ text: "e" }, { ...of(left, i, k), raised: true }]
    parts.push(...power(j), { text: " ÷ (" })
    get(left)[i].forEach((_, k) => parts.push(...(k ? [{ text: " + " }] : []), ...power(k)))
    parts.push({ text: ")" })
    all = false
    lights.push({ name: left, row: i })
  }
  parts.push({ text: all ? " = " : " ≈ " }, { text: shown, hue: hue(out), strong: true })
  return { parts, lights, cell: [out, i, j] }
}

/** What a given number of a product goes into: { parts, lights, cell } like `explain`, or null. */
export function feeds(step, matrices, head, [name, i, j]) {
  for (const { kind, left, tops, outs } of step.blocks) {
    const at = tops.indexOf(name)
    const value = kind === "product" && (left === name || at >= 0) && table(matrices[name], head)?.[i]?.[j]
    if (typeof value !== "number") continue
    const into = at >= 0 ? [outs[at]] : outs
    const lights = into.map(out => (at >= 0 ? { name: out, col: j } : { name: out, row: i }))
    const where = at >= 0 ? "every number of this column" : "every number of this row"
    const parts = [
      { text: printed(value, matrices[name]), hue: matrices[name].hue, strong: true },
      { text: ` is used in ${where} of ` },
      ...into.flatMap((out, n) => [...(n ? [{ text: n === into.length - 1 ? " and " : ", " }] : []), { text: matrices[out].label, hue: matrices[out].hue }]),
    ]
    return { parts, lights, cell: [name, i, j] }
  }
  return null
}

/** How strongly a number is tinted: share 0 to 1 of the largest of its matrix; weights have a fixed scale. */
export function tint(value, largest, hue) {
  if (value === null) return { share: 0, negative: false }
  if (hue === "weight") return { share: Math.max(0, Math.min(1, value)), negative: false }
  return { share: largest > 0 ? Math.min(1, Math.abs(value) / largest) : 0, negative: value < 0 }
}

/** The largest size in a table, masked cells aside. */
export const largest = values => Math.max(0, ...values.flat().map(value => Math.abs(value ?? 0)))

/** Em that a label column takes. */
export const labelWidth = labels => Math.min(LABEL_MOST, 0.7 + LETTER * Math.max(1, ...labels.map(label => [...label].length)))

/** Em of a matrix: its table, or its shape where there are too many numbers (side by the square root). */
export function size(matrix, most = 512) {
  const [rows, cols] = matrix.shape
  if (!matrix.values) {
    const side = n => Math.max(1.1, SHAPE_MOST * Math.sqrt(n / most))
    return { label: 0, width: side(cols), height: side(rows) + HEAD }
  }
  const label = labelWidth(matrix.rows)
  return { label, width: label + cols * CELL, height: HEAD + (matrix.group_names?.length ? GROUPS : 0) + rows * ROW }
}

/** Em that a block takes with `across` of its products side by side, or `inLine`, as "A · V = Z". */
export function blockSize(block, matrices, across, inLine = false) {
  const of = name => size(matrices[name])
  if (block.kind === "product" && !inLine) {
    const left = of(block.left)
    const columns = block.outs.map((out, at) => Math.max(of(block.tops[at]).width, of(out).width - of(out).label) + GAP)
    const lines = Math.ceil(columns.length / across)
    const widest = Math.max(...Array.from({ length: lines }, (_, line) =>
      columns.slice(line * across, (line + 1) * across).reduce((a, b) => a + b, 0)))
    const tall = Math.max(...block.tops.map(name => of(name).height)) + Math.max(left.height, ...block.outs.map(name => of(name).height)) + GAP * 0.4
    return { width: left.width + widest, height: lines * tall }
  }
  const names = [block.left, ...block.tops, ...block.outs].filter(Boolean)
  const sign = block.kind === "divide" || block.kind === "softmax" ? 5 : 2.2
  const lines = Math.ceil(names.length / across)
  // where one table names its heads, the others leave that line free, so that rows line up
  const named = block.kind !== "show" && names.some(name => matrices[name].group_names?.length)
  const widths = names.map(name => of(name).width + sign)
  const widest = Math.max(...Array.from({ length: lines }, (_, line) => widths.slice(line * across, (line + 1) * across).reduce((a, b) => a + b, 0)))
  return { width: widest, height: lines * Math.max(...names.map(name => of(name).height + 0.5 + (named && !matrices[name].group_names?.length ? GROUPS : 0))) }
}

/**
 * How a step fills a box: { across, inLine, scale }. As many parts side by side as fit; the type grows where
 * there is room and shrinks where the height is short; what is still too wide scrolls.
 */
export function arrange(step, matrices, width, height, em) {
  // a cross shows best which row meets which column; one with a tall matrix on top is larger in a line
  const [block] = step.blocks
  const [rows, columns] = matrices[block.tops[0]]?.shape ?? []
  const cross = fit(step, matrices, width, height, em, false)
  if (step.blocks.length > 1 || block.kind !== "product" || block.outs.length > 1 || rows <= columns) return cross
  const line = fit(step, matrices, width, height, em, true)
  return line.across === 3 && line.scale > cross.scale * IN_LINE ? line : cross
}

function fit(step, matrices, width, height, em, inLine) {
  const parts = block => (block.kind === "product" && !inLine ? block.outs.length : [block.left, ...block.tops, ...block.outs].filter(Boolean).length)
  for (let across = Math.max(...step.blocks.map(parts)); ; across--) {
    const sizes = step.blocks.map(block => blockSize(block, matrices, across, inLine))
    const fitWidth = width / (em * Math.max(...sizes.map(box => box.width)))
    const fitHeight = height / (em * sizes.reduce((sum, box) => sum + box.height, 0))
    const [least, most] = SCALES
    if (fitWidth >= least || across === 1) {
      return { across, inLine, scale: Math.max(least, Math.min(most, fitWidth, fitHeight)) }
    }
  }
}

/** The view as parameters of the address; what equals the default is "", left out. */
export function viewParams(view, defaults, prefix) {
  const text = {
    step: v => String(v.step),
    head: v => String(v.head),
    cell: v => (v.cell ? v.cell.join(".") : ""),
  }
  return Object.entries(text).map(([name, of]) => [`${prefix}_${name}`, of(view) === of(defaults) ? "" : of(view)])
}
