// The pure half of the attention view under `node --test`, and what of draw.js needs no canvas.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

const read = name => readFileSync(new URL(`../../components/attention_view/${name}.js`, import.meta.url), "utf8")
const source = read("layout") + read("draw").replace(/^import .*$/m, "") + read("svg")
const {
  axis, centre, gridAt, gridCell, gridLayout, headColour, headMap, indexAt, labels, links, MASKED, meanMap, paint, parse, ramp,
  raster, READABLE, scaleRows, strongest, SvgContext, thumbnail, viewParams, visible,
} = await import(`data:text/javascript,${encodeURIComponent(source)}`)

/** A seeded generator (mulberry32): the same cases in every run. */
function generator(seed) {
  let state = seed
  const random = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (from, to) => from + Math.floor(random() * (to - from + 1))
  return { random, int, pick: list => list[int(0, list.length - 1)] }
}

const repeat = (times, body) => {
  const make = generator(7)
  for (let i = 0; i < times; i++) body(make, i)
}

const close = (a, b, tolerance = 1e-6) => assert.ok(Math.abs(a - b) <= tolerance, `${a} is not ${b}`)

/** A message's parts as index.js keeps them; every fourth token is special, the second half another text. */
function sceneOf(make, { n = make.int(1, 12), causal = false, layers = 2, heads = 3 } = {}) {
  const tokens = Array.from({ length: n }, (_, i) => ({ text: `t${i}`, special: i % 4 === 0, segment: Number(i >= n / 2) }))
  const body = Uint8Array.from({ length: layers * heads * n * n }, (_, at) => {
    const [q, k] = [Math.floor(at / n) % n, at % n]
    return causal && k > q ? 0 : make.int(0, 254)
  })
  const table = Float32Array.from({ length: 256 }, (_, level) => level / 254)
  return { header: { n, layers, heads, causal, tokens }, body, table }
}

const everyCase = body => {
  for (let n = 1; n <= 600; n++) {
    for (const zoom of [0, 1, 2]) {
      const focus = ((n * 7919) % (2 * n)) / 2 // also between two items
      const sizes = [10, 20, 40, 320, 488.5, 760]
      for (const size of n < 4 ? sizes : [sizes[n % 6]]) body(axis(n, size, { focus, zoom }), { n, size, focus, zoom })
    }
  }
}

test("where one text looks at another, the queries are the tokens behind the keys", () => {
  const tokens = ["a", "b", "</s>", "start", "x"].map((text, i) => ({ text, special: i === 2 || i === 3, segment: Number(i > 2) }))
  const header = { n: 3, first: 3, queries: 2, heads: 1, layers: 1, tokens, causal: false }
  const scene = { header, body: Uint8Array.of(1, 2, 3, 4, 5, 6), table: Float32Array.from({ length: 256 }, (_, i) => i) }
  const shown = visible(tokens, {}, 3)
  assert.deepEqual([[...shown.rows], [...shown.cols]], [[3, 4], [0, 1, 2]])
  assert.deepEqual([...headMap(scene, 0, 0, shown, false)], [1, 2, 3, 4, 5, 6])
  assert.deepEqual([...thumbnail(scene, 0, 0, shown, 3, 2)], [1, 2, 3, 4, 5, 6])
  const words = visible(tokens, { hide: true }, 3)
  const map = headMap(scene, 0, 0, words, true)
  assert.deepEqual([...map].map(w => Math.round(w * 9)), [4, 5])
})

test("an axis rises, fills its size and never more", () => {
  everyCase((ax, { n, size }) => {
    assert.equal(ax.edge.length, n + 1)
    assert.equal(ax.edge[0], 0)
    for (let i = 0; i < n; i++) assert.ok(ax.edge[i + 1] > ax.edge[i], `item ${i} of ${n} on ${size} px has no height`)
    close(ax.edge[n], ax.size, 1e-6)
    assert.equal(ax.crowded, n * READABLE > size)
    if (ax.crowded) close(ax.size, size, 1e-6)
    else assert.ok(ax.size <= size + 1e-9 && ax.last === n)
  })
})

