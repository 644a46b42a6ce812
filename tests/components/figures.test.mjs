// The pure halves of the figures under `node --test`.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

const read = name => readFileSync(new URL(`../../components/figures/${name}.js`, import.meta.url), "utf8")
const load = names => {
  const source = names.map(read).join("\n").replace(/^import .*$/gm, "").replace(/export default function[^]*$/, "")
  return import(`data:text/javascript,${encodeURIComponent(source)}`)
}
const { bitmap, level, number, parse, ticks, titled } = await load(["svg"])
const { axisLabels, cellAt, indices, matrixLayout, twin } = await load(["svg", "matrix"])
const { arc, circles, hand } = await load(["svg", "turning"])
const { scoreLayout, wrap } = await load(["svg", "scoreboard"])

test("a message comes apart into header and numbers, wherever it starts", () => {
  for (const letters of [0, 1, 2, 3]) {
    const text = new TextEncoder().encode(JSON.stringify({ a: "é".repeat(letters) }))
    const values = new Uint8Array(Float32Array.of(1.5, NaN, -2).buffer)
    const message = new Uint8Array(4 + text.length + values.length)
    new DataView(message.buffer).setUint32(0, text.length, true)
    message.set(text, 4)
    message.set(values, 4 + text.length)
    const { header, values: found } = parse(message)
    assert.equal(header.a, "é".repeat(letters))
    assert.deepEqual([...found], [1.5, NaN, -2])
  }
})

test("ticks are round, start at 0 and are never too many", () => {
  assert.deepEqual(ticks(128, 13), [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120])
  for (let n = 1; n <= 1024; n++) {
    for (const most of [2, 5, 13, 40]) {
      const at = ticks(n, most)
      assert.ok(at.length <= most && at[0] === 0 && at.at(-1) < n)
    }
  }
})

test("cells of two panels that stand for the same things find each other", () => {
  const one = { rowIds: [0, 1, -1], colIds: [0, 1, -1] }
  const other = { rowIds: [-2, 0, 1], colIds: [-2, 0, 1] }
  assert.deepEqual(twin(one, { row: 1, col: 0 }, other), { row: 2, col: 1 })
  assert.equal(twin(one, { row: 2, col: 0 }, other), null)
  assert.equal(twin(one, { row: 0, col: 0 }, { rowIds: [], colIds: [] }), null)
})

test("numbers are printed with a real minus sign and never as a false zero", () => {
  assert.equal(number(-0.5, 2), "−0.50")
  assert.equal(number(0, 2), "0.00")
  assert.equal(number(0.0001, 2), "1.0e−4")
  assert.equal(number(NaN, 2), "–")
})

test("levels run from the first colour to the last; 0 has the middle one", () => {
  assert.equal(level(-1, -1, 1, 255), 0)
  assert.equal(level(0, -1, 1, 255), 127)
  assert.equal(level(1, -1, 1, 255), 254)
  assert.equal(level(9, -1, 1, 255), 254)
  assert.deepEqual([...indices(Float32Array.of(NaN, 0), { low: 0, high: 1 }, 255)], [255, 0])
})

test("a bitmap holds the colours from the top row down", () => {
  const url = bitmap(Uint8Array.of(0, 1, 2, 2, 1, 0), 3, 2, ["#010203", "#0a0b0c", "#ffffff"])
  const bytes = Buffer.from(url.split(",")[1], "base64")
  assert.equal(bytes.toString("latin1", 0, 2), "BM")
  assert.equal(bytes.readUInt32LE(2), bytes.length)
  assert.deepEqual([bytes.readInt32LE(18), bytes.readInt32LE(22), bytes.readUInt16LE(28)], [3, 2, 8])
  assert.deepEqual([...bytes.subarray(54, 62)], [3, 2, 1, 0, 12, 11, 10, 0]) // blue, green, red
  const start = bytes.readUInt32LE(10)
  assert.deepEqual([...bytes.subarray(start, start + 3)], [2, 1, 0]) // the lowest row comes first
  assert.deepEqual([...bytes.subarray(start + 4, start + 7)], [0, 1, 2])
})

const panels = (many, rows = 10, cols = 10, labels = []) =>
  ({ height: 400, square: false, panels: Array.from({ length: many }, () => ({ title: "t", rows, cols, rowLabels: labels, colLabels: labels })) })

