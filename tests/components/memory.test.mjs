// The pure halves of tracks, lattice and recall under `node --test`.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

const read = name => readFileSync(new URL(`../../components/figures/${name}.js`, import.meta.url), "utf8")
const load = name => {
  const source = ["svg", name].map(read).join("\n").replace(/^import .*$/gm, "").replace(/export default function[^]*$/, "")
  return import(`data:text/javascript,${encodeURIComponent(source)}`)
}
const { axisTicks, band, columnName, columnTicks, fitting, height, path, readable, shown, tickText, tracksLayout } = await load("tracks")
const { inside, latticeLayout, roads, road, shade } = await load("lattice")
const { recallLayout, squares, stateAt } = await load("recall")

test("a value stands where its axis puts it, never outside", () => {
  assert.equal(height(0.5, { low: 0, high: 1 }), 0.5)
  assert.ok(Math.abs(height(1e-3, { log: true, low: 1e-6, high: 1 }) - 0.5) < 1e-9)
  assert.equal(height(0, { log: true, low: 1e-6, high: 1 }), 0)
  assert.equal(height(1e9, { log: true, low: 1e-6, high: 1 }), 1)
})

test("an axis has round numbers inside it", () => {
  assert.deepEqual(axisTicks({ low: -1, high: 1 }, 3), [-1, 0, 1])
  assert.deepEqual(axisTicks({ low: 0, high: 3 }, 4), [0, 1, 2, 3])
  assert.deepEqual(axisTicks({ low: 0, high: 4 }, 2), [0, 2, 4])
  assert.deepEqual(axisTicks({ log: true, low: 1e-4, high: 1 }, 9).map(value => Math.round(Math.log10(value))), [-4, -3, -2, -1, 0])
  for (const axis of [{ low: -2, high: 5 }, { low: 0, high: 0.07 }, { log: true, low: 1e-12, high: 10 }]) {
    for (const most of [2, 3, 6, 9]) {
      const at = axisTicks(axis, most)
      assert.ok(at.length >= 2 && at.length <= most + 2)
      assert.ok(at.every(value => value >= axis.low - 1e-9 * Math.abs(axis.low) - 1e-15 && value <= axis.high * (1 + 1e-9)))
    }
  }
  assert.equal(tickText(1e-6, { log: true, low: 1e-9, high: 1 }), "1e−6")
  assert.equal(tickText(0.1, { log: true, low: 1e-9, high: 1 }), "0.1")
  assert.equal(tickText(-1, { low: -1, high: 1 }), "−1.0")
})

test("columns without a letter are numbered", () => {
  assert.equal(columnName({ start: 0, step: 20 }, 3), "60")
  assert.equal(columnName({ start: 0.02, step: 0.02 }, 3), "0.08")
})

test("a path breaks where there is no value and ends where a log axis does", () => {
  const x = i => i
  const y = value => value
  assert.equal(path([1, 2, NaN, 3], x, y, false, 1), "M0.0 1.0L1.0 2.0M3.0 3.0h0")
  assert.equal(path([1, 2], x, y, true, 1), "M-0.5 1.0H0.5L0.5 2.0H1.5")
  assert.equal(band([NaN, 1, 2, 3], [NaN, 4, 5, NaN], x, y), "M1.0 1.0L2.0 2.0L2.0 5.0L1.0 4.0Z")
  assert.equal(band([NaN], [1], x, y), "")
  assert.equal(path([1e-9, 1e-9, 1e-2], x, y, false, 1, 1e-3).match(/[ML]/g).join(""), "ML")
  assert.equal(path([1e-9, 1e-9, 1e-9], x, y, false, 1, 1e-3), "")
  assert.equal(path([1e9, 1e9, 1], x, y, false, 1, 1e-3, 1e3).match(/[ML]/g).join(""), "ML")
  assert.equal(fitting("one; two · three", 99), "one; two · three")
  assert.equal(fitting("one; two · three", 9), "one; two")
  assert.equal(fitting("a long first part; two", 9), "a long first part")
})

test("letters stand under their columns while there is room", () => {
  const header = { columns: 40, letters: [..."x".repeat(40)], title: "", height: 300, panels: [{ title: "", share: 1, lines: [{ name: "a" }] }, { title: "t", share: 2, lines: [{ name: "b" }] }] }
  const wide = tracksLayout(header, 1000, 12)
  assert.ok(wide.letters && !tracksLayout(header, 200, 12).letters)
  assert.ok(wide.x(0) > wide.left && wide.x(39) < wide.right && wide.right <= 1000)
  assert.ok(wide.panels[1].head >= wide.panels[0].y + wide.panels[0].h)
  assert.ok(wide.height <= 300 && wide.height > 280)
  assert.deepEqual(["\n", " ", "a"].map(shown), ["↵", "·", "a"])
})

test("columns counted from 1 are numbered 1, 5, 10", () => {
  assert.deepEqual(columnTicks({ columns: 12, start: 1, step: 1 }, 4), [0, 4, 9])
  assert.deepEqual(columnTicks({ columns: 3, start: 1, step: 1 }, 4), [0, 1, 2])
  assert.deepEqual(columnTicks({ columns: 12, start: 0, step: 1 }, 4), [0, 5, 10])
})

