// Pure halves of the gates view, the cell diagram and the painted text.
import assert from "node:assert/strict"
import { test } from "node:test"

import { diagram, numbersAt, sentence, SIZES, sums, text } from "../../components/cell_diagram/layout.js"
import {
  aboutAt, guessesAt, heat, openingFrom, orderOf, path, place, under, unpack, valueOf, viewParams, windowAround, windowOf,
} from "../../components/gates_view/layout.js"
import { columnsOf, layout, mostLines, runs, shade, wrap } from "../../components/painted_text/layout.js"

const N = 40
const UNITS = 3

/** A message of three units over forty characters; unit u has the gate (u + 1) / 10 everywhere. */
function message(changes = {}) {
  const header = {
    id: "x", n: N, units: UNITS, characters: [..."abcdefgh".repeat(5)], unseen: [], alphabet: "□abcdefgh", both: false, guesses: 2,
    parts: ["the only layer"], gates: ["forget"], states: ["cell"],
    series: [{ id: "forget", zero: 0, wide: false, low: 0, high: 1 }, { id: "cell", zero: 0, wide: true, low: -3, high: 3 }],
    ...changes,
  }
  const head = new TextEncoder().encode(JSON.stringify(header))
  const gates = new Uint8Array(UNITS * N).map((_, i) => 10 * (Math.floor(i / N) + 1))
  const cells = new Int16Array(UNITS * N).map((_, i) => -250 + i)
  const rest = new Uint8Array(N * 2 + N * 2 + N).map((_, i) => i % 9)
  const out = new Uint8Array(4 + head.length + gates.length + cells.byteLength + rest.length)
  new DataView(out.buffer).setUint32(0, head.length, true)
  out.set(head, 4)
  out.set(gates, 4 + head.length)
  out.set(new Uint8Array(cells.buffer), 4 + head.length + gates.length)
  out.set(rest, 4 + head.length + gates.length + cells.byteLength)
  return out
}

test("a message gives back every value to two decimals, one byte or two", () => {
  const scene = unpack(message())
  assert.equal(valueOf(scene, 0, "forget", 1, 7), 0.2)
  assert.equal(valueOf(scene, 0, "cell", 0, 0), -2.5)
  assert.equal(valueOf(scene, 0, "cell", 2, 39), -1.31)
  assert.deepEqual(guessesAt(scene, 0), [{ code: 0, percent: 8 }, { code: 1, percent: 0 }])
  assert.equal(scene.given.length, N)
})

test("units stand as numbered or by their mean", () => {
  const scene = unpack(message())
  assert.deepEqual(orderOf(scene, 0, "forget", "number"), [0, 1, 2])
  assert.deepEqual(orderOf(scene, 0, "forget", "mean"), [2, 1, 0])
})

test("a window holds what can be read and stays inside the text", () => {
  for (const width of [100, 300, 900]) {
    for (const from of [-5, 0, 17, 400]) {
      const window = windowOf(200, width, from)
      assert.ok(window.from >= 0 && window.from + window.count <= 200)
      assert.ok(window.column * window.count <= width + 1e-9 || window.count === 12)
    }
  }
  assert.equal(windowOf(20, 900, 3).count, 20)
  const window = windowOf(200, 300, 0)
  for (const t of [0, 40, 199]) {
    const from = windowAround(window, 200, t)
    assert.ok(t >= from && t < from + window.count)
  }
})

test("a narrow window opens where the unit does what it is known for", () => {
  const wide = windowOf(200, 1300, 0), narrow = windowOf(200, 300, 0)
  assert.equal(openingFrom(wide, 200, [42, 43]), 0)
  const from = openingFrom(narrow, 200, [42, 43])
  assert.ok(from > 0 && from < 42 && 43 < from + narrow.count)
  assert.equal(openingFrom(narrow, 200, [199]), 200 - narrow.count)
  assert.equal(openingFrom(narrow, 200, undefined), 0)
})

test("what is under the pointer is what is drawn there", () => {
  const scene = unpack(message())
  const order = orderOf(scene, 0, "forget", "mean")
  const at = place(scene, 1000, 0, 12)
  const x = at.gutter + 4.5 * at.window.column
  assert.deepEqual(under(at, scene, order, x, at.heat.y + 0.5 * at.row), { t: 4, unit: 2 })
  assert.deepEqual(under(at, scene, order, x, at.text.y + 1), { t: 4 })
  assert.equal(under(at, scene, order, at.gutter - 3, at.heat.y), null)
  assert.equal(under(at, scene, order, at.gutter + at.drawn + 3, at.heat.y), null)
})

test("in a room the letters of the text do not touch, and all stands in less than two thirds of the window", () => {
  const scene = { ...unpack(message()), n: 276, units: 96, guesses: 4, gates: ["a", "b", "c"] }
  const at = place(scene, 1017, 0, 24, 24)
  assert.ok(at.window.column >= 0.6 * 24 && at.drawn <= at.across)
  assert.ok(at.height < (768 * 2) / 3 && at.lines === 1)
  assert.equal(place(scene, 1070, 0, 13).lines, 4)
})