test("the focus window holds the focus and its items can be read", () => {
  everyCase((ax, { n, size, focus, zoom }) => {
    if (!ax.crowded || zoom === 0 || n === 1) return
    const at = Math.min(n - 1, Math.round(focus))
    assert.ok(ax.first <= at && at < ax.last, `${at} is outside ${ax.first}–${ax.last} of ${n}`)
    if (size < 60) return // no room for one readable item and the outline of the rest
    for (let i = ax.first; i < ax.last; i++) close(ax.edge[i + 1] - ax.edge[i], READABLE * zoom)
    assert.ok(ax.last - ax.first >= 3)
  })
})

test("what fits stands evenly and no larger than asked", () => {
  repeat(200, ({ int, pick }) => {
    const [n, size, most] = [int(1, 30), int(400, 800), pick([20, 26, 40])]
    const ax = axis(n, size, { most, focus: n - 1, zoom: pick([0, 1, 2]) })
    for (let i = 0; i < n; i++) close(ax.edge[i + 1] - ax.edge[i], Math.min(most, size / n))
  })
})

test("indexAt undoes centre and edge, and is -1 outside", () => {
  everyCase((ax, { n }) => {
    for (let i = 0; i < n; i += 1 + (n >> 5)) {
      assert.equal(indexAt(ax, centre(ax, i)), i)
      assert.equal(indexAt(ax, ax.edge[i]), i)
    }
    assert.equal(indexAt(ax, -0.01), -1)
    assert.equal(indexAt(ax, ax.edge[n]), -1)
  })
  assert.equal(indexAt(axis(0, 100), 0), -1)
})

test("labels never touch, the first wanted always stands, the window is full", () => {
  repeat(500, ({ int, pick }) => {
    const n = int(1, 512)
    const ax = axis(n, pick([320, 500, 760]), { focus: int(0, n - 1), zoom: pick([0, 1, 2]) })
    const gap = READABLE * pick([0.85, 0.95])
    const wanted = Array.from({ length: int(0, 12) }, () => int(0, n - 1))
    const kept = labels(ax, wanted, gap)
    for (let i = 1; i < kept.length; i++) assert.ok(centre(ax, kept[i]) - centre(ax, kept[i - 1]) >= gap - 1e-9)
    if (wanted.length) assert.ok(kept.includes(wanted[0]))
    for (let i = ax.first; i < ax.last; i++) {
      assert.ok(kept.includes(i) || Math.abs(centre(ax, i) - centre(ax, wanted[0])) < gap, `${i} lost its label`)
    }
  })
})

for (const [layers, heads] of [[6, 12], [30, 9], [1, 1]]) {
  test(`gridAt undoes gridCell for ${layers} × ${heads}, and the grid stays in its box`, () => {
    repeat(100, ({ int, random }) => {
      const [width, height] = [int(160, 1300), int(200, 760)]
      const grid = gridLayout(layers, heads, width, height)
      assert.ok(grid.width <= width + 1e-9 && grid.height <= height + 1e-9)
      const [across, down] = [width - 20, height - 20] // the margin
      const best = Math.min(across / heads, down / layers)
      assert.ok(Math.min(grid.w, grid.h) >= Math.min(64, best) - 1e-9)
      assert.ok(Math.max(grid.w, grid.h) <= 1.7 * Math.min(grid.w, grid.h) + 1e-9)
      for (let layer = 0; layer < layers; layer++) {
        for (let head = 0; head < heads; head++) {
          const { x, y } = gridCell(grid, layer, head)
          const inside = [x + grid.w * (0.01 + 0.98 * random()), y + grid.h * (0.01 + 0.98 * random())]
          assert.deepEqual(gridAt(grid, ...inside), { layer, head })
        }
      }
      assert.equal(gridAt(grid, grid.margin - 1, grid.margin + 1), null)
      assert.equal(gridAt(grid, grid.width + 1, grid.margin + 1), null)
    })
  })
}

test("visible keeps the wanted tokens in their order", () => {
  repeat(200, make => {
    const { header: { tokens } } = sceneOf(make)
    for (const filter of ["all", "aa", "ab", "ba", "bb"]) {
      for (const hide of [false, true]) {
        const side = letter => tokens.flatMap((token, i) => {
          const wanted = filter === "all" || token.segment === "ab".indexOf(letter)
          return wanted && !(hide && token.special) ? [i] : []
        })
        const { rows, cols } = visible(tokens, { hide, filter })
        assert.deepEqual([...rows], side(filter[0]))
        assert.deepEqual([...cols], side(filter[1]))
      }
    }
  })
})

