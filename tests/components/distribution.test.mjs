// The pure half of the linked picture under `node --test`.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

const source = readFileSync(new URL("../../components/distribution_view/layout.js", import.meta.url), "utf8")
const { axisTicks, count, domain, dotsPath, evenEdges, movedPoints, movedText, nearest, panels, peaks, PHONE, rows, scale, short, stack, stairs, stroke, tidy, top } =
  await import(`data:text/javascript,${encodeURIComponent(source)}`)

const inside = (panel, width, height) => panel.x >= 0 && panel.y >= 0 && panel.x + panel.width <= width && panel.y + panel.height <= height
const apart = (a, b) => a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y

test("panels lie inside the picture and never on each other, wide or on a phone", () => {
  for (const [width, height] of [[1090, 370], [700, 370], [PHONE - 1, 370], [330, 370], [1600, 520]]) {
    const { height: total, ...all } = panels(width, height, 12)
    const list = Object.entries(all)
    for (const [name, panel] of list) {
      assert.ok(panel.width > 40 && panel.height > 8, `${name} at ${width}`)
      assert.ok(inside(panel, width, total + 1), `${name} at ${width}`)
      for (const [other, its] of list) if (other !== name) assert.ok(apart(panel, its), `${name} on ${other} at ${width}`)
    }
  }
})

test("a scale goes there and back, and holds a column without spread", () => {
  const x = scale([2, 6], 100, 300)
  assert.deepEqual([x(2), x(6), x(4), x.back(150)], [100, 300, 200, 3])
  assert.ok(Number.isFinite(scale([5, 5], 0, 10)(5)))
})

test("every value is in one bin, the largest in the last", () => {
  const sorted = [0, 0.5, 1, 1, 2]
  assert.deepEqual(count(sorted, [0, 1, 2]).counts, [2, 3])
  assert.deepEqual(count(sorted, evenEdges(sorted, 4)).counts, [1, 1, 2, 1])
  assert.deepEqual(count([-3.5, 0.5, 5], [0, 1, 2]), { edges: [-4, -3, -2, -1, 0, 1, 2, 3, 4, 5], counts: [1, 0, 0, 0, 1, 0, 0, 0, 1] })
  assert.deepEqual(count([7, 7], evenEdges([7, 7], 3)).counts.reduce((a, b) => a + b), 2)
})

test("peaks of bars", () => {
  const known = [[[1], 1], [[1, 2, 1], 1], [[3, 1, 2], 2], [[1, 1, 1], 1], [[0, 2, 2, 0, 1, 0], 2], [[5, 4, 3], 1], [[1, 2, 3], 1]]
  for (const [counts, many] of known) assert.equal(peaks(counts), many, counts.join())
})

test("the axis holds all values and bins, or the middle 98 %", () => {
  const sorted = Array.from({ length: 200 }, (_, i) => i)
  const [low, high] = domain(sorted, [-1, 200], false)
  assert.ok(low < -1 && high > 200)
  const [near, far] = domain(sorted, [-1, 200], true)
  assert.ok(near > -10 && near <= 2 && far >= 197 && far < 210)
  assert.ok(domain([3], [2.5, 3.5], false)[1] > 3)
})

test("round ticks, numbers with a true minus", () => {
  assert.deepEqual(axisTicks([-0.9, 10.2], 5), [0, 5, 10])
  assert.equal(axisTicks([1, 1], 5).length, 1)
  assert.deepEqual([0, -1.5, 1234567, 0.00001, 47789, 1 / 3, null].map(short), ["0", "−1.5", "1.23e6", "1.00e-5".replace("-", "−"), "47789", "0.333", "–"])
})

test("the staircase climbs from 0 to 1 at the values", () => {
  const x = scale([0, 4], 0, 40)
  const y = scale([0, 1], 100, 0)
  assert.equal(stairs([1, 2], x, y), "M10 100V50H20V0H40")
  assert.equal(stairs([1, 1], x, y), "M10 100V0H40")
  assert.equal(stairs([1, 1, 1, 3], x, y), "M10 100V25H30V0H40")
})

test("dots that would lie on one pixel are drawn once", () => {
  assert.equal(dotsPath([1, 1.1, 5], [2, 2.1, 6]), "M1 2h0.01M5 6h0.01")
})

test("equal values stand on each other and stay in their strip", () => {
  assert.deepEqual(stack([10, 10, 50], 3, 40), [0, 6, 0])
  const many = stack(new Array(50).fill(10), 3, 40)
  assert.ok(Math.max(...many) <= 40 - 6 + 1e-9)
})

test("the nearest point", () => {
  assert.equal(nearest([0, 10, 20], [0, 0, 0], 12, 3), 1)
  assert.equal(nearest([], [], 1, 1), -1)
})

test("moves are written and read in the address", () => {
  const moved = new Map([[7, -2], [3, 1.5]])
  assert.equal(movedText(moved), "3:1.5;7:-2")
  assert.deepEqual(movedPoints("3:1.5;7:-2"), new Map([[3, 1.5], [7, -2]]))
  assert.equal(movedText(movedPoints("")), "")
  assert.equal(tidy(1.2689655, 3), 1.27)
  assert.equal(tidy(47789.33, 50000), 47800)
})

test("a stroke of the hand sets the heights on its way, either way, within the paper", () => {
  const flat = [0, 0, 0, 0, 0]
  assert.deepEqual(stroke(flat, { at: 0, height: 0 }, { at: 1, height: 1 }), [0, 25, 50, 75, 100])
  assert.deepEqual(stroke(flat, { at: 1, height: 1 }, { at: 0, height: 0 }), [0, 25, 50, 75, 100])
  assert.deepEqual(stroke(flat, { at: 0.5, height: 0.2 }, { at: 0.5, height: 2 }), [0, 0, 100, 0, 0])
  assert.deepEqual(flat, [0, 0, 0, 0, 0])
})

test("a curve far above the bars is cut, names that meet get rows of their own", () => {
  assert.ok(top([10], [1000]) < 13)
  assert.ok(top([10], [11]) > 11)
  assert.deepEqual(rows([{ from: 0, to: 10 }, { from: 5, to: 15 }, { from: 20, to: 30 }], 2), [0, 1, 0])
})
