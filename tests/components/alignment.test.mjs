// The pure halves of alignment, answers and beam under `node --test`.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

const read = name => readFileSync(new URL(`../../components/figures/${name}.js`, import.meta.url), "utf8")
const load = names => {
  const source = names.map(read).join("\n").replace(/^import .*$/gm, "").replace(/export default function[^]*$/, "")
  return import(`data:text/javascript,${encodeURIComponent(source)}`)
}
const { alignmentLayout, namedRows, placeAt, runs } = await load(["svg", "alignment"])
const { answersLayout } = await load(["svg", "answers"])
const { beamLayout, path } = await load(["svg", "beam"])

const header = (source, target, heads) => ({
  source, target, heads, should: target.map(() => ""), height: 330,
})

test("neighbouring places make one run", () => {
  assert.deepEqual(runs([7, 2, 3, 4]), [[2, 4], [7, 7]])
  assert.deepEqual(runs([]), [])
})

test("cells, heads and scale stay inside, wide and narrow, short and long", () => {
  for (const width of [340, 760, 1070]) {
    for (const [n, m] of [[1, 1], [25, 24], [11, 60], [64, 60]]) {
      for (const many of [0, 1, 8]) {
        const place = alignmentLayout(header(Array(m).fill("a"), Array(n).fill("b"), Array(many).fill("layer 1, head 1")), width, 13)
        assert.ok(place.left + place.cell * m <= width, `${width} ${n} ${m} ${many}`)
        assert.ok(place.bottom <= place.height)
        assert.equal(place.thumbs.length, many > 1 ? many : 0)
        for (const box of place.thumbs) assert.ok(box.x + box.w <= width + 1 && box.y + box.h <= place.height && box.w > 8)
      }
    }
  }
})

// A room at 1366 × 768: type of 24 px on a picture 1017 px wide.
const ROOM = [1017, 24]

test("in a room rows lower than their type are named every so often, and the one looked at always", () => {
  const place = alignmentLayout(header(Array(23).fill("a"), Array(24).fill("b"), ["x"]), ...ROOM, 24)
  assert.ok(place.height <= 331)
  for (const looked of [null, 7]) {
    const { rows } = namedRows(24, place.row, 24, looked)
    assert.ok(rows.length > 6 && (looked === null || rows.includes(looked)))
    for (let i = 1; i < rows.length; i++) assert.ok((rows[i] - rows[i - 1]) * place.row >= 24 * 0.9)
  }
  assert.equal(namedRows(24, 11, 0, null).rows.length, 24) // on a page all are
})

test("in a room answers stand on one line each and a beam of 24 steps needs no scrolling", () => {
  const names = ["Right answer", "LSTM, one context vector of 32", "▸ LSTM with Luong attention"]
  const rows = names.map(name => ({ name, tokens: Array(24).fill("a"), wrong: [], note: "18 wrong" }))
  const { places, note } = answersLayout({ rows, words: false }, ...ROOM)
  assert.ok(places.every(({ line }) => line === 0) && note + 8 * 12 < ROOM[0])
  const branches = Array.from({ length: 24 }, (_, step) => ({ step, parent: step - 1, token: "a" }))
  const { width, each } = beamLayout(branches, ...ROOM, 330)
  assert.ok(width <= ROOM[0] && each > 24)
})

test("in a room the columns of a tree of words are as wide as their tokens need", () => {
  const words = "le petit chat noir voit deux fleurs rouges sur ma nouvelle table ■".split(" ")
  const branches = words.map((token, step) => ({ step, token, parent: step - 1 }))
  assert.ok(beamLayout(branches, 1017, 24, 330, true).width <= 1017)
  assert.ok(beamLayout(branches, 1017, 24, 330).width > 1017)
})

test("a point finds its row and column, the words at the left only a row", () => {
  const place = alignmentLayout(header(["a", "b"], ["c", "d", "e"], ["x"]), 700, 13)
  assert.deepEqual(placeAt(place, 3, 2, place.left + place.cell * 1.5, place.top + place.row * 2.5), { row: 2, col: 1 })
  assert.deepEqual(placeAt(place, 3, 2, 3, place.top + 1), { row: 0, col: null })
  assert.equal(placeAt(place, 3, 2, 3, place.top - 1), null)
})

test("answers keep their columns and break where there is no room", () => {
  const row = tokens => ({ name: "LSTM", tokens, note: "2 wrong", wrong: [], id: "" })
  const words = Array(16).fill("nouvelle")
  const wide = answersLayout({ rows: [row(words), row(words.slice(0, 3))], words: true }, 1900, 13)
  assert.ok(wide.places.every(place => place.line === 0))
  const narrow = answersLayout({ rows: [row(words)], words: true }, 340, 13)
  assert.ok(narrow.places.at(-1).line > 1)
  assert.ok(narrow.places.every(place => place.x + place.w <= 340))
})

test("branches stand in the column of their step, ranked as they came; a path leads to the root", () => {
  const branches = [
    { parent: -1, step: 0, token: "a" }, { parent: -1, step: 0, token: "b" },
    { parent: 1, step: 1, token: "c" }, { parent: 0, step: 1, token: "d" },
  ]
  const place = beamLayout(branches, 700, 13, 300)
  assert.equal(place.places[0].x, place.places[1].x)
  assert.ok(place.places[0].y < place.places[1].y && place.places[2].x > place.places[0].x)
  assert.deepEqual(path(branches, 2), [1, 2])
})