test("a painted text shows the lines round what matters, as many as have room", () => {
  const characters = [..."The old miller met Anna near a river and\n".repeat(8)]
  const look = { line: 35, title: 36, gap: 10 }
  const most = mostLines([{ title: "t" }, { title: "u" }], 36 * 2 + 10 + 35 * 2 * 3, look)
  assert.equal(most, 3)
  assert.equal(mostLines([{ title: "t" }], 0, look), Infinity)
  const focus = 41 * 5 + 3
  const { places, lines, first } = layout(characters, 60, { most, focus })
  assert.deepEqual([lines, first, places[focus]], [3, 4, [1, 3]])
  assert.equal(places.filter(Boolean).length, 3 * 41)
  assert.equal(layout(characters, 60, { most, first: 99 }).first, 5)
  assert.deepEqual(layout(characters, 60).places, wrap(characters, 60))
})

test("as a row, a painted text breaks neither at line ends nor at words", () => {
  assert.deepEqual(layout([..."ab\ncd ef"], 4, { row: true }).places, [0, 1].flatMap(line => [0, 1, 2, 3].map(at => [line, at])))
})

test("a heat map follows the order, and its ends are the scale's", () => {
  const scene = unpack(message())
  const indices = heat(scene, 0, "cell", [2, 0, 1], 255)
  assert.equal(indices.length, UNITS * N)
  assert.ok(indices[N] < indices[0])
  assert.ok(Math.min(...indices) >= 0 && Math.max(...indices) < 255)
})

test("guesses are about the next character, or about the hidden one itself", () => {
  const scene = unpack(message())
  assert.equal(aboutAt(scene, 3), 4)
  assert.equal(aboutAt(scene, N - 1), -1)
  assert.equal(aboutAt({ ...scene, both: true }, 3), 3)
})

test("a curve runs from the first column to the last and stays in its box", () => {
  const at = place(unpack(message()), 1000, 0, 12)
  const drawn = path([0, 5, -5], at, at.states, -1, 1)
  const heights = [...drawn.matchAll(/ ([\d.]+)/g)].map(match => Number(match[1]))
  assert.equal(drawn.match(/[ML]/g).join(""), "MLL")
  assert.ok(heights.every(y => y >= at.states.y - 0.1 && y <= at.states.y + at.states.height + 0.1))
})

test("the address names only what differs from the default", () => {
  const view = { part: 0, series: "cell", unit: 3, order: "number", at: null, from: 0 }
  const params = Object.fromEntries(viewParams({ ...view, unit: 5, at: 2 }, view, "gate"))
  assert.equal(params.gate_unit, "5")
  assert.equal(params.gate_at, "2")
  assert.equal(params.gate_series, "")
})

for (const [kind, gates] of [["LSTM", ["input", "forget", "candidate", "output"]], ["GRU", ["reset", "update", "candidate"]], ["RNN", ["candidate"]]]) {
  test(`the ${kind} of the diagram says the numbers of its step`, () => {
    const n = 2
    const values = new Float32Array((3 * gates.length + 3) * n).map((_, i) => (i % 7) / 10)
    const v = numbersAt({ n, gates }, values, 1)
    assert.deepEqual(Object.keys(v.gates), gates)
    assert.equal(v.gates[gates[0]].x, values[1])
    assert.equal(v.hidden, values.at(-1))
    assert.ok(sentence(kind, v, "“a”").includes(text(v.before)))
    for (const [form, { width, heights, box }] of Object.entries(SIZES)) {
      const drawn = diagram(kind, v, { input: "“a”" }, form)
      assert.deepEqual(drawn.gates.map(gate => gate.name).sort(), [...gates].sort())
      assert.ok(drawn.words.some(({ words }) => words.includes(text(v.after))))
      for (const { x, name } of drawn.gates) {
        assert.ok(x - box.width / 2 >= 0 && x + box.width / 2 <= width)
        assert.ok(sums(kind, name, v.gates[name], "“a”", form)[0].includes(text(v.gates[name].x)))
      }
      for (const { points } of drawn.wires) {
        assert.ok(points.every(([x, y]) => x >= 0 && x <= width && y >= 0 && y <= heights[kind]))
        // every wire runs level or upright
        for (let i = 1; i < points.length; i++) assert.ok(points[i][0] === points[i - 1][0] || points[i][1] === points[i - 1][1])
      }
    }
  })
}

test("numbers have a real minus sign and no minus zero", () => {
  assert.deepEqual([-0.001, -1.234, 12.345, 123.4].map(text), ["0.00", "−1.23", "12.3", "123"])
})

test("text wraps at its line ends and at the edge, and every character has a place of its own", () => {
  assert.deepEqual(wrap([..."ab\ncd"], 10), [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1]])
  assert.deepEqual(wrap([..."abcd"], 2), [[0, 0], [0, 1], [1, 0], [1, 1]])
  assert.deepEqual(wrap([..."a bcd"], 4), [[0, 0], [0, 1], [1, 0], [1, 1], [1, 2]]) // words stay whole
  for (const fit of [12, 30, 80, 200]) {
    const characters = [..."The old miller\nmet Anna near a river\nand \"will you wait\nhere\"".repeat(3)]
    const { places, lines } = layout(characters, fit)
    assert.equal(new Set(places.map(String)).size, characters.length)
    assert.ok(places.every(([line, column]) => line < lines && column <= fit))
  }
  assert.equal(columnsOf([..."ab\nab"], 30).columns, 6)
})

test("runs join what follows each other; shades stay in the palette", () => {
  assert.deepEqual(runs([1, 2, 3, 7]), [[1, 4], [7, 8]])
  assert.deepEqual([-9, 0, 9].map(value => shade(value, -1, 1, 255)), [0, 127, 254])
})
