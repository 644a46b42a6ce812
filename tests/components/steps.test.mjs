// The pure half of the step view under `node --test`.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

const source = readFileSync(new URL("../../components/attention_steps/layout.js", import.meta.url), "utf8")
const { arrange, arrangeRoom, explain, feeds, largest, LIMIT, matrixText, number, parseCell, printed, tint, viewParams } =
  await import(`data:text/javascript,${encodeURIComponent(source)}`)

const matrix = (values, hue = "input", more = {}) => {
  const table = Array.isArray(values[0]?.[0]) ? values[0] : values
  return {
    values, hue, label: "M", per_head: table !== values, shape: [table.length, table[0].length],
    rows: table.map((_, i) => `r${i}`), columns: table[0].map((_, j) => `c${j}`), ...more,
  }
}
const step = (kind, more = {}) => ({ blocks: [{ kind, left: "A", tops: ["B"], outs: ["C"], by: "÷ √2", ...more }] })
const line = found => found.parts.map(part => (part.raised ? `^${part.text}` : part.text)).join("")

test("numbers are printed with two decimals, fewer where they are large, and a true minus", () => {
  assert.deepEqual([0, 0.126, -0.5, -0.001, 99.995, 123.456, 20000, null].map(number),
    ["0.00", "0.13", "−0.50", "0.00", "100.00", "123.5", "20000", "−∞"])
})

test("a sum prints a number as its table does: typed as typed, computed with two decimals", () => {
  assert.deepEqual([1.3, -0.5].map(value => printed(value, matrix([[1]]))), ["1.30", "−0.50"])
  assert.deepEqual([1.3, -0.5, 2].map(value => printed(value, matrix([[1]], "input", { edit: "wq" }))), ["1.3", "−0.5", "2"])
})

test("a minus behind another sign stands in brackets", () => {
  const typed = { edit: "wq" }
  const matrices = { A: matrix([[-0.21, -0.5]]), B: matrix([[-1], [3]], "query", typed), C: matrix([[-1.29]]) }
  assert.equal(line(explain(step("product"), matrices, 0, ["C", 0, 0])), "−0.21·(−1) + (−0.50)·3 = −1.29")
})

test("a given number lights what it goes into", () => {
  const matrices = { A: matrix([[1, 2], [3, 4]]), B: matrix([[1], [2]]), C: matrix([[5], [11]]) }
  const [left, top] = [["A", 1, 0], ["B", 1, 0]].map(cell => feeds(step("product"), matrices, 0, cell))
  assert.deepEqual(left.lights, [{ name: "C", row: 1 }])
  assert.equal(line(left), "3.00 is used in every number of this row of M")
  assert.deepEqual(top.lights, [{ name: "C", col: 0 }])
  assert.deepEqual(top.cell, ["B", 1, 0])
  assert.equal(feeds(step("product"), matrices, 0, ["C", 0, 0]), null)
  assert.equal(feeds(step("show"), matrices, 0, ["A", 0, 0]), null)
})

test("a product is written out and lights its row and its column", () => {
  const matrices = { A: matrix([[0.11, 0.32], [1, 2]]), B: matrix([[1, 0], [0.5, 3]]), C: matrix([[0.27, 0.96], [2, 6]]) }
  const found = explain(step("product"), matrices, 0, ["C", 0, 0])
  assert.equal(line(found), "0.11·1.00 + 0.32·0.50 = 0.27")
  assert.deepEqual(found.lights, [{ name: "A", row: 0 }, { name: "B", col: 0 }])
  assert.deepEqual(found.cell, ["C", 0, 0])
})

test("where a printed number is rounded the sum says so", () => {
  const matrices = { A: matrix([[1 / 3]]), B: matrix([[3]]), C: matrix([[1]]) }
  assert.equal(line(explain(step("product"), matrices, 0, ["C", 0, 0])), "0.33·3.00 ≈ 1.00")
})

test("the operands of a sum explain their result too", () => {
  const matrices = { A: matrix([[0.1]]), B: matrix([[0.01]]), C: matrix([[0.11]]) }
  for (const name of ["A", "B", "C"]) assert.equal(line(explain(step("sum"), matrices, 0, [name, 0, 0])), "0.10 + 0.01 = 0.11")
})

test("a division and a softmax are written out", () => {
  const scores = { A: matrix([[2, null]], "score"), C: matrix([[1, 0]], "weight") }
  assert.equal(line(explain(step("divide", { tops: [] }), scores, 0, ["C", 0, 0])), "2.00 ÷ √2 ≈ 1.00")
  assert.equal(line(explain(step("softmax", { tops: [] }), scores, 0, ["C", 0, 1])), "e^−∞ ÷ (e^2.00 + e^−∞) ≈ 0.00")
})

test("each head has numbers of its own", () => {
  const matrices = { A: matrix([[[1]], [[5]]]), B: matrix([[[2]], [[2]]]), C: matrix([[[2]], [[10]]]) }
  assert.equal(line(explain(step("product"), matrices, 1, ["C", 0, 0])), "5.00·2.00 = 10.00")
})

