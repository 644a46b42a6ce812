// The pure parts of the lie slider: what stands at a stop, how large type is, where a finding is marked.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import test from "node:test"

const folder = new URL("../../components/lie_slider/", import.meta.url)
const read = name => readFileSync(new URL(name, folder), "utf8")
const load = name => import(`data:text/javascript,${encodeURIComponent(read("vega.js") + read(name).replace(/^import .*\n/gm, ""))}`)

test("a stop gives its number, its verdict and its sentence, within the ends", async () => {
  const { stop } = await load("index.js")
  const data = { numbers: ["1.00", "1.04", "2.00"], codes: ["a", "b", "c"], leaves: 2, inside: [true, true, false], says: "It is {n}, yes {n}." }
  assert.deepEqual(stop(data, "1"), { step: 1, honest: true, number: "1.04", code: "b", says: "It is 1.04, yes 1.04." })
  assert.equal(stop(data, 99).step, 2)
  assert.equal(stop(data, 99).honest, false)
  assert.equal(stop(data, -5).step, 0)
  assert.equal(stop({ ...data, inside: [true, false, true] }, 2).honest, true)
})

test("type grows where a chart is shown small, within bounds", async () => {
  const { type } = await load("index.js")
  assert.equal(type(500, 500), 11)
  assert.equal(type(500, 800), 11)
  assert.ok(type(500, 350) > 13)
  assert.equal(type(500, 1), 16)
})

test("in a room a specification's own type is as large as the rest, and its data stay as they are", async () => {
  const { enlarged } = await load("index.js")
  const spec = { data: { values: [{ fontSize: 3 }] }, layer: [{ mark: { type: "text", fontSize: 11 } }, { mark: { type: "text", fontSize: 40 } }] }
  const made = enlarged(spec, 24)
  assert.deepEqual(made.layer.map(({ mark }) => mark.fontSize), [24, 40])
  assert.deepEqual(made.data, spec.data)
})

test("a finding falls back to the marks and to the chart", async () => {
  const { selectors } = await load("checked.js")
  assert.match(selectors({ place: "y", concat: null })[0], /Y-axis/)
  assert.match(selectors({ place: "y", concat: 1 })[0], /concat_1_group/)
  assert.deepEqual(selectors({ place: "nonsense", concat: null }).slice(-2), [".role-mark", "svg.marks"])
})

test("a room keeps every bar's number where all have room, else each second or third up to the last", async () => {
  const { thinned } = await load("index.js")
  const rows = n => Array.from({ length: n }, (_, at) => ({ name: `m${at}`, v: 100 + at }))
  const spec = n => ({ data: { values: rows(n) }, width: 420, layer: [{ mark: "bar" }, { name: "numbers", mark: "text" }] })
  assert.deepEqual(thinned(spec(3), 24), spec(3))
  const [bar, numbers] = thinned(spec(12), 24).layer
  assert.deepEqual(bar, { mark: "bar" })
  assert.equal(numbers.transform[0].filter, `indexof(${JSON.stringify([1, 3, 5, 7, 9, 11].map(at => `m${at}`))}, datum.name) >= 0`)
})

test("checked charts of a room grow together, by what the lower or narrower place allows", async () => {
  const { growth } = await load("checked.js")
  const chart = (width, height) => ({ width, height })
  assert.equal(growth([chart(340, 220), null], [850, 0], 330), 1.5)
  assert.equal(growth([chart(340, 220), chart(200, 330)], [850, 850], 330), 1)
  assert.equal(growth([{ hconcat: [] }, undefined], [850, 850], 330), 3)
})

test("a picture of a room gets the largest size that fits", async () => {
  const source = readFileSync(new URL("../../components/presenter/presenter.js", import.meta.url), "utf8")
  const { largest } = await import(`data:text/javascript,${encodeURIComponent(source)}`)
  assert.equal(largest(() => true, 0.6, 1), 1)
  assert.equal(largest(() => false, 0.6, 1), 0.6)
  const found = largest(size => size <= 0.83, 0.6, 1)
  assert.ok(found <= 0.83 && found > 0.82)
})
