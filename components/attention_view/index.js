// The attention view: state, events and the order of drawing. Everything here happens in the browser;
// a change of layer, head, threshold or filter is written into the page's address and needs no server.
import {
  centre, gridAt, gridLayout, headMap, indexAt, meanMap, parse, percent, scaleRows, strongest, viewParams, visible,
} from "./layout.js"
import {
  blitThumbnail, drawGridChoice, drawGridFrame, drawLegend, drawMatrix, drawThumbnail, drawWords, headColour, isLight, matrixImage, matrixLayout, pixel, ramp,
  SvgContext, wordsLayout,
} from "./draw.js"

const NARROW = 780 // px; below it the pictures stand one under the other
const READABLE_SPAN = 12 // tokens; a query and a key this near fit into one focus window
const SLICE = 40 // ms of thumbnails drawn before the browser gets its turn
const SETTLE = 150 // ms after the last turn of the wheel
const instances = new WeakMap()

const element = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node[name] = value
    else if (value !== false && value !== null) node.setAttribute(name, value === true ? "" : value)
  }
  node.append(...children)
  return node
}

const makeCanvas = (width, height) => Object.assign(document.createElement("canvas"), { width, height })

/** Colours and type from the page's theme. */
function readTheme(root) {
  const style = getComputedStyle(root)
  const css = name => style.getPropertyValue(name).trim()
  const background = css("--st-background-color") || "#ffffff"
  const dark = parseInt(background.slice(1, 3), 16) < 128
  const size = parseFloat(style.fontSize) * 0.9
  const font = css("--st-font") || "sans-serif"
  return {
    dark, size, background, font,
    text: css("--st-text-color") || "#1f2733",
    faint: dark ? "#9aa4b2" : "#667080",
    border: css("--st-border-color") || "#d9dee6",
    query: dark ? "#56a8e0" : "#0072B2",
    key: "#E69F00",
    queryTint: dark ? "#1c3a52" : "#dcebf5",
    keyTint: dark ? "#4a3a14" : "#fbefd5",
    masked: dark ? [29, 32, 38] : [236, 238, 241],
    ramp: ramp(dark),
    label: `${size}px ${font}`,
    small: `${size * 0.9}px ${font}`,
  }
}

/** For each token which of its equals it is, counted from 1; 0 for a token that occurs once. */
function copiesOf(tokens) {
  const total = new Map()
  const mine = tokens.map(({ text }) => {
    total.set(text, (total.get(text) ?? 0) + 1)
    return total.get(text)
  })
  return mine.map((copy, i) => (total.get(tokens[i].text) > 1 ? copy : 0))
}

async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

