// The pure half of the map of heads under `node --test`.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

const read = name => readFileSync(new URL(`../../components/figures/${name}.js`, import.meta.url), "utf8")
const source = ["svg", "heads"].map(read).join("\n").replace(/^import .*$/gm, "").replace(/export default function[^]*$/, "")
const { answer, headAt, headsLayout, printed } = await import(`data:text/javascript,${encodeURIComponent(source)}`)

const header = (layers, heads, more = {}) => ({
  layers, heads, groups: 1, height: 400, scale: { digits: 0 }, chosen: [], opens: {}, toggles: "", ...more,
})

test("every cell is found under its middle, at every size", () => {
  for (const [layers, heads] of [[6, 12], [30, 9], [12, 12], [1, 1]]) {
    for (const width of [330, 700, 1300]) {
      const all = header(layers, heads)
      const place = headsLayout(all, width, 13)
      assert.ok(place.right <= width + 1 && place.height <= 400 + 13 * 2)
      for (let layer = 0; layer < layers; layer++) for (let head = 0; head < heads; head++) {
        const at = headAt(place, all, place.left + (head + 0.5) * place.w, place.top + (layer + 0.5) * place.h)
        assert.deepEqual(at, { layer, head })
      }
      assert.equal(headAt(place, all, place.left + 1, place.bottom + 1), null)
      assert.equal(headAt(place, all, place.right + 1, place.top + 1), null)
      assert.deepEqual(headAt(place, all, 2, place.top + 1), { layer: 0, head: -1 })
    }
  }
})

test("a click opens a head by filling in its numbers", () => {
  const all = header(6, 12, { opens: { attn_layer: "@layer", attn_heads: "@head", attn_view: "look" } })
  assert.deepEqual(answer(all, { layer: 5, head: 11 }), { attn_layer: "5", attn_heads: "11", attn_view: "look" })
  assert.equal(answer(all, { layer: 5, head: -1 }), null)
})

test("a click takes a head in and out, and a layer's number the whole layer", () => {
  const off = chosen => header(3, 2, { toggles: "attn_off", chosen })
  assert.deepEqual(answer(off([[0, 1]]), { layer: 2, head: 0 }), { attn_off: "0.1, 2.0" })
  assert.deepEqual(answer(off([[0, 1]]), { layer: 0, head: 1 }), { attn_off: "none" })
  assert.deepEqual(answer(off([[0, 1]]), { layer: 0, head: 0 }), { attn_off: "0.all" })
  assert.deepEqual(answer(off([[2, 0]]), { layer: 1, head: -1 }), { attn_off: "1.all, 2.0" })
  assert.deepEqual(answer(off([[1, 0], [1, 1]]), { layer: 1, head: -1 }), { attn_off: "none" })
})

test("a number in a cell is short", () => {
  assert.equal(printed(0.02, 1), "0")
  assert.equal(printed(78.72, 1), "78.7")
})