test("headMap reads the right weights, masks the future and rescales what is left of a row to 1", () => {
  repeat(100, make => {
    const causal = make.pick([false, true])
    const scene = sceneOf(make, { causal })
    const { n, heads, tokens } = scene.header
    const [layer, head] = [make.int(0, 1), make.int(0, 2)]
    for (const filter of ["all", "ab"]) {
      for (const hide of [false, true]) {
        const shown = visible(tokens, { hide, filter })
        const map = headMap(scene, layer, head, shown, hide)
        shown.rows.forEach((q, r) => {
          const row = Array.from({ length: n }, (_, k) => scene.table[scene.body[((layer * heads + head) * n + q) * n + k]])
          const kept = hide ? row.reduce((sum, w, k) => sum + (tokens[k].special ? 0 : w), 0) : 1
          shown.cols.forEach((k, c) => {
            const got = map[r * shown.cols.length + c]
            if (causal && k > q) assert.equal(got, MASKED)
            else close(got, kept > 0 ? row[k] / kept : 0)
          })
          const sum = shown.cols.reduce((total, _, c) => total + Math.max(0, map[r * shown.cols.length + c]), 0)
          if (hide && filter === "all" && kept > 0) close(sum, 1, 1e-5)
        })
      }
    }
  })
})

test("a row whose visible tokens hold nothing stays empty", () => {
  const scene = sceneOf(generator(1), { n: 5 })
  scene.body.fill(0)
  const map = headMap(scene, 0, 0, visible(scene.header.tokens, { hide: true }), true)
  assert.ok(map.length > 0 && map.every(w => w === 0))
})

test("meanMap is the mean, keeps the mask and one map as it is", () => {
  const a = Float32Array.of(0.5, MASKED, 1)
  const b = Float32Array.of(0, MASKED, 0.5)
  assert.deepEqual([...meanMap([a, b])], [0.25, MASKED, 0.75])
  assert.equal(meanMap([a]), a)
  assert.deepEqual([...a], [0.5, MASKED, 1])
})

test("scaleRows makes each row's largest 1 and touches neither mask nor source", () => {
  repeat(100, make => {
    const [rows, cols] = [make.int(1, 9), make.int(1, 9)]
    const map = Float32Array.from({ length: rows * cols }, () => make.pick([MASKED, 0, make.random()]))
    const before = [...map]
    const scaled = scaleRows(map, cols)
    for (let r = 0; r < rows; r++) {
      const row = before.slice(r * cols, (r + 1) * cols)
      const most = Math.max(...row)
      row.forEach((w, c) => close(scaled[r * cols + c], w > 0 ? w / most : w))
    }
    assert.deepEqual([...map], before)
  })
})

test("no strong link vanishes from a raster, however thin it is drawn", () => {
  repeat(120, make => {
    const [rows, cols] = [make.int(1, 512), make.int(1, 512)]
    const options = { zoom: make.pick([0, 1, 2]) }
    const rowAxis = axis(rows, make.int(200, 760), { ...options, focus: make.int(0, rows - 1) })
    const colAxis = axis(cols, make.int(200, 760), { ...options, focus: make.int(0, cols - 1) })
    const [r, c] = [make.pick([0, rows - 1, make.int(0, rows - 1)]), make.pick([0, cols - 1, make.int(0, cols - 1)])]
    const map = new Float32Array(rows * cols)
    map[r * cols + c] = 1
    const scale = make.pick([0.5, 1, 1.25, 2])
    const [width, height] = [colAxis, rowAxis].map(ax => Math.max(1, Math.round(ax.size * scale)))
    const pixels = raster(map, rowAxis, colAxis, width, height)
    const lit = pixels.indexOf(1)
    assert.ok(lit >= 0, `${r},${c} of ${rows} × ${cols} vanished`)
    // the pixel lies where the cell lies
    const [x, y] = [lit % width, Math.floor(lit / width)]
    const touches = (p, size, ax, i) => (p + 1) * ax.size / size >= ax.edge[i] - 1e-6 && p * ax.size / size <= ax.edge[i + 1] + 1e-6
    assert.ok(touches(x, width, colAxis, c) && touches(y, height, rowAxis, r))
    assert.ok(pixels.every(w => w === 0 || w === 1)) // no value is made up
  })
})

