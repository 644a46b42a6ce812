// Pure half of the step view: what is printed, what lights up, how large things are. No DOM in this file,
// and no number of its own: every value comes from the server.

// Em that things take on the page, and in a room, where type is large: there a column is as wide as what stands in
// it. `letters` gives the em of a text, about; a browser measures it.
export const PAGE = { cell: 3.2, row: 1.75, head: 3.1, groups: 1.4, gap: 1.4, sign: 2.2, words: 5, shape: 11, label: 6.4, under: 0.5, letters: text => 0.52 * [...text].length }
export const ROOM = { tight: true, row: 1.4, head: 2.65, groups: 1.4, gap: 0.8, sign: 1.8, words: 4.8, shape: 8.5, more: 0.9, label: 10, under: 0.2, letters: PAGE.letters }
const COLUMN_MOST = 6.4 // em of a column that is wide for its name
const LEAST_CELL = 1.6 // em of a column of single digits in a room
const DIGIT = 0.5 // em
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
export const labelWidth = (labels, look = PAGE) => Math.min(look.label, 0.7 + Math.max(look.letters("n"), ...labels.map(look.letters)))

/** Em of each column that these matrices share. */
export function columnWidths(sharing, look) {
  const [{ columns, group_names: names = [] }] = sharing
  if (!look.tight) return columns.map(() => look.cell)
  const texts = sharing.flatMap(matrix => matrix.values.flat(2).map(value => printed(value, matrix)))
  const named = Math.max(0, ...names.map(name => ((0.3 + look.letters(name)) * names.length) / columns.length))
  const least = Math.max(LEAST_CELL, named, DIGIT * Math.max(...texts.map(text => text.length)) + 0.35)
  return columns.map(label => Math.max(least, Math.min(COLUMN_MOST, look.letters(label) + 0.25)))
}

const sum = numbers => numbers.reduce((a, b) => a + b, 0)
const captioned = matrix => `${matrix.label} ${matrix.shape[0]} × ${matrix.shape[1]}`

/** How many of `rows` are shown, and behind how many cuts: { count, cuts }. */
const kept = (rows, window) => (window ? { count: window[1] - window[0], cuts: (window[0] > 0) + (window[1] < rows) } : { count: rows, cuts: 0 })

/**
 * Em of a matrix: its table, or its shape where there are too many numbers (side by the square root).
 * `sharing` is another table over or under it, `bare` one without row labels, `window` the rows that are shown.
 */
export function size(matrix, { look = PAGE, most = 512, sharing = [], bare = false, window = null } = {}) {
  const [rows, cols] = matrix.shape
  if (!matrix.values) {
    const side = n => Math.max(1.1, look.shape * Math.sqrt(n / most))
    const [box, tall] = [side(cols), side(rows)]
    return { label: 0, box, tall, width: look.tight ? Math.max(box, 1 + look.letters(captioned(matrix)), look.letters(matrix.note)) : box, height: tall + look.head + (look.tight && matrix.note ? 1.4 : 0) }
  }
  const label = bare ? 0 : labelWidth(matrix.rows, look)
  const { count, cuts } = kept(rows, window)
  const columns = columnWidths([matrix, ...sharing], look)
  return { label, columns, width: label + sum(columns), height: look.head + (matrix.group_names?.length ? look.groups : 0) + count * look.row + cuts * (look.more ?? 0) }
}

/** Whether two tables that stand side by side have the same rows, so that one of them can name them. */
const sameRows = (one, other) => Boolean(one.values && other.values) && one.rows.join("\n") === other.rows.join("\n")

/** The tables of a block that stand in a row, left to right: { name, bare, window }. In a room only the first of a
 * line names rows that all have. */
export function inRow(block, matrices, { across, look = PAGE, bare = false, window = null }) {
  const first = matrices[block.left]
  return [block.left, ...block.tops, ...block.outs].filter(Boolean).map((name, at) => {
    const same = sameRows(first, matrices[name])
    const factor = block.kind === "product" && at === 1
    return { name, bare: Boolean(look.tight) && at % across > 0 && (factor ? bare : same), window: factor ? null : window }
  })
}

