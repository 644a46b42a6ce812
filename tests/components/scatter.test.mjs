// The pure half of the scatter view under `node --test`.
import assert from "node:assert/strict"
import test from "node:test"
import {
  between, carried, cells, flat, frameOf, inside, judged, lassoText, legendOf, nearestTo, packed, panels, parse, placeArrowNames, placeLabels, radius,
  rows, scaleOf, selected, SHAPES,
  splat, stamp, step, thin, toScreen, toUnits, unit, viewParams, zoomAt, zoomsOf, zoomText,
} from "../../components/scatter_view/layout.js"
import { toSvg } from "../../components/scatter_view/svg.js"
import { few } from "../../components/scatter_view/words.js"

const close = (a, b, within = 1e-4) => assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`)

test("a message gives back its arrays wherever they start", () => {
  const header = { arrays: { places: ["f", 0, 2], bytes: ["b", 8, 3], near: ["h", 11, 2] }, labels: ["ä"] }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const body = new Uint8Array(15)
  new Float32Array(body.buffer.slice(0, 8)).set([0, 0])
  new DataView(body.buffer).setFloat32(0, 1.5, true)
  new DataView(body.buffer).setFloat32(4, -2, true)
  body.set([1, 2, 3], 8)
  new DataView(body.buffer).setUint16(11, 300, true)
  new DataView(body.buffer).setUint16(13, 7, true)
  const whole = new Uint8Array(5 + 4 + text.length + body.length).subarray(5)
  new DataView(whole.buffer, 5).setUint32(0, text.length, true)
  whole.set(text, 4)
  whole.set(body, 4 + text.length)
  const { header: read, array } = parse(whole)
  assert.deepEqual(read, header)
  assert.deepEqual([...array("places")], [1.5, -2])
  assert.deepEqual([...array("bytes")], [1, 2, 3])
  assert.deepEqual([...array("near")], [300, 7])
})

test("panels stand side by side while they are wide enough", () => {
  assert.equal(panels(3, 1070, 400).across, 3)
  assert.equal(panels(3, 360, 400).across, 1)
  assert.equal(panels(2, 700, 400).across, 2)
  assert.equal(panels(18, 1070, 500, 6).across, 6)
  assert.equal(panels(18, 360, 500, 6).across, 3)
  assert.equal(panels(15, 360, 500, 5).across, 3)
  assert.equal(panels(7, 1070, 300, 7).across, 7)
  assert.equal(panels(7, 360, 300, 7).across, 3)
  const { width, height } = panels(3, 1070, 5000)
  assert.ok(height <= width * 1.09)
})

test("all points of a map lie in its panel, with one scale for both directions", () => {
  const xy = new Float32Array([0, 0, 10, 0, 10, 2, -4, 1])
  const { units, sides } = unit(xy, 2, frameOf(xy, 2))
  const scale = scaleOf(sides, 300, 200)
  const screen = toScreen(units, { x: 0, y: 0, z: 1 }, scale, 300, 200)
  for (let i = 0; i < 8; i += 2) assert.ok(screen[i] > 0 && screen[i] < 300 && screen[i + 1] > 0 && screen[i + 1] < 200)
  close((screen[2] - screen[0]) / 10, (screen[3] - screen[5]) / 2)
  assert.ok(screen[7] < screen[1], "up is up")
})

test("points that are all one still have a frame", () => {
  const xy = new Float32Array([3, 3, 3, 3])
  const { units, sides } = unit(xy, 2, frameOf(xy, 2))
  assert.ok([...units, ...sides, scaleOf(sides, 100, 100)].every(Number.isFinite))
})

test("a zoom keeps the point under the pointer, and goes back", () => {
  const before = { x: 0.2, y: -0.1, z: 1.5 }
  const at = toUnits([40, 90], before, 100, 300, 200)
  const after = zoomAt(before, 3, [40, 90], 100, 300, 200)
  toUnits([40, 90], after, 100, 300, 200).forEach((v, i) => close(v, at[i]))
  assert.equal(zoomAt(before, 1e9, [0, 0], 100, 300, 200).z, 200)
  const back = zoomsOf(zoomText([{ x: 0, y: 0, z: 1 }, after]), 2)
  assert.deepEqual(back[0], { x: 0, y: 0, z: 1 })
  close(back[1].x, after.x, 1e-3)
  assert.equal(zoomText([{ x: 0, y: 0, z: 1 }]), "")
})

test("a space turned by 90 degrees shows its depth", () => {
  const { xy, depth } = flat(new Float32Array([0, 0, 1]), 3, [90, 0])
  close(xy[0], 1)
  close(depth[0], 0)
  close(flat(new Float32Array([1, 2, 3]), 3, [0, 0]).xy[1], 2)
})

test("the nearest point within reach is found, and no other", () => {
  const screen = new Float32Array([10, 10, 30, 10, 200, 100])
  const grid = cells(screen, 300, 200)
  assert.equal(nearestTo(grid, screen, 18, 10, 14), 0)
  assert.equal(nearestTo(grid, screen, 24, 12, 14), 1)
  assert.equal(nearestTo(grid, screen, 100, 100, 14), -1)
  assert.equal(nearestTo(grid, screen, -5, -5, 14), -1)
})

test("an arrow key goes to the next point in its direction", () => {
  const screen = new Float32Array([50, 50, 80, 52, 50, 20, 300, 50])
  assert.equal(step(screen, 0, [1, 0]), 1)
  assert.equal(step(screen, 0, [0, -1]), 2)
  assert.equal(step(screen, 0, [-1, 0]), 0)
})

test("what lies in a lasso is inside, also where it bends", () => {
  const u = [[0, 0], [4, 0], [4, 4], [3, 4], [3, 1], [1, 1], [1, 4], [0, 4]]
  assert.ok(inside(0.5, 3, u))
  assert.ok(!inside(2, 3, u))
  assert.equal(thin(Array.from({ length: 500 }, (_, i) => [i, i])).length <= 40, true)
})

test("every kind of selection finds its points, and nonsense none", () => {
  const scene = {
    labels: ["Cat", "dog", "catfish"],
    columns: [{ levels: ["a:b", "c"], values: [0, 1, 0] }],
    maps: [{ xy: new Float32Array([0, 0, 0.5, 0.5, -0.9, 0]) }],
  }
  assert.equal(selected("", scene), null)
  assert.deepEqual([...selected("find:cat", scene)], [0, 2])
  assert.deepEqual([...selected("level:0:a:b", scene)], [0, 2])
  assert.deepEqual([...selected(lassoText(0, [[-0.2, -0.2], [0.7, -0.2], [0.7, 0.7], [-0.2, 0.7]]), scene)], [0, 1])
  assert.deepEqual([...selected("points:1,9", scene)], [1])
  for (const nonsense of ["level:7:x", "lasso:9:1,2", "find:zzz", "what:1"]) assert.equal(selected(nonsense, scene).size, 0)
})

test("labels never overlap, and the first has its place", () => {
  const n = 300
  const screen = new Float32Array(2 * n).map((_, i) => ((i * 7919) % 1000) * (i % 2 ? 0.2 : 0.3))
  const labels = Array.from({ length: n }, (_, i) => `word ${i}`)
  const options = { measure: text => text.length * 6, size: 12, gap: 5, most: 100 }
  const placed = placeLabels([...labels.keys()], labels, screen, 300, 200, options)
  assert.ok(placed.length > 5)
  const boxes = placed.map(({ i, x, y, align }) => [align === "left" ? x : x - labels[i].length * 6, y - 6.9, labels[i].length * 6, 13.8])
  boxes.forEach((a, i) => boxes.slice(i + 1).forEach(b => assert.ok(a[0] >= b[0] + b[2] || b[0] >= a[0] + a[2] || a[1] >= b[1] + b[3] - 1e-9 || b[1] >= a[1] + a[3] - 1e-9)))
  assert.equal(placeLabels([...labels.keys()], labels, screen, 300, 200, { ...options, most: 1 }).length, 1)
})

test("neighbours are kept, torn away or false", () => {
  const marks = judged(1, 3, new Uint16Array([9, 9, 9, 2, 3, 4]), new Uint16Array([9, 9, 9, 3, 7, 2]))
  assert.deepEqual(marks, { kept: [2, 3], torn: [4], false: [7] })
})

test("a stamp covers its shape, and a splat stays in the picture", () => {
  for (const shape of SHAPES) {
    const { size, mask } = stamp(shape, 4)
    assert.equal(mask.length, size * size)
    assert.ok(mask[(size >> 1) * size + (size >> 1)] === 255, shape)
    assert.equal(mask[0], 0)
  }
  const stamps = SHAPES.map(shape => stamp(shape, 3))
  const white = (255 << 24) | 0xffffff
  const pixels = new Int32Array(20 * 10).fill(white)
  const view = new Uint32Array(pixels.buffer)
  splat(view, 20, 10, new Float32Array([5, 5, -1, 4, 19, 9, 400, 4]), 1, [0, 1, 2, 3], [0, 1, 2, 3], Array(4).fill(packed("#ff8000")), stamps, 1)
  assert.equal(view[5 * 20 + 5] & 0xffffff, 0x0080ff)
  assert.equal(view[1 * 20 + 14] & 0xffffff, 0xffffff)
  splat(view, 20, 10, new Float32Array([5, 5]), 1, [0], [0], [packed("#000000")], stamps, 0.5)
  assert.ok(Math.abs((view[5 * 20 + 5] & 255) - 127) <= 1)
})

test("a film passes from one map to the next", () => {
  const a = new Float32Array([0, 0]), b = new Float32Array([1, 2])
  assert.deepEqual([...between(a, b, 0)], [0, 0])
  assert.deepEqual([...between(a, b, 1)], [1, 2])
  assert.deepEqual([...between(a, b, 0.5)], [0.5, 1])
})

test("what equals the default is left out of the address", () => {
  const defaults = { colour: "topic", shape: "colour", pick: -1, sel: "", zoom: "", turn: "0,0", labels: "on", frame: "" }
  const params = Object.fromEntries(viewParams({ ...defaults, pick: 3 }, defaults, "emb"))
  assert.equal(params.emb_pick, "3")
  assert.equal(params.emb_colour, "")
})

test("marks shrink with many points and small panels", () => {
  assert.ok(radius(50, 400) > radius(5000, 400))
  assert.ok(radius(500, 150) < radius(500, 400))
})

const legendScene = {
  columns: [{ name: "kind", levels: ["a", "b"], values: [0, 1] }, { name: "size", levels: null, values: [1, NaN, 3] }],
  maps: [{ values: { trust: [0, 1] } }], categories: ["#111111", "#222222"], header: { ranges: { trust: [0.8, 1] } },
}

test("the legend names levels with their marks, or the ends of a scale", () => {
  const of = view => legendOf({ ...legendScene, view: { shape: "colour", ...view } })
  assert.deepEqual(of({ colour: "kind" }).shown, [
    { column: 0, name: "a", colour: "#111111", shape: "circle" }, { column: 0, name: "b", colour: "#222222", shape: "square" },
  ])
  assert.deepEqual(of({ colour: "size" }).scale, { low: "size: 1", high: "3" })
  assert.deepEqual(of({ colour: "trust" }).scale, { low: "trust: 0.8 or less", high: "1 (fixed scale)" })
  const apart = of({ colour: "size", shape: "kind" })
  assert.deepEqual(apart.shown.map(({ name, shape }) => [name, shape]), [["a", "circle"], ["b", "square"]])
  assert.deepEqual(of({ colour: "none" }), { shown: [], more: 0, scale: null })
})

test("keys stand in rows", () => {
  assert.deepEqual(rows([50, 40, 30, 200], 100), [{ x: 0, row: 0 }, { x: 50, row: 0 }, { x: 0, row: 1 }, { x: 0, row: 2 }])
})

test("names of two arrows stand on either side, and within the panel", () => {
  const measure = () => 60
  const [left, right] = placeArrowNames([{ label: "one", screen: [100, 100, 100, 50] }, { label: "two", screen: [130, 100, 130, 50] }], 400, measure)
  assert.deepEqual([left.align, right.align], ["right", "left"])
  assert.ok(left.box[2] <= 100 && right.box[0] >= 130)
  const [edge] = placeArrowNames([{ label: "one", screen: [390, 100, 390, 50] }], 400, measure)
  assert.equal(edge.align, "right")
})

test("labels follow their points, and none stands where an arrow's name does", () => {
  const screen = new Float32Array([50, 50])
  const options = { measure: () => 40, size: 12, gap: 5, most: 9 }
  const [label] = placeLabels([0], ["a"], screen, 300, 100, options)
  assert.equal(label.x, 55)
  assert.deepEqual(carried([label], 10, -10), [{ i: 0, align: "left", x: 65, y: 40 }])
  const beset = [[54, 48, 90, 52], [10, 48, 46, 52]]
  assert.deepEqual(placeLabels([0, 0, 0], ["a"], screen, 300, 100, { ...options, taken: beset }).map(({ align, y }) => [align, y < 50]), [["center", true], ["center", false]])
  assert.equal(placeLabels([0], ["a"], screen, 300, 100, { ...options, taken: [[54, 45, 90, 60]] })[0].align, "right")
})

test("the saved picture has the key of colours and of the held point's lines", () => {
  const scene = {
    ...legendScene, n: 2, labels: ["<a>", "b"], k: 1, truth: new Uint16Array([1, 0]), order: [0, 1], chosen: null, marked: [], hover: -1, alpha: 1, ramp: [],
    theme: { text: "#000000", faint: "#777777", background: "#ffffff", size: 12, font: "serif" }, view: { colour: "kind", shape: "colour", pick: 0 },
  }
  const panel = { name: "M", note: "n", left: 0, top: 0, width: 200, height: 100, radius: 4, screen: new Float32Array([10, 10, 90, 50]), near: new Uint16Array([1, 0]), axes: ["east", "north"], shapes: [0, 1], colourText: ["#111111", "#222222"], arrows: [], placed: [] }
  const { text } = toSvg([panel], scene, { title: "T", footer: "F", measure: words => 6 * words.length })
  for (const wanted of ["&#60;a&#62;", "torn away", "no true neighbour", ">east<", ">north<", ">T<", ">F<"]) assert.ok(text.includes(wanted), wanted)
  assert.equal(text.split("<use ").length, 3)
  assert.ok(!toSvg([panel], scene, { title: "", footer: "", measure: () => 9 }).text.includes(">T<"))
})

test("of long names a room is told the first alone, of short ones several", () => {
  assert.deepEqual(few(["a sentence of its own", "another one"], 10), ["a sentence of its own"])
  assert.deepEqual(few(["six", "ten", "two"], 10), ["six", "ten"])
})