test("panels stand inside the picture and apart from each other", () => {
  for (const many of [1, 2, 3, 4, 8, 12, 16]) {
    for (const width of [320, 390, 700, 1070, 1800]) {
      for (const square of [false, true]) {
        const { boxes, height } = matrixLayout({ ...panels(many), square }, width, 12)
        for (const [i, a] of boxes.entries()) {
          assert.ok(a.w > 20 && a.h > 12 && a.x >= 0 && a.x + a.w <= width + 1 && a.y + a.h < height, `${many} on ${width}`)
          for (const b of boxes.slice(i + 1)) assert.ok(a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y)
        }
      }
    }
  }
})

test("the picture keeps its height on a screen", () => {
  for (const many of [1, 2, 8]) assert.ok(matrixLayout(panels(many), 1070, 12).height <= 401)
})

test("large names in a low picture leave height to the cells, and the picture grows", () => {
  const { boxes, height } = matrixLayout({ ...panels(1), height: 200 }, 380, 30)
  assert.ok(boxes[0].h >= 90 && height > 200, `${boxes[0].h} of ${height}`)
})

test("a point finds its cell, and none outside", () => {
  const box = { x: 40, y: 20, w: 100, h: 50 }
  const panel = { rows: 5, cols: 10 }
  assert.deepEqual(cellAt(box, panel, 41, 21), { row: 0, col: 0 })
  assert.deepEqual(cellAt(box, panel, 139, 69), { row: 4, col: 9 })
  for (const [x, y] of [[39, 30], [141, 30], [60, 19], [60, 71]]) assert.equal(cellAt(box, panel, x, y), null)
})

test("hands turn anticlockwise and the arc takes the short way", () => {
  const [x, y] = hand(0, 0, 1, Math.PI / 2)
  assert.ok(Math.abs(x) < 1e-12 && Math.abs(y + 1) < 1e-12)
  assert.match(arc(0, 0, 1, 0, 0.5), / 0 0 0 /)
  assert.match(arc(0, 0, 1, 0, 2 * Math.PI - 0.5), / 0 0 1 /)
})

test("circles do not touch", () => {
  for (const width of [320, 390, 1070]) {
    const { at, radius, height } = circles(8, width, 350, 12)
    for (const [i, a] of at.entries()) {
      assert.ok(a.x - radius >= 0 && a.x + radius <= width && a.y + radius < height)
      for (const b of at.slice(i + 1)) assert.ok(Math.hypot(a.x - b.x, a.y - b.y) > 2 * radius)
    }
  }
})

test("a scoreboard has a cell for every verdict, inside its width", () => {
  for (const width of [360, 800, 1070]) {
    const place = scoreLayout(10, 6, width, 12, 400)
    for (let r = 0; r < 10; r++) {
      for (let c = 0; c < 6; c++) {
        const { x, y } = place.cell(r, c)
        assert.ok(x >= 0 && x + place.w <= width + 1e-9 && y + place.h <= place.height + 1e-9)
      }
    }
  }
  assert.deepEqual(wrap("Same for every length", 10), ["Same for", "every", "length"])
})

test("in a room a cell holds its verdict and its number one below the other", () => {
  const place = scoreLayout(10, 6, 1017, 24, 560, 3)
  assert.ok(place.stacked && place.height <= 565 && place.h >= 24 * 1.75 && place.w >= 24 * 4.5)
  assert.equal(scoreLayout(10, 6, 1070, 13, 400).stacked, false)
})

test("a title without room ends before a comma or a colon", () => {
  assert.equal(titled("Decoder: target looks back", 40), "Decoder: target looks back")
  assert.equal(titled("Decoder: target looks back", 20), "Decoder")
  assert.equal(titled("Guesses part: unit 45, drawn at random", 25), "Guesses part: unit 45")
  assert.equal(titled("Letters that a probe reads", 12), "Letters tha…")
})

test("labels shrink a little before every second one is left out", () => {
  const words = Array.from({ length: 16 }, (_, at) => `w${at}`)
  assert.deepEqual([axisLabels(16, words, 400, 13, 15).shown.length, axisLabels(16, words, 400, 13, 15).type], [16, 13])
  const tight = axisLabels(16, words, 200, 13, 15)
  assert.ok(tight.shown.length === 16 && tight.type < 13 && tight.type >= 13 * 0.8)
  const crowded = axisLabels(16, words, 100, 13, 15)
  assert.deepEqual([crowded.type, crowded.shown[1]], [13, [3, "w3"]])
})

test("the frame of a held row and a second scale find room", () => {
  const { boxes } = matrixLayout({ ...panels(3), held: 2 }, 1070, 12)
  assert.ok(boxes[2].x + boxes[2].w + 10 <= 1070)
  const [one, two] = [null, {}].map(signed => matrixLayout({ ...panels(3), square: true, signed }, 390, 12))
  assert.ok(two.height > one.height)
})