test("names of lines wrap instead of leaving the picture", () => {
  const lines = ["a long name of a line", "another long name", "a third one"].map(name => ({ name }))
  const { panels } = tracksLayout({ columns: 5, letters: [], title: "", height: 300, panels: [{ title: "", share: 1, lines }] }, 320, 12)
  assert.ok(panels[0].names.length > 1)
  assert.equal(panels[0].names.flat().length, 3)
})

test("roads lead back from an output: one way to the past, both ways to all, never past the ends", () => {
  const one = { rows: ["in", "h", "out"], edges: [[0, 1, 0], [1, 2, 0], [1, 1, 1]] }
  assert.deepEqual([0, 1, 2, 3].filter(t => roads(one, 2, 4).has(`0,${t}`)), [0, 1, 2])
  const both = { rows: ["in", "f", "b", "out"], edges: [[0, 1, 0], [0, 2, 0], [1, 1, 1], [2, 2, -1], [1, 3, 0], [2, 3, 0]] }
  const found = roads(both, 2, 4)
  assert.deepEqual([0, 1, 2, 3].filter(t => found.has(`0,${t}`)), [0, 1, 2, 3])
  assert.ok(found.has("1,0") && !found.has("1,3") && found.has("2,3") && !found.has("2,1"))
  const jordan = { rows: ["in", "h", "out"], edges: [[0, 1, 0], [1, 2, 0], [2, 1, 1]] }
  assert.ok(roads(jordan, 3, 4).has("2,0"))
})

test("an edge that passes a node bends, the others are straight", () => {
  assert.match(road([0, 100], [0, 0], 5, 2, 30), /Q/)
  assert.doesNotMatch(road([0, 100], [0, 0], 5, 1, 30), /Q/)
  assert.doesNotMatch(road([0, 100], [30, 100], 5, 0, 30), /Q/)
})

test("colours follow the ratio where the scale is one of ratios", () => {
  assert.equal(shade(0, { log: true, low: 0.01, high: 1 }), 0)
  assert.ok(Math.abs(shade(0.1, { log: true, low: 0.01, high: 1 }) - 0.5) < 1e-12)
  assert.equal(shade(0.25, { log: false, low: 0, high: 1 }), 0.25)
  assert.deepEqual([1, 0, 0.94, 1e-9, -1e-9, 2].map(inside), ["1", "0", ".9", "0", "0", "2.0"])
})

test("networks stand beside each other, on a phone one under the other, no node over another", () => {
  const panel = rows => ({ title: "n", rows })
  const header = { panels: [panel(["in", "h", "out"]), panel(["in", "a", "b", "c", "d", "out"])], steps: 14, height: 380 }
  for (const width of [1060, 340]) {
    const { panels, height: tall } = latticeLayout(header, width, 12)
    panels.forEach((box, i) => {
      assert.ok(2 * box.radius < box.each)
      const [x, y] = box.at(header.panels[i].rows.length - 1, 13)
      assert.ok(x + box.radius <= width && y - box.radius > 0 && box.foot < tall)
    })
    assert.equal(panels[0].y === panels[1].y, width > 600)
  }
})

test("a state is the cue with some units turned", () => {
  const cue = Float32Array.of(1, -1, 1)
  assert.deepEqual([...stateAt(cue, [2, 0], 0)], [1, -1, 1])
  assert.deepEqual([...stateAt(cue, [2, 0], 2)], [-1, -1, -1])
  assert.deepEqual([...cue], [1, -1, 1])
  assert.equal(squares([0, 3], 2, 10, 5, 5), "M5 5h10v10h-10zM15 15h10v10h-10z")
})

test("grids and curve do not meet", () => {
  for (const width of [1060, 340]) {
    const { grids, curve, height: tall } = recallLayout({ rows: 21, columns: 15, height: 300 }, width, 12)
    assert.ok(grids[0].x + grids[0].w < grids[1].x && grids[1].x + grids[1].w <= width)
    assert.ok(width > 640 ? curve.x > grids[1].x + grids[1].w : curve.y > grids[1].y + grids[1].h)
    assert.ok(curve.x + curve.w <= width && curve.y + curve.h <= tall)
  }
})

test("in a room three panels with their names find room", () => {
  const line = name => ({ name })
  const panels = ["Output, asked only at the end", "State c of all units", "Gates of unit 14"].map(title =>
    ({ title, share: 1, lines: [line("input"), line("forget"), line("output")] }))
  const place = tracksLayout({ columns: 20, letters: Array(20).fill("a"), title: "step", height: 480, panels }, 623, 24, true)
  assert.ok(place.height <= 540 && place.panels.every(({ h }) => h >= 24 * 2.1))
  for (const { names } of place.panels) for (const row of names.filter(each => each.length)) assert.ok(row.at(-1).x + 7 * 12 < 623)
})

test("in a room lines over a long text end a little behind the marked letter, and letters keep their numbers", () => {
  const header = { columns: 95, letters: Array.from({ length: 95 }, (_, i) => String.fromCharCode(48 + i)), at: 86, start: 1, step: 1 }
  const values = Float32Array.from({ length: 190 }, (_, i) => i)
  const cut = readable(header, values, 1017, 24)
  assert.ok(cut.header.columns < 70 && cut.header.columns === cut.header.letters.length)
  assert.equal(cut.header.letters[cut.header.at], header.letters[86])
  assert.equal(cut.header.start + cut.header.at, 87)
  assert.deepEqual([cut.values[cut.header.at], cut.values[cut.header.columns + cut.header.at]], [86, 181])
  assert.equal(readable(header, values, 3000, 24).header, header)
})