test("the last item of an axis has a pixel whatever rounding does", () => {
  repeat(2000, ({ int }) => {
    const [n, one] = [int(100, 600), axis(1, 20)]
    const ax = axis(n, int(200, 760), { focus: int(0, n - 1) })
    const map = new Float32Array(n)
    map[n - 1] = 1
    assert.equal(raster(map, one, ax, ax.size, 1).at(-1), 1)
  })
})

test("a raster keeps masked cells masked", () => {
  const map = Float32Array.of(1, MASKED, MASKED, 0.5, 0.5, MASKED, 0.2, 0.3, 0.5)
  const ax = axis(3, 30, { readable: 10, most: 10 })
  const pixels = raster(map, ax, ax, 30, 30)
  for (let y = 0; y < 30; y++) for (let x = 0; x < 30; x++) assert.equal(pixels[y * 30 + x], map[3 * Math.floor(y / 10) + Math.floor(x / 10)])
})

test("no strong link vanishes from a thumbnail, and it shows its own head", () => {
  repeat(300, make => {
    const n = make.int(1, 512)
    const scene = { header: { n, heads: 2 }, body: new Uint8Array(4 * n * n) }
    const all = Int32Array.from({ length: n }, (_, i) => i)
    const [q, k] = [make.int(0, n - 1), make.int(0, n - 1)]
    scene.body[(3 * n + q) * n + k] = 200 // layer 1, head 1
    const [width, height] = [make.int(3, 100), make.int(3, 100)]
    const small = (layer, head) => thumbnail(scene, layer, head, { rows: all, cols: all }, width, height)
    const lit = small(1, 1).indexOf(200)
    assert.ok(lit >= 0, `${q},${k} of ${n} vanished on ${width} × ${height}`)
    assert.ok(Math.abs((lit % width) / width - k / n) <= 1 / width + 1 / n)
    assert.ok(Math.abs(Math.floor(lit / width) / height - q / n) <= 1 / height + 1 / n)
    assert.ok(small(1, 0).every(level => level === 0))
  })
})

test("strongest equals sorting everything", () => {
  repeat(300, make => {
    const [rows, cols, most] = [make.int(1, 40), make.int(1, 40), make.int(1, 12)]
    const map = Float32Array.from({ length: rows * cols }, () => make.pick([MASKED, 0, 0.5, make.random(), make.random()]))
    const sorted = Array.from(map, (w, i) => [Math.floor(i / cols), i % cols, w]).filter(link => link[2] > 0).sort((a, b) => b[2] - a[2])
    const [row, col] = [make.int(0, rows - 1), make.int(0, cols - 1)]
    assert.deepEqual(strongest(map, rows, cols, {}, most), sorted.slice(0, most))
    assert.deepEqual(strongest(map, rows, cols, { row }, most), sorted.filter(link => link[0] === row).slice(0, most))
    assert.deepEqual(strongest(map, rows, cols, { col }, most), sorted.filter(link => link[1] === col).slice(0, most))
  })
})

test("links keeps all from the threshold on, or the strongest and their number", () => {
  repeat(200, make => {
    const cols = make.int(1, 20)
    const map = Float32Array.from({ length: make.int(1, 20) * cols }, () => make.pick([MASKED, 0, 0.5, make.random()]))
    const [min, most] = [make.pick([0, 0.03, 0.5]), make.int(1, 40)]
    const { total, list } = links(map, cols, min, most)
    const wanted = map.filter(w => w >= min && w > 0).sort().reverse()
    assert.equal(total, wanted.length)
    assert.deepEqual(list.map(link => link[2]).sort(), [...wanted.slice(0, most)].sort())
    for (const [r, c, w] of list) assert.equal(map[r * cols + c], w)
  })
})

const VIEW = { layer: 3, heads: [1, 11], pin: { side: "q", token: 10 }, show: "all", hide: false, min: 0.03, scale: "fixed", filter: "all", zoom: 1, focus: null }