/** Em that a block takes with `across` of its parts side by side; `inLine` a product as "A · V = Z". */
export function blockSize(block, matrices, place) {
  const { across, inLine, look = PAGE, window = null } = place
  const of = (name, more) => size(matrices[name], { look, ...more })
  if (block.kind === "product" && !inLine) {
    const left = of(block.left, { window })
    const pairs = block.outs.map((out, at) => [of(block.tops[at], { sharing: shared(matrices, out) }), of(out, { sharing: shared(matrices, block.tops[at]), window })])
    const columns = pairs.map(([top, out]) => Math.max(top.width, top.label + out.width - out.label) + look.gap)
    const lines = Math.ceil(columns.length / across)
    const widest = Math.max(...Array.from({ length: lines }, (_, line) => sum(columns.slice(line * across, (line + 1) * across))))
    const tall = Math.max(...pairs.map(([top]) => top.height)) + Math.max(left.height, ...pairs.map(([, out]) => out.height)) + 0.4 * look.gap
    return { width: left.width + widest, height: lines * tall }
  }
  const tables = inRow(block, matrices, place)
  const sign = block.kind === "divide" || block.kind === "softmax" ? look.words : block.kind === "show" && look.tight ? look.gap : look.sign
  const lines = Math.ceil(tables.length / across)
  // where one table names its heads, the others leave that line free, so that rows line up
  const named = block.kind !== "show" && tables.some(({ name }) => matrices[name].group_names?.length)
  const sizes = tables.map(({ name, ...more }) => of(name, more))
  const widths = sizes.map(({ width }, at) => width + (look.tight && at === sizes.length - 1 ? 0 : sign))
  const widest = Math.max(...Array.from({ length: lines }, (_, line) => sum(widths.slice(line * across, (line + 1) * across))))
  return { width: widest, height: lines * Math.max(...sizes.map(({ height }, at) => height + look.under + (named && !matrices[tables[at].name].group_names?.length ? look.groups : 0))) }
}

/** The matrix that shares its columns, in a list, where there are numbers. */
export const shared = (matrices, name) => (matrices[name].values ? [matrices[name]] : [])

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

const parts = (block, inLine) => (block.kind === "product" && !inLine ? block.outs.length : [block.left, ...block.tops, ...block.outs].filter(Boolean).length)

/** How many times the page's type a step may have in a box. */
function scaleOf(step, matrices, place, width, height, em) {
  const sizes = step.blocks.map(block => blockSize(block, matrices, place))
  return [width / (em * Math.max(...sizes.map(box => box.width))), height / (em * sum(sizes.map(box => box.height)))]
}

function fit(step, matrices, width, height, em, inLine) {
  for (let across = Math.max(...step.blocks.map(block => parts(block, inLine))); ; across--) {
    const [fitWidth, fitHeight] = scaleOf(step, matrices, { across, inLine }, width, height, em)
    const [least, most] = SCALES
    if (fitWidth >= least || across === 1) {
      return { across, inLine, scale: Math.max(least, Math.min(most, fitWidth, fitHeight)) }
    }
  }
}

/** A step with one of its products alone. */
export const alone = (step, part) => (part === undefined ? step : { ...step, blocks: step.blocks.map(block => ({ ...block, tops: [block.tops[part]], outs: [block.outs[part]] })) })

/**
 * How a step fills a box in a room, where no type is smaller than the page's: { across, inLine, bare, part, window,
 * scale, look }. Where not all of it fits, it shows one of its products, and then fewer rows round the row `at`.
 */
export function arrangeRoom(step, matrices, width, height, em, part, at, letters = ROOM.letters) {
  const look = { ...ROOM, letters }
  const product = step.blocks.length === 1 && step.blocks[0].kind === "product"
  const rows = matrices[step.blocks[0].left].rows.length
  const wholes = product && step.blocks[0].outs.length > 1 ? [undefined, part] : [undefined]
  const windows = Array.from({ length: Math.max(1, rows - 1) }, (_, cut) => {
    const from = Math.max(0, Math.min(cut, at - Math.floor((rows - cut) / 2)))
    return cut ? [from, from + rows - cut] : null
  })
  let best = { scale: 0 }
  for (const window of windows) {
    for (const only of window ? wholes.slice(-1) : wholes) {
      const shown = alone(step, only)
      const lines = product && shown.blocks[0].outs.length === 1 ? [false, true] : [false]
      for (const bare of [false, true]) {
        const level = lines.filter(inLine => inLine || !bare).flatMap(inLine => {
          const most = Math.max(...shown.blocks.map(block => parts(block, inLine)))
          return (inLine ? [most] : Array.from({ length: most }, (_, less) => most - less)).map(across => {
            const place = { across, inLine, bare, part: only, window, look }
            return { ...place, scale: Math.min(SCALES[1], ...scaleOf(shown, matrices, place, width, height, em)) }
          })
        })
        for (const place of level) if (place.scale > best.scale * (best.scale < 1 ? 1 : place.inLine ? IN_LINE : Infinity)) best = place
        if (best.scale >= 1) return best
      }
    }
  }
  return { ...best, scale: Math.max(SCALES[0], best.scale) }
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