test("a number that was given has nothing to explain", () => {
  const matrices = { A: matrix([[1]]), B: matrix([[2]]), C: matrix([[2]]) }
  assert.equal(explain(step("product"), matrices, 0, ["A", 0, 0]), null)
  assert.equal(explain(step("show"), matrices, 0, ["A", 0, 0]), null)
  assert.equal(explain(step("product"), matrices, 0, ["C", 7, 0]), null)
  assert.equal(explain(step("product"), { ...matrices, C: { ...matrices.C, values: null } }, 0, ["C", 0, 0]), null)
})

test("a cell takes any spelling of a number and nothing else", () => {
  assert.deepEqual(["1", " 0,5", "−2", ".5", "1e1", "+3."].map(typed => parseCell(typed).value), [1, 0.5, -2, 0.5, 10, 3])
  for (const typed of ["", "abc", "1 2", "0x10", "NaN", "Infinity", "1e999", `${LIMIT + 1}`, "<b>"]) assert.ok(parseCell(typed).error, typed)
})

test("a matrix travels as text", () => assert.equal(matrixText([[1, -0.5], [0, 100]]), "1,-0.5;0,100"))

test("tints: a share of the largest, a fixed scale for weights, nothing for what is hidden", () => {
  assert.deepEqual(tint(-1, 2, "query"), { share: 0.5, negative: true })
  assert.deepEqual(tint(0.3, 0.3, "weight"), { share: 0.3, negative: false })
  assert.deepEqual(tint(null, 2, "score"), { share: 0, negative: false })
  assert.equal(tint(0, 0, "query").share, 0)
  assert.equal(largest([[1, -3], [null, 2]]), 3)
})

test("what is drawn stays readable and, where it can, in its box", () => {
  const square = n => matrix(Array.from({ length: n }, () => Array(n).fill(0)))
  for (let n = 1; n <= 9; n++) {
    for (const width of [320, 360, 700, 1068, 1800]) {
      const wide = { kind: "product", left: "A", tops: ["A", "A", "A"], outs: ["A", "A", "A"] }
      const { across, scale } = arrange({ blocks: [wide] }, { A: square(n) }, width, 400, 14)
      assert.ok(across >= 1 && across <= 3)
      assert.ok(scale >= 0.74 && scale <= 1.9, `${scale}`)
    }
  }
  assert.equal(arrange({ blocks: [{ kind: "product", left: "A", tops: ["A", "A", "A"], outs: ["A", "A", "A"] }] }, { A: square(3) }, 1068, 400, 14).across, 3)
  assert.equal(arrange({ blocks: [{ kind: "product", left: "A", tops: ["A", "A", "A"], outs: ["A", "A", "A"] }] }, { A: square(3) }, 360, 400, 14).across, 1)
})

test("a tall product stands in one line where the window is low, a flat one keeps its cross", () => {
  const of = (rows, columns) => matrix(Array.from({ length: rows }, () => Array(columns).fill(0)))
  const block = { kind: "product", left: "A", tops: ["B"], outs: ["C"] }
  const mix = { A: of(6, 6), B: of(6, 2), C: of(6, 2) }
  const low = arrange({ blocks: [block] }, mix, 1300, 330, 15)
  assert.equal(low.inLine, true)
  assert.ok(low.scale > 1.2)
  assert.equal(arrange({ blocks: [block] }, mix, 360, 330, 15).inLine, false)
  assert.equal(arrange({ blocks: [block] }, { A: of(4, 2), B: of(2, 4), C: of(4, 4) }, 1068, 330, 15).inLine, false)
})

test("in a room no type is smaller than the page's: one product at a time, then fewer rows round the one that matters", () => {
  const of = (rows, columns) => matrix(Array.from({ length: rows }, () => Array(columns).fill(0.25)))
  const three = { kind: "product", left: "X", tops: ["W", "W", "W"], outs: ["Q", "Q", "Q"] }
  const room = (block, matrices, at, part = 0, height = 400) => arrangeRoom({ blocks: [block] }, matrices, 1010, height, 24, part, at)
  const few = room(three, { X: of(4, 3), W: of(3, 2), Q: of(4, 2) }, 0)
  assert.deepEqual([few.part, few.window, few.scale >= 1], [undefined, null, true])
  const many = room(three, { X: of(7, 4), W: of(4, 2), Q: of(7, 2) }, 0, 2)
  assert.deepEqual([many.part, many.window, many.scale >= 1], [2, null, true])
  const softmax = { kind: "softmax", left: "S", tops: [], outs: ["A"] }
  for (const at of [0, 5, 11]) {
    const { window: [from, to], scale } = room(softmax, { S: of(12, 12), A: of(12, 12) }, at)
    assert.ok(scale >= 1 && from <= at && at < to && from >= 0 && to <= 12, `${at}: ${from} to ${to}, ${scale}`)
  }
  const crowded = room(softmax, { S: of(40, 40), A: of(40, 40) }, 3)
  assert.ok(crowded.scale >= 0.74 && crowded.scale < 1)
})

test("the view leaves the address where it equals the opening one", () => {
  const opening = { step: 1, head: 0, cell: null }
  assert.deepEqual(viewParams(opening, opening, "self"), [["self_step", ""], ["self_head", ""], ["self_cell", ""]])
  assert.deepEqual(viewParams({ step: 4, head: 1, cell: ["S", 0, 2] }, opening, "self"), [["self_step", "4"], ["self_head", "1"], ["self_cell", "S.0.2"]])
})