test("viewParams names what differs from the default and empties the rest", () => {
  const names = ["layer", "heads", "pin", "show", "hide", "min", "scale", "filter", "zoom", "focus"]
  assert.deepEqual(viewParams(VIEW, VIEW, "attn"), names.map(name => [`attn_${name}`, ""]))
  const other = { layer: 0, heads: [0], pin: null, show: "grid", hide: true, min: 0.2, scale: "row", filter: "ab", zoom: 2, focus: [75, 40.5] }
  const texts = ["0", "0", "none", "grid", "1", "0.2", "row", "ab", "2", "75_40.5"]
  assert.deepEqual(viewParams(other, VIEW, "p"), names.map((name, i) => [`p_${name}`, texts[i]]))
  // a head is named whole, so that it stays the same one on another text
  assert.deepEqual(viewParams({ ...VIEW, heads: [4] }, VIEW, "p").slice(0, 3).map(pair => pair[1]), ["3", "4", ""])
  assert.deepEqual(viewParams({ ...VIEW, layer: 0 }, VIEW, "p").slice(0, 3).map(pair => pair[1]), ["0", "1.11", ""])
  assert.deepEqual(viewParams(VIEW, other, "p").slice(0, 5).map(pair => pair[1]), ["3", "1.11", "q10", "all", "0"])
})

test("parse splits a message without copying the weights, wherever it starts in its buffer", () => {
  const header = new TextEncoder().encode(JSON.stringify({ n: 2, tokens: ["שלום", "👩‍🚀", "</script>"] }))
  const message = new Uint8Array(5 + 4 + header.length + 3)
  new DataView(message.buffer).setUint32(5, header.length, true)
  message.set(header, 9)
  message.set([7, 8, 9], 9 + header.length)
  const part = parse(message.subarray(5))
  assert.deepEqual(part.header.tokens, ["שלום", "👩‍🚀", "</script>"])
  assert.deepEqual([...part.body], [7, 8, 9])
  assert.equal(part.body.buffer, message.buffer)
  assert.deepEqual([...parse(message.slice(5).buffer).body], [7, 8, 9])
})

test("the ramp is even: each colour is darker (light page) or lighter (dark page) than the one before", () => {
  const luminance = ([r, g, b]) => 0.2126 * (r / 255) ** 2.2 + 0.7152 * (g / 255) ** 2.2 + 0.0722 * (b / 255) ** 2.2
  for (const dark of [false, true]) {
    const seen = ramp(dark).map(luminance)
    for (let i = 1; i < 256; i++) assert.ok(dark ? seen[i] > seen[i - 1] - 1e-3 : seen[i] < seen[i - 1] + 1e-3)
    assert.ok(Math.abs(seen[255] - seen[0]) > 0.7)
  }
})

test("sixteen heads have sixteen colours", () => {
  assert.equal(new Set(Array.from({ length: 16 }, (_, head) => headColour(head))).size, 16)
})

test("paint puts each value's colour, and the mask's, into its pixel", () => {
  let put
  const makeCanvas = (width, height) => ({ getContext: () => ({ createImageData: () => ({ data: new Uint8ClampedArray(4 * width * height) }), putImageData: image => { put = [...image.data] } }) })
  paint(Float32Array.of(0, 1, MASKED), 3, 1, ramp(false), [1, 2, 3], makeCanvas)
  assert.deepEqual(put, [...ramp(false)[0], 255, ...ramp(false)[255], 255, 1, 2, 3, 255])
})

test("an SVG holds any token as text, and nothing that XML forbids", () => {
  const svg = new SvgContext({ measureText: () => ({ width: 10 }) })
  svg.font = '600 13px "Source Sans", sans-serif'
  const hostile = '</text><script>alert(1)</script>&"\u0000\u0008\uFFFF\uFFFE\ud800'
  svg.fillText(hostile, 1, 2)
  const text = svg.document(10, 10, hostile, "#fff")
  assert.ok(!text.includes("<script"))
  assert.equal(text.split("&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;</text>").length, 2)
  assert.ok(text.includes('font-weight="600"') && text.includes('font-size="13px"'))
  assert.doesNotMatch(text, /[\u0000-\u0008\uFFFE\uFFFF]|\p{Surrogate}/u)
})
