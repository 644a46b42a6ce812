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