function createView(root) {
  let scene = null // header, body, table, view, focus, maps …; rebuilt by receive()
  let lastView = "" // the view the server last asked for
  let hover = { q: null, k: null }
  let hoverHead = null
  let place = {} // boxes and axes of the three pictures
  let thumbs = null // off-screen picture of all heads
  let job = 0 // a newer thumbnail job stops the older one
  let drawn = 0
  let received = 0
  let lastHead = 0 // the head that stood alone last
  let top = 0 // px above the pictures
  let frame = 0
  let settled = 0 // timer: the wheel has come to rest

  // --- elements ---------------------------------------------------------------------------------

  // application: a screen reader then leaves the arrow keys to the picture
  const canvas = (name, label) => element("canvas", { class: name, tabindex: "0", role: "application", "aria-label": label })
  const panel = (name, node) => element("section", { class: `panel ${name}` }, element("h4"), node)
  const words = canvas("words", "Words, a line for each weight. Up and down move over tokens, left and right over heads, Escape lets go.")
  const matrix = canvas("matrix", "Matrix, queries down and keys across. Arrow keys move over its cells.")
  const grid = canvas("grid", "All heads, a small matrix each. Arrow keys open the next head.")
  const panels = { words: panel("words", words), matrix: panel("matrix", matrix), grid: panel("grid", grid) }
  const tip = element("div", { class: "tip", role: "presentation", hidden: true })
  const controls = element("div", { class: "controls" })
  const see = element("p", { class: "see" })
  const said = element("p", { class: "said", role: "status" }) // read out: what is held, not what the mouse passes
  const table = element("tbody")
  const details = element(
    "details", { class: "table" },
    element("summary", {}, "Strongest links as a table"),
    element("table", {}, element("thead", {}, element("tr", {}, ...["From", "To", "Weight"].map(t => element("th", { scope: "col" }, t)))), table),
  )
  const roles = element("ul", { class: "roles", "aria-label": "Clearest heads in this text" })
  panels.grid.append(roles)
  root.replaceChildren(controls, element("div", { class: "panels" }, panels.words, panels.matrix, panels.grid), see, said, details, tip)

  // --- state ------------------------------------------------------------------------------------

  const selection = () => {
    if (hover.q !== null || hover.k !== null) return hover
    const { pin } = scene.view
    const at = pin ? (pin.side === "q" ? scene.rows : scene.cols).indexOf(pin.token) : -1
    return { q: at >= 0 && pin.side === "q" ? at : null, k: at >= 0 && pin.side === "k" ? at : null }
  }

  function change(patch) {
    Object.assign(scene.view, patch)
    update()
    writeAddress()
  }

  /** Tell the page which parameters its address should hold; "" takes one out. */
  function writeAddress() {
    const { header } = scene
    if (!header.prefix) return
    const view = { ...scene.view, focus: movedByHand() }
    const detail = Object.fromEntries(viewParams(view, header.defaults, header.prefix))
    window.dispatchEvent(new CustomEvent("plainsight:view", { detail }))
  }

  /** Recompute what depends on the view, then draw. */
  function update() {
    const { header, view } = scene
    if (view.heads.length === 1) lastHead = view.heads[0]
    Object.assign(scene, visible(header.tokens, view, header.first))
    scene.maps = view.heads.map(head => ({ head, colour: headColour(head), map: headMap(scene, view.layer, head, scene, view.hide) }))
    scene.mean = meanMap(scene.maps.map(m => m.map))
    scene.shown = view.scale === "row" ? scaleRows(scene.mean, scene.cols.length) : scene.mean
    const most = new Map()
    scene.rowScaled = (map, r, c) => {
      if (!most.has(map)) most.set(map, scaleRows(map, scene.cols.length))
      return most.get(map)[r * scene.cols.length + c]
    }
    hover = { q: null, k: null }
    scene.focus ??= view.focus ? { row: view.focus[0], col: view.focus[1] } : automaticFocus()
    const key = `${scene.header.id}|${view.hide}|${view.filter}|${view.scale}|${scene.theme.dark}`
    buildControls()
    arrange()
    if (scene.zoomShown !== tooLong()) {
      buildControls()
      arrange()
    }
    draw()
    describe()
    if (key !== scene.thumbsKey || thumbs?.width !== grid.width || thumbs?.height !== grid.height) {
      scene.thumbsKey = key
      drawThumbnails()
    } else finish()
  }

  // --- boxes ------------------------------------------------------------------------------------

  /** Whether some axis has no room to read every token at once. */
  const tooLong = () => Boolean(place.words) && [place.words.left, place.words.right, place.matrix.rowAxis].some(ax => ax.crowded)

  /** The height of the page above the pictures, however far it is scrolled. */
  const above = () => Math.max(0, controls.getBoundingClientRect().bottom + (scroller?.scrollTop ?? scrollY))

  function arrange() {
    const width = root.clientWidth
    if (!width) return
    const { header, view, theme } = scene
    const phone = width < NARROW
    root.classList.toggle("stacked", phone)
    root.classList.toggle("single", view.show !== "all")
    top = above()
    const height = Math.max(320, Math.min(760, innerHeight - top - theme.size * 8.5))
    const on = name => view.show === "all" || view.show === name
    for (const name of Object.keys(panels)) panels[name].hidden = !on(name)
    const shown = Object.keys(panels).filter(on)
    const title = theme.size * 2
    const tall = height - title
    const legend = theme.size * 2.8
    const list = header.roles.length ? (header.roles.length + 1) * theme.size * 1.45 : 0
    const across = phone || view.show === "grid" ? width : width * 0.3
    const gridSize = gridLayout(header.layers, header.heads, across, phone ? innerHeight * 0.7 : tall - legend, theme.size * 1.6)
    // a wide, low grid leaves room for the list of the clearest heads; a tall one stands alone
    const low = gridLayout(header.layers, header.heads, across, Math.max(60, tall - legend - list), theme.size * 1.6)
    const withList = list > 0 && view.show !== "grid" && (phone || Math.min(low.w, low.h) > Math.min(8, Math.min(gridSize.w, gridSize.h) * 0.8))
      && (phone || width > theme.size * 60) // in large type the words need the room
    const shownGrid = withList && !phone ? low : gridSize
    roles.hidden = !withList
    const gap = 28
    let sizes
    if (phone) {
      sizes = { words: [width, Math.min(440, theme.size * 2.3 * Math.max(scene.rows.length, scene.cols.length))], matrix: [width, Math.min(width, innerHeight * 0.8) + 30], grid: [width, gridSize.height + legend] }
    } else if (shown.length === 1) {
      sizes = { words: [width, tall], matrix: [width, tall], grid: [width, tall] }
    } else {
      const wide = Math.max(shownGrid.width, theme.size * (withList ? 20 : 13))
      const rest = width - wide - 2 * gap
      const square = Math.min(rest * 0.56, tall + theme.size * 2)
      sizes = { words: [rest - square, tall], matrix: [square, tall], grid: [wide, withList ? shownGrid.height + legend : tall] }
    }
    const ratio = devicePixelRatio || 1
    for (const [name, node] of Object.entries({ words, matrix, grid })) {
      const [w, h] = sizes[name].map(Math.floor)
      node.style.width = `${w}px`
      node.style.height = `${h}px`
      const [dw, dh] = [Math.round(w * ratio), Math.round(h * ratio)]
      if (node.width !== dw || node.height !== dh) Object.assign(node, { width: dw, height: dh })
      panels[name].style.width = `${w}px`
    }
    const box = name => ({ x: 0, y: 0, width: Math.floor(sizes[name][0]), height: Math.floor(sizes[name][1]) })
    place = { ratio, boxes: { words: box("words"), matrix: box("matrix"), grid: box("grid") }, grid: shownGrid }
    place.matrix = matrixLayout(matrix.getContext("2d"), box("matrix"), scene)
    place.words = wordsLayout({ ...box("words"), y: 0 }, scene)
    place.image = matrixImage(place.matrix, scene, ratio)
  }

  // --- drawing ----------------------------------------------------------------------------------

  function clear(node) {
    const ctx = node.getContext("2d")
    ctx.setTransform(place.ratio, 0, 0, place.ratio, 0, 0)
    ctx.clearRect(0, 0, node.width, node.height)
    return ctx
  }

  function draw() {
    if (!place.boxes) return
    scene.selection = selection()
    const { view, header } = scene
    const name = view.heads.length === 1 ? `Head ${view.layer}.${view.heads[0]}` : `Layer ${view.layer}, mean of ${view.heads.length} heads`
    if (!panels.words.hidden) {
      const { hidden } = drawWords(clear(words), place.boxes.words, scene)
      const list = view.heads.length === header.heads ? "all heads" : `heads ${view.heads.join(", ")}`
      const title = view.heads.length === 1 ? name : `Layer ${view.layer}, ${list}`
      const sides = view.filter === "all" ? "from left to right" : `from ${view.filter[0].toUpperCase()} (left) to ${view.filter[1].toUpperCase()} (right)`
      heading("words", title, hidden ? `the strongest links (${hidden.toLocaleString("en")} weaker ones left out)` : sides)
    }
    if (!panels.matrix.hidden) {
      drawMatrix(clear(matrix), place.matrix, scene, place.image)
      heading("matrix", name, "queries down, keys across")
    }
    if (!panels.grid.hidden) drawGrid(header)
  }

  function drawGrid(header) {
    const ctx = clear(grid)
    if (thumbs) {
      ctx.save()
      ctx.setTransform(1, 0, 0, 1, 0, 0)
      ctx.drawImage(thumbs, 0, 0)
      ctx.restore()
    }
    drawGridFrame(ctx, place.grid, place.boxes.grid, scene)
    drawGridChoice(ctx, place.grid, place.boxes.grid, scene, hoverHead)
    drawLegend(ctx, place.grid.margin, place.grid.height + 10, Math.min(180, place.boxes.grid.width - place.grid.margin - 4), scene)
    heading("grid", `All ${header.layers * header.heads} heads`, "layer down, head across")
  }

  function heading(name, strong, rest) {
    const node = panels[name].firstChild
    const text = `${strong}|${rest}`
    if (node.dataset.text === text) return
    node.dataset.text = text
    node.replaceChildren(strong, element("span", {}, ` · ${rest}`))
  }

  /** All heads, a few milliseconds at a time, so that the mouse is never kept waiting. */
  function drawThumbnails() {
    const mine = ++job
    if (panels.grid.hidden || !grid.width) return finish()
    const target = makeCanvas(grid.width, grid.height)
    const ctx = target.getContext("2d")
    const { layers, heads } = scene.header
    let next = 0
    const slice = () => {
      if (mine !== job) return
      const until = performance.now() + SLICE
      while (next < layers * heads && performance.now() < until) {
        blitThumbnail(ctx, place.grid, scene, Math.floor(next / heads), next % heads, place.ratio)
        next++
      }
      thumbs = target
      drawGrid(scene.header)
      if (next < layers * heads) requestAnimationFrame(slice)
      else finish()
    }
    slice()
  }

  const finish = () => { root.dataset.drawn = String(++drawn) }

  const redraw = () => {
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(draw)
  }

  // --- words about the picture --------------------------------------------------------------------

  const headName = (layer, head) => `${layer}.${head}`
  /** A token in a sentence: in italics, a lone comma in quotes, the second of two equal ones with a small 2. */
  function quote(index) {
    const { text } = scene.tokens[index]
    const copy = scene.copies[index]
    const node = /[\p{L}\p{N}]/u.test(text) ? element("em", {}, text) : `“${text}”`
    return copy ? [node, element("sub", { title: `number ${copy} of its kind` }, String(copy))] : [node]
  }

  /** The same words for the ear, where a small 2 would be read as part of the token. */
  function spoken(node) {
    const copy = node.cloneNode(true)
    for (const sub of copy.querySelectorAll("sub")) sub.replaceWith(`, ${sub.title},`)
    return copy.childNodes
  }

  const about = () => (scene.view.heads.length > 1 || scene.view.hide ? "about " : "")

  /** Other heads in which the same query gives at least half of its weight to the same key. */
  function alike(query, key) {
    const { header, body, table: weights, view } = scene
    const found = []
    for (let l = 0; l < header.layers; l++) {
      for (let h = 0; h < header.heads; h++) {
        if (l === view.layer && view.heads.includes(h)) continue
        const w = weights[body[((l * header.heads + h) * header.queries + query - header.first) * header.n + key]]
        if (w >= 0.5) found.push([l, h, w])
      }
    }
    return found.sort((a, b) => b[2] - a[2])
  }

  function describe() {
    const { header, view, rows, cols, mean } = scene
    const { q, k } = selection()
    const one = view.heads.length === 1
    const who = one ? `Head ${headName(view.layer, view.heads[0])}` : `The mean of ${view.heads.length} heads of layer ${view.layer}`
    const habit = one ? header.sentences[view.layer * header.heads + view.heads[0]] : ""
    const parts = [element("b", {}, "What you see. ")]
    if (!rows.length || !cols.length) parts.push("Nothing is left to show: bring the special tokens back or choose all directions.")
    else if (q !== null) {
      const found = k === null ? strongest(mean, rows.length, cols.length, { row: q }, 2) : [[q, k, Math.max(0, mean[q * cols.length + k])]]
      parts.push(`${who} sends `)
      found.forEach(([, c, w], i) => parts.push(i ? " and " : "", about() + percent(w), ...(i ? [" to "] : [" of ", ...quote(rows[q]), " to "]), ...quote(cols[c])))
      if (!found.length) parts.push("nothing from ", ...quote(rows[q]), " to the tokens shown")
      parts.push(".")
      const same = k === null && found.length && !view.hide && found[0][2] >= 0.3 ? alike(rows[q], cols[found[0][1]]) : []
      if (same.length === 1) parts.push(` Head ${headName(same[0][0], same[0][1])} does the same (${percent(same[0][2])}).`)
      if (same.length > 1) parts.push(` ${same.length} other heads put half or more there too, most of all ${headName(same[0][0], same[0][1])} (${percent(same[0][2])}).`)
    } else if (k !== null) {
      const found = strongest(mean, rows.length, cols.length, { col: k }, 3)
      parts.push(`In ${who[0].toLowerCase()}${who.slice(1)}, `, ...quote(cols[k]), " gets most from ")
      found.forEach(([r, , w], i) => parts.push(i ? ", " : "", ...quote(rows[r]), ` (${about()}${percent(w)})`))
      parts.push(".")
    } else {
      const [[r, c, w] = []] = strongest(mean, rows.length, cols.length, {}, 1)
      if (w) parts.push(`${who}: the strongest link here runs from `, ...quote(rows[r]), " to ", ...quote(cols[c]), ` (${about()}${percent(w)}).`)
    }
    if (habit) parts.push(` Over the whole text${view.hide ? ", special tokens included," : ""} this head ${habit}.`)
    parts.push(` ${header.overall}`)
    if (view.hide) parts.push(" Special tokens are hidden; what is left of each row is rescaled to 100 %.")
    see.replaceChildren(...parts)
    const list = strongest(mean, rows.length, cols.length, { row: q, col: q === null ? k : null }, 10)
    table.replaceChildren(...list.map(([r, c, w]) => element("tr", {}, element("td", {}, ...quote(rows[r])), element("td", {}, ...quote(cols[c])), element("td", {}, about() + percent(w)))))
    if (hover.q === null && hover.k === null) said.replaceChildren(...spoken(see))
  }

  // --- controls -----------------------------------------------------------------------------------

  const solo = (layer, head) => change({ layer, heads: [head] })
  const clamp = (value, most) => Math.max(0, Math.min(most - 1, value))

  function toggleHead(head) {
    const { heads } = scene.view
    const next = heads.includes(head) ? heads.filter(h => h !== head) : [...heads, head].sort((a, b) => a - b)
    change({ heads: next.length ? next : [head] })
  }

  function select(label, value, options, choose, named = true) {
    const node = element("select", { title: label, "aria-label": label, "data-key": label, onchange: event => choose(event.target.value) }, ...options.map(([v, t]) => element("option", { value: v, selected: String(v) === String(value) }, t)))
    return element("label", {}, ...(named ? [element("span", {}, label)] : []), node)
  }

  /** The clearest head of each role in this text; a click opens it. */
  function buildRoles() {
    const { roles: found, heads } = scene.header
    if (!found.length) return
    roles.replaceChildren(
      element("li", {}, element("b", {}, "Clearest in this text")),
      ...found.map(({ name, layer, head, share }) => element("li", {}, element("button", { type: "button", onclick: () => solo(layer, head) }, `${layer}.${head}`), ` ${name} · ${share}`)),
    )
  }

  function buildControls() {
    const { header, view } = scene
    const focused = root.getRootNode().activeElement?.dataset?.key
    const many = view.heads.length === header.heads
    const chips = Array.from({ length: header.heads }, (_, head) => element("button", {
      type: "button", class: "chip", "data-key": `head${head}`, "aria-pressed": String(view.heads.includes(head)),
      "aria-label": `Head ${view.layer}.${head}`, title: `Head ${view.layer}.${head}: click adds or removes it, double-click shows it alone`,
      style: `--c:${headColour(head)};--on:${isLight(headColour(head)) ? "#111" : "#fff"}`, onclick: () => toggleHead(head), ondblclick: () => solo(view.layer, head),
    }, String(head)))
    if (header.groups > 1 && header.groups < header.heads) {
      // grouped queries: the heads behind a name share one set of keys and values
      const many = header.heads / header.groups
      for (let group = header.groups - 1; group >= 0; group--) chips.splice(group * many, 0, element("span", { class: "name", title: `Heads ${group * many} to ${(group + 1) * many - 1} share one set of keys and values` }, `KV ${group}`))
    }
    const step = (by, text, name) => element("button", {
      type: "button", class: "step", "data-key": name, "aria-label": name,
      "aria-disabled": clamp(view.layer + by, header.layers) === view.layer && "true", // disabled would drop the keyboard's focus
      onclick: () => change({ layer: clamp(view.layer + by, header.layers) }),
    }, text)
    const parts = [
      element("div", { class: "group" }, step(-1, "‹", "Previous layer"), select("Layer", view.layer, Array.from({ length: header.layers }, (_, i) => [i, String(i)]), v => change({ layer: Number(v) })), step(1, "›", "Next layer")),
      element("div", { class: "group chips", role: "group", "aria-label": "Heads" }, element("span", { class: "name" }, "Heads"), ...chips, element("button", {
        type: "button", class: "chip wide", "data-key": "all", onclick: () => change({ heads: many ? [lastHead] : Array.from({ length: header.heads }, (_, i) => i) }),
      }, many ? "one" : "all")),
      select("Picture", view.show, [["all", "All three"], ["words", "Words"], ["matrix", "Matrix"], ["grid", "All heads"]], show => change({ show }), false),
    ]
    const special = [...new Set(header.tokens.filter(t => t.special).map(t => t.text))]
    if (special.length) parts.push(element("label", { title: "Each row is then rescaled to 100 %" }, element("input", { type: "checkbox", "data-key": "hide", checked: view.hide, onchange: event => change({ hide: event.target.checked }) }), element("span", {}, `Hide ${special.slice(0, 2).join(" ")}`)))
    const readout = element("output", {}, percent(view.min))
    parts.push(element("label", { title: "Lines under this weight are not drawn" }, element("span", {}, "Lines ≥"), element("input", {
      type: "range", "data-key": "min", min: "0", max: "0.5", step: "0.01", value: String(view.min), "aria-label": "Smallest weight drawn as a line",
      oninput: event => { scene.view.min = Number(event.target.value); readout.textContent = percent(scene.view.min); redraw() },
      onchange: event => change({ min: Number(event.target.value) }),
    }), readout))
    parts.push(select("Scale", view.scale, [["fixed", "Fixed scale"], ["row", "Row scale"]], scale => change({ scale }), false))
    if (header.pair) parts.push(select("Direction", view.filter, [["all", "A and B"], ["aa", "A → A"], ["ab", "A → B"], ["ba", "B → A"], ["bb", "B → B"]], filter => change({ filter }), false))
    scene.zoomShown = tooLong()
    if (scene.zoomShown) parts.push(select("Zoom", view.zoom, [[0, "Whole text"], [1, "Focus"], [2, "Large focus"]], zoom => change({ zoom: Number(zoom) }), false))
    controls.replaceChildren(...parts)
    if (focused) controls.querySelector(`[data-key="${focused}"]`)?.focus()
  }

  // --- mouse, touch, keyboard -----------------------------------------------------------------------

  const point = (event, node) => {
    const box = node.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  function showTip(event, ...content) {
    if (!content.length) { tip.hidden = true; return }
    tip.replaceChildren(...content)
    tip.hidden = false
    const box = root.getBoundingClientRect()
    const x = Math.min(event.clientX - box.left + 14, box.width - tip.offsetWidth - 4)
    tip.style.transform = `translate(${Math.max(0, x)}px, ${event.clientY - box.top + 16}px)`
  }

  function wordUnder(event) {
    const { x, y } = point(event, words)
    const middle = (place.words.xl + place.words.xr) / 2
    const left = x < middle
    const index = indexAt(left ? place.words.left : place.words.right, y)
    return { side: left ? "q" : "k", index }
  }

  function setHover(next) {
    if (next.q === hover.q && next.k === hover.k) return
    hover = next
    redraw()
    describe()
  }

  const label = index => {
    const token = scene.tokens[index]
    return token.raw === token.text ? quote(index) : [...quote(index), element("small", {}, ` ${token.raw}`)]
  }

  words.onpointermove = event => {
    if (event.pointerType === "touch") return
    const { side, index } = wordUnder(event)
    setHover({ q: side === "q" && index >= 0 ? index : null, k: side === "k" && index >= 0 ? index : null })
    if (index < 0) return showTip(event)
    const at = (side === "q" ? scene.rows : scene.cols)[index]
    const token = scene.tokens[at]
    const notes = token.unknown ? [element("small", {}, " unknown to this model")] : []
    if (token.raw !== token.text || notes.length || index < place.words.left.first || index >= place.words.left.last) showTip(event, ...label(at), ...notes)
    else showTip(event)
  }
  words.onclick = event => {
    const { side, index } = wordUnder(event)
    if (index < 0) return
    const token = (side === "q" ? scene.rows : scene.cols)[index]
    const same = scene.view.pin && scene.view.pin.side === side && scene.view.pin.token === token
    bringIntoFocus(side, index)
    change({ pin: same ? null : { side, token } })
  }
  matrix.onpointermove = event => {
    if (event.pointerType === "touch") return
    const { x, y } = point(event, matrix)
    const q = indexAt(place.matrix.rowAxis, y - place.matrix.y)
    const k = indexAt(place.matrix.colAxis, x - place.matrix.x)
    if (q < 0 || k < 0) { setHover({ q: null, k: null }); return showTip(event) }
    setHover({ q, k })
    showTip(event, ...cellText(q, k))
  }
  matrix.onclick = event => {
    const { x, y } = point(event, matrix)
    const q = indexAt(place.matrix.rowAxis, y - place.matrix.y)
    const k = indexAt(place.matrix.colAxis, x - place.matrix.x)
    if (q < 0) return
    scene.focus = { row: q, col: k < 0 ? q : k }
    change({ pin: { side: "q", token: scene.rows[q] } })
  }
  grid.onpointermove = event => {
    const { x, y } = point(event, grid)
    const found = gridAt(place.grid, x, y)
    if (found?.layer === hoverHead?.layer && found?.head === hoverHead?.head && !tip.hidden) return
    hoverHead = found
    redraw()
    if (!found) return showTip(event)
    showTip(event, element("b", {}, `Head ${headName(found.layer, found.head)} `), scene.header.sentences[found.layer * scene.header.heads + found.head])
  }
  grid.onclick = event => {
    const { x, y } = point(event, grid)
    const found = gridAt(place.grid, x, y)
    if (found) solo(found.layer, found.head)
  }
  for (const node of [words, matrix, grid]) {
    node.onpointerleave = event => {
      hoverHead = null
      setHover({ q: null, k: null })
      redraw()
      showTip(event)
    }
  }

  function cellText(q, k) {
    const { rows, cols, mean } = scene
    const w = mean[q * cols.length + k]
    const value = w < 0 ? "not visible: a causal model looks back only" : about() + percent(w)
    return [...label(rows[q]), " → ", ...label(cols[k]), element("b", {}, ` ${value}`)]
  }

  /** Where the focus windows show a token best: a query and the key it looks at most, or a key alone. */
  function focusOn(side, index, now) {
    if (side === "k") return { ...now, col: index }
    const itself = scene.cols.indexOf(scene.rows[index])
    const key = strongest(scene.mean, scene.rows.length, scene.cols.length, { row: index }, 1)[0]?.[1] ?? itself
    const both = Math.abs(key - itself) < READABLE_SPAN && itself >= 0
    return { row: index, col: Math.max(0, both ? (key + itself) / 2 : key) }
  }

  const bringIntoFocus = (side, index) => { scene.focus = focusOn(side, index, scene.focus) }

  /** Where the focus windows stand for whoever opens this view: at the pinned token, else at the start. */
  function automaticFocus() {
    const { pin } = scene.view
    const start = { row: 0, col: 0 }
    const at = pin ? (pin.side === "q" ? scene.rows : scene.cols).indexOf(pin.token) : -1
    return at < 0 ? start : focusOn(pin.side, at, start)
  }

  /** The middles of the focus windows as the address names them; null where they stand by themselves. */
  function movedByHand() {
    const { focus } = scene
    const { row, col } = automaticFocus()
    return tooLong() && (row !== focus.row || col !== focus.col) ? [focus.row, focus.col] : null
  }

  const wheel = (event, side) => {
    const ax = side === "row" ? place.words.left : place.words.right
    if (ax.last === 0 || ax.last - ax.first === ax.n) return
    const half = (ax.last - ax.first) >> 1
    const step = Math.sign(event.deltaY) * 3
    const next = Math.max(half, Math.min(ax.n - half, scene.focus[side] + step))
    if (next === scene.focus[side]) return // at the end the page scrolls on
    event.preventDefault()
    scene.focus = { ...scene.focus, [side]: next }
    arrange()
    redraw()
    clearTimeout(settled)
    settled = setTimeout(writeAddress, SETTLE)
  }
  words.addEventListener("wheel", event => wheel(event, wordUnder(event).side === "q" ? "row" : "col"), { passive: false })
  matrix.addEventListener("wheel", event => wheel(event, event.shiftKey ? "col" : "row"), { passive: false })

  function moveToken(by) {
    const { rows, view } = scene
    const now = view.pin?.side === "q" ? rows.indexOf(view.pin.token) : -1
    const next = Math.max(0, Math.min(rows.length - 1, now < 0 ? 0 : now + by))
    bringIntoFocus("q", next)
    change({ pin: { side: "q", token: rows[next] } })
  }

  function moveKey(by) {
    const { q, k } = selection()
    const next = Math.max(0, Math.min(scene.cols.length - 1, (k ?? -1) + by))
    hover = { q: q ?? 0, k: next }
    redraw()
    describe()
    said.replaceChildren(...cellText(hover.q, next))
  }

  function moveHead(byLayer, byHead) {
    const { header, view } = scene
    solo(clamp(view.layer + byLayer, header.layers), clamp(view.heads[0] + byHead, header.heads))
  }

  const keys = {
    ArrowUp: node => (node === grid ? moveHead(-1, 0) : moveToken(-1)),
    ArrowDown: node => (node === grid ? moveHead(1, 0) : moveToken(1)),
    ArrowLeft: node => (node === matrix ? moveKey(-1) : moveHead(0, -1)),
    ArrowRight: node => (node === matrix ? moveKey(1) : moveHead(0, 1)),
    PageUp: () => moveHead(-1, 0),
    PageDown: () => moveHead(1, 0),
    Escape: () => change({ pin: null }),
  }
  for (const node of [words, matrix, grid]) {
    node.onkeydown = event => {
      const act = keys[event.key]
      if (!act || (event.key === "Escape" && !scene.view.pin)) return
      event.preventDefault()
      event.stopPropagation()
      act(node)
    }
  }

  // --- export -----------------------------------------------------------------------------------------

  /** Draw title, pictures and provenance into a context; the same figure for SVG and PNG. */
  function figure(ctx, width) {
    const { theme, header, view } = scene
    const names = ["words", "matrix", "grid"].filter(name => !panels[name].hidden)
    const line = theme.size * 1.6
    const head = line * 2
    const phone = width < NARROW
    let x = 0
    let y = head
    let bottom = head
    ctx.textBaseline = "middle"
    const put = (string, px, py, font, colour) => {
      ctx.font = font
      ctx.fillStyle = colour
      ctx.textAlign = "left"
      ctx.globalAlpha = 1
      ctx.fillText(string, px, py)
    }
    put(`Attention of ${header.name}`, 0, line * 0.6, `bold ${theme.size * 1.15}px ${theme.font}`, theme.text)
    scene.selection = selection()
    for (const name of names) {
      const box = { ...place.boxes[name], x, y: y + line }
      put(panels[name].firstChild.textContent, x, y + line * 0.4, `${theme.size}px ${theme.font}`, theme.text)
      if (name === "words") drawWords(ctx, box, scene)
      if (name === "matrix") drawMatrix(ctx, matrixLayout(ctx, box, scene), scene, matrixImage(place.matrix, scene, 2))
      if (name === "grid") {
        for (let l = 0; l < header.layers; l++) for (let h = 0; h < header.heads; h++) drawThumbnail(ctx, place.grid, box, scene, l, h, 2)
        drawGridFrame(ctx, place.grid, box, scene)
        drawGridChoice(ctx, place.grid, box, scene, null)
        drawLegend(ctx, box.x + place.grid.margin, box.y + place.grid.height + 10, Math.min(180, box.width - place.grid.margin - 4), scene)
      }
      bottom = Math.max(bottom, box.y + box.height)
      if (phone) y = box.y + box.height + line
      else x += box.width + 28
    }
    const rescaled = view.hide ? " · special tokens hidden, rows rescaled" : ""
    put(header.provenance + rescaled, 0, bottom + line, `${theme.size * 0.8}px ${theme.font}`, theme.faint)
    return { width: phone ? width : Math.max(width, x - 28), height: Math.ceil(bottom + line * 1.8) }
  }

  function exportPicture(format) {
    const width = root.clientWidth
    const name = `attention-${scene.header.model}-${scene.view.layer}.${scene.view.heads.join("+")}`
    const svg = new SvgContext(makeCanvas(1, 1).getContext("2d"))
    const size = figure(svg, width)
    if (format === "svg") {
      const pad = 16
      const text = svg.document(size.width + 2 * pad, size.height + 2 * pad, see.textContent, scene.theme.background)
        .replace("</title>", "</title>").replace(/(<rect width="100%"[^>]*\/>)/, `$1<g transform="translate(${pad} ${pad})">`).replace(/<\/svg>$/, "</g></svg>")
      return save(new Blob([text], { type: "image/svg+xml" }), `${name}.svg`)
    }
    const scale = 3
    const pad = 16
    const target = makeCanvas((size.width + 2 * pad) * scale, (size.height + 2 * pad) * scale)
    const ctx = target.getContext("2d")
    ctx.fillStyle = scene.theme.background
    ctx.fillRect(0, 0, target.width, target.height)
    ctx.setTransform(scale, 0, 0, scale, pad * scale, pad * scale)
    figure(ctx, width)
    target.toBlob(blob => save(blob, `${name}.png`), "image/png")
  }

  function save(blob, name) {
    const link = element("a", { href: URL.createObjectURL(blob), download: name })
    // not bubbling: a click that reached the page would close the menu that asked for the file
    link.dispatchEvent(new MouseEvent("click", { bubbles: false }))
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }

  const onExport = event => { if (scene && ["svg", "png"].includes(event.detail?.format)) exportPicture(event.detail.format) }
  window.addEventListener("plainsight:export", onExport)
  let lastWidth = 0
  const observer = new ResizeObserver(() => {
    if (!scene || root.clientWidth === lastWidth) return
    lastWidth = root.clientWidth
    update()
  })
  observer.observe(root)
  // what stands above may still come or go (a note, a spinner): the pictures then take the room that is left
  const host = root.getRootNode().host
  const scroller = host?.closest("[data-testid=stMain]")
  const shifts = new ResizeObserver(() => { if (scene && Math.abs(above() - top) > 1) update() })
  const block = host?.closest("[data-testid=stMainBlockContainer]")
  if (block) shifts.observe(block)
  const onResize = () => { if (scene) update() }
  window.addEventListener("resize", onResize)

  // --- data -------------------------------------------------------------------------------------------

  async function receive(data) {
    if (!data?.length) return
    const mine = ++received
    const { header, body } = parse(data)
    const first = !scene
    const asked = JSON.stringify(header.view)
    const themeNow = readTheme(root)
    const same = scene && scene.header.id === header.id
    const restyled = !same || JSON.stringify(scene.theme) !== JSON.stringify(themeNow)
    if (same && asked === lastView && !restyled) return
    const bytes = same ? scene.body : header.deflate ? await inflate(body) : body
    if (mine !== received) return // a newer message came while this one was unpacked
    const weights = Float32Array.from(header.table)
    const view = asked !== lastView || !scene ? structuredClone(header.view) : { ...scene.view }
    view.layer = clamp(view.layer, header.layers)
    view.heads = view.heads.filter(h => h < header.heads)
    if (!view.heads.length) view.heads = [0]
    if (view.pin && view.pin.token >= header.tokens.length) view.pin = null
    if (!header.pair) view.filter = "all"
    if (!first) view.focus = null // of a text before, or older than what is seen
    lastView = asked
    scene = { header, tokens: header.tokens, copies: copiesOf(header.tokens), body: bytes, table: weights, view, theme: themeNow, makeCanvas, focus: same ? scene.focus : null }
    scene.byteColours = Uint32Array.from(weights, w => pixel(themeNow.ramp[Math.round(Math.min(1, w) * 255)]))
    lastWidth = root.clientWidth
    buildRoles()
    update()
    if (!first && header.view.focus) writeAddress()
  }

  return {
    receive,
    dispose() {
      job++
      clearTimeout(settled)
      observer.disconnect()
      shifts.disconnect()
      window.removeEventListener("plainsight:export", onExport)
      window.removeEventListener("resize", onResize)
      instances.delete(root)
    },
  }
}

/** Draw a message into a root element; the entry of the saved page. */
export function mount(root, message) {
  if (!instances.has(root)) instances.set(root, createView(root))
  instances.get(root).receive(message)
  return instances.get(root)
}

export default function ({ data, parentElement }) {
  return mount(parentElement.querySelector(".attention-view"), data).dispose
}
