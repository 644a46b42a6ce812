// The attention view: its state and the order of drawing. Everything here happens in the browser;
// a change of layer, head, threshold or filter is written into the page's address and needs no server.
import { gridLayout, headMap, meanMap, parse, scaleRows, viewParams, visible } from "./layout.js"
import { blitThumbnail, drawGridChoice, drawGridFrame, drawLegend, drawMatrix, drawWords, headColour, matrixImage, matrixLayout, pixel, WORD_LINE, wordsLayout } from "./draw.js"
import { clamp, copiesOf, element, makeCanvas, NARROW, readTheme } from "./elements.js"
import { createWords } from "./words.js"
import { createControls } from "./controls.js"
import { createFocus } from "./focus.js"
import { listen } from "./pointer.js"
import { exportPicture } from "./export.js"

const READABLE_IN_ROOM = 18 // tokens
const SLICE = 40 // ms of thumbnails drawn before the browser gets its turn
const instances = new WeakMap()

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

  // --- elements ---------------------------------------------------------------------------------

  // application: a screen reader then leaves the arrow keys to the picture
  const canvas = (name, label) => element("canvas", { class: name, tabindex: "0", role: "application", "aria-label": label })
  const panel = (name, node) => element("section", { class: `panel ${name}` }, element("h4", { "aria-level": "2" }), node)
  const words = canvas("words", "Words, a line for each weight. Up and down move over tokens, left and right over heads, Escape lets go.")
  const matrix = canvas("matrix", "Matrix, queries down and keys across. Arrow keys move over its cells.")
  const grid = canvas("grid", "All heads, a small matrix each. Arrow keys open the next head.")
  const panels = { words: panel("words", words), matrix: panel("matrix", matrix), grid: panel("grid", grid) }
  const tip = element("div", { class: "tip", role: "presentation", hidden: true })
  const controls = element("div", { class: "controls" })
  const notice = element("p", { class: "notice", hidden: true }) // what must be known before the rest
  const lead = element("p", { class: "lead" })
  const see = element("p", { class: "see" })
  const terms = element("p", { class: "terms" })
  const said = element("p", { class: "said", role: "status" }) // read out: what is held, not what the mouse passes
  const table = element("tbody")
  const details = element(
    "details", { class: "table" },
    element("summary", {}, "Strongest links as a table"),
    element("table", {}, element("thead", {}, element("tr", {}, ...["From", "To", "Weight"].map(t => element("th", { scope: "col" }, t)))), table),
  )
  const roles = element("ul", { class: "roles", "aria-label": "Clearest heads in this text" })
  panels.grid.append(roles)
  const pictures = element("div", { class: "panels" }, panels.words, panels.matrix, panels.grid)
  root.replaceChildren(controls, notice, lead, pictures, see, terms, said, details, tip)

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
    scene.widest = null
    scene.focus ??= view.focus ? { row: view.focus[0], col: view.focus[1] } : automaticFocus()
    const key = `${scene.header.id}|${view.hide}|${view.filter}|${view.scale}|${scene.theme.dark}`
    buildControls()
    describe() // before the boxes: what is said stands above them
    arrange()
    if (scene.zoomShown !== tooLong()) {
      buildControls()
      arrange()
    }
    draw()
    if (key !== scene.thumbsKey || thumbs?.width !== grid.width || thumbs?.height !== grid.height) {
      scene.thumbsKey = key
      drawThumbnails()
    } else finish()
  }

  // --- boxes ------------------------------------------------------------------------------------

  /** Whether some axis has no room to read every token at once. */
  const tooLong = () => Boolean(place.words) && [place.words.left, place.words.right, place.matrix.rowAxis].some(ax => ax.crowded)

  /** The height of the page above the pictures, however far it is scrolled. */
  const above = () => Math.max(0, pictures.getBoundingClientRect().top + (scroller?.scrollTop ?? scrollY))

  function arrange() {
    const width = root.clientWidth
    if (!width) return
    const { header, view, theme } = scene
    const phone = width < NARROW
    root.classList.toggle("stacked", phone)
    root.classList.toggle("single", view.show !== "all")
    top = above()
    const longest = Math.max(scene.rows.length, scene.cols.length)
    // a room sees all words rather than the second half of what is said
    const needed = theme.size * (6 + 0.8 * Math.min(longest, READABLE_IN_ROOM))
    const tight = theme.least > 0 && innerHeight - top - theme.size * 4 < needed
    root.classList.toggle("room", theme.least > 0)
    root.classList.toggle("tight", tight)
    const below = theme.size * (!theme.least ? 8.5 : tight ? 1 : 4)
    const height = Math.max(320, Math.min(760, innerHeight - top - below))
    const on = name => view.show === "all" || view.show === name
    for (const name of Object.keys(panels)) panels[name].hidden = !on(name)
    const shown = Object.keys(panels).filter(on)
    const title = theme.size * (theme.least ? 1.6 : 2)
    const tall = height - title
    const legend = theme.size * 2.8
    const list = header.roles.length ? (header.roles.length + 1) * theme.size * 1.45 : 0
    const across = phone || view.show === "grid" ? width : theme.least ? theme.size * 10 : width * 0.3
    const gridSize = gridLayout(header.layers, header.heads, across, phone ? innerHeight * 0.7 : tall - legend, theme.size * 1.6)
    // a wide, low grid leaves room for the list of the clearest heads; a tall one stands alone
    const low = gridLayout(header.layers, header.heads, across, Math.max(60, tall - legend - list), theme.size * 1.6)
    const withList = list > 0 && view.show !== "grid" && (phone || Math.min(low.w, low.h) > Math.min(8, Math.min(gridSize.w, gridSize.h) * 0.8))
      && (phone || width > theme.size * 60) // in large type the words need the room
    const shownGrid = withList && !phone ? low : gridSize
    roles.hidden = !withList
    const gap = theme.least ? 16 : 28
    const whole = longest * theme.size * WORD_LINE + 1 // px at which all words can be read
    let sizes
    if (phone) {
      sizes = { words: [width, Math.min(Math.max(440, whole <= innerHeight ? whole : 0), theme.size * 2.3 * longest)], matrix: [width, Math.min(width, innerHeight * 0.8) + 30], grid: [width, gridSize.height + legend] }
    } else if (shown.length === 1) {
      sizes = { words: [width, tall], matrix: [width, tall], grid: [width, tall] }
    } else {
      const wide = theme.least ? theme.size * 10 : Math.max(shownGrid.width, theme.size * (withList ? 20 : 13))
      const rest = width - wide - 2 * gap
      const square = Math.min(rest * (theme.least ? 0.53 : 0.56), tall + theme.size * 2)
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
    place.words = wordsLayout(words.getContext("2d"), { ...box("words"), y: 0 }, scene)
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
      const sides = view.filter === "all" ? "from left to right" : scene.theme.least ? `from ${view.filter[0].toUpperCase()} to ${view.filter[1].toUpperCase()}` : `from ${view.filter[0].toUpperCase()} (left) to ${view.filter[1].toUpperCase()} (right)`
      heading("words", title, hidden ? `the strongest links (${hidden.toLocaleString("en")} weaker ones left out)` : sides)
    }
    if (!panels.matrix.hidden) {
      drawMatrix(clear(matrix), place.matrix, scene, place.image)
      heading("matrix", name, scene.theme.least ? "queries ↓, keys →" : "queries down, keys across")
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
    const wide = place.boxes.grid.width > scene.theme.size * 18
    heading("grid", `All ${header.layers * header.heads} heads`, wide ? "layer down, head across" : scene.theme.least ? "" : "layers down")
  }

  function heading(name, strong, rest) {
    const node = panels[name].firstChild
    const text = `${strong}|${rest}`
    if (node.dataset.text === text) return
    node.dataset.text = text
    node.replaceChildren(strong, ...(rest ? [element("span", {}, ` · ${rest}`)] : []))
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
  const solo = (layer, head) => change({ layer, heads: [head] })

  // what the other files read and change
  const own = {
    root, panels,
    get scene() { return scene }, get place() { return place }, get lastHead() { return lastHead },
    get hover() { return hover }, set hover(next) { hover = next },
    get hoverHead() { return hoverHead }, set hoverHead(next) { hoverHead = next },
    change, solo, selection, redraw, arrange, writeAddress, tooLong,
  }
  Object.assign(own, createWords(own, { notice, lead, see, terms, said, table }), createFocus(own))
  const { describe, automaticFocus, movedByHand } = own
  const { buildControls, buildRoles } = createControls(own, { root, controls, roles })
  const endListening = listen(own, { root, words, matrix, grid, tip })

  const onExport = event => { if (scene && ["svg", "png"].includes(event.detail?.format)) exportPicture(own, event.detail.format) }
  window.addEventListener("plainsight:export", onExport)
  let lastWidth = 0
  const observer = new ResizeObserver(() => {
    if (!scene || root.clientWidth === lastWidth) return
    lastWidth = root.clientWidth
    scene.theme = readTheme(root) // a room's type grows with the window
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
    if (!same) Object.assign(view, { pin: structuredClone(header.view.pin), min: header.view.min }) // those before were of another text
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
      endListening()
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
