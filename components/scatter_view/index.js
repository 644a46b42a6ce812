// The scatter view: its state and the order of drawing. All of it happens in the browser: hover, selection, colour,
// zoom, film. What a link must reopen is written into the page's address.
import {
  between, carried, flat, frameOf, judged, packed, panels, parse, placeArrowNames, placeLabels, PLAIN_ZOOM, radius, scaleOf, selected,
  toScreen, unit, viewParams, zoomAt, zoomsOf, zoomText,
} from "./layout.js"
import { colourPoints, drawOver, drawPoints, shapePoints } from "./draw.js"
import { toSvg } from "./svg.js"
import { element, readTheme, save, still } from "./elements.js"
import { createBar, createFilm, createLegend } from "./controls.js"
import { createLine, createTip } from "./words.js"
import { listen } from "./pointer.js"

const MOVE_MS = 600 // for points that go from one map to the next
const ROOM_BELOW = 130 // px that a room's texts have at least, before they are enlarged
const ROOM_FLATTEST = 0.42 // height of a panel by its width in a room, at least
const LEAST_FLAT = 0.2 // the same where maps take what is left
const NAME_LINE = 1.5 // height of a map's name by the size of its type
const NAME_HIGH = 20 // px of a map's name
const TYPE = 15 // px, of the page
const ROOM_TYPE = 21 // px of a room's type for which points are as large as on a page
const LEAST_HEIGHT = 300
const SMALL = 220 // px of a panel that has room for one name only
const MOST_NAMED = 4000 // points that compete for room for their names
const STRANGE = "#8a93a0" // of points that are in no group
const instances = new WeakMap()

function createView(root) {
  let asked = "", list = [], width = 0, high = 0, moving = 0, drawnAt = 0, waiting = null, message = null
  const grid = element("div", { class: "grid" })
  const [bar, legend, film] = ["bar", "legend", "film"].map(name => element("div", { class: name }))
  const line = element("p", { class: "said", "aria-live": "polite" })
  const tip = element("div", { class: "tip", hidden: true })
  root.replaceChildren(bar, legend, film, grid, line, tip)
  const ruler = document.createElement("canvas").getContext("2d")

  const view = {
    root, scene: null, tool: "move", filmed, set, tell, clear, fit, zoomAll, toggleFilm, frame, place, over, settle, turned,
    say: words => { line.textContent = words },
    layoutAll: () => list.forEach(layoutPanel),
    overAll: () => list.forEach(over),
    take(tool) { view.tool = tool; list.forEach(panel => { panel.box.dataset.tool = tool }); controls.build() },
  }
  view.tip = createTip(view, tip)
  const controls = createBar(view, bar), buildLegend = createLegend(view, legend), movie = createFilm(view, film), speak = createLine(view, line)

  // --- what is drawn ----------------------------------------------------------------------------------

  function filmed() { return view.scene.header.film && view.scene.view.frame !== "" }
  const column = name => view.scene.columns.find(each => each.name === name)
  const scrollTop = () => document.querySelector('[data-testid="stMain"]')?.scrollTop * -1 || 0

  // the page's type beside the usual: what stands below is larger in a room
  const larger = () => Math.max(1, parseFloat(getComputedStyle(document.documentElement).fontSize) / TYPE)

  /** px that a room leaves for the maps where they grow with it (app/present.css), else 0. */
  const left = () => (getComputedStyle(root).getPropertyValue("--plainsight-grows") ? grid.clientHeight : 0)

  /** The panels on the page: every map, or the one that a film shows. */
  function buildPanels() {
    const { maps, header } = view.scene
    const shown = filmed() ? [0] : maps.map((_, at) => at)
    const fixed = filmed() ? 1 : header.across
    const rows = fixed ? Math.ceil(shown.length / fixed) : 1
    const below = larger() > 1 ? (Math.max(header.below, ROOM_BELOW) + (fixed && rows * NAME_HIGH)) * larger() : header.below
    high = left()
    const room = high ? high - rows * NAME_LINE * view.scene.theme.size : Math.max(LEAST_HEIGHT, innerHeight - grid.getBoundingClientRect().top - scrollTop() - below)
    const { across, width: wide, height } = panels(shown.length, width, room, fixed, high ? LEAST_FLAT : larger() > 1 ? ROOM_FLATTEST : undefined)
    grid.style.gridTemplateColumns = `repeat(${across}, ${wide}px)`
    grid.classList.toggle("small", wide < SMALL)
    list = shown.map((at, place) => {
      const panel = list[place] ?? makePanel()
      Object.assign(panel, { map: at, width: wide, height, ratio: Math.min(devicePixelRatio || 1, 2), place })
      panel.box.style.height = `${height}px`
      panel.figure.style.gridColumnStart = fixed && across < fixed && at % fixed === 0 ? 1 : "auto"
      return panel
    })
    grid.replaceChildren(...list.map(panel => panel.figure))
    list.forEach(layoutPanel)
  }

  function makePanel() {
    const below = element("canvas"), above = element("canvas", { "aria-hidden": true })
    const axisX = element("span", { class: "axis x" }), axisY = element("span", { class: "axis y" })
    const box = element("div", { class: "panel", tabindex: "0", role: "application" }, below, above, axisX, axisY)
    const name = element("b"), note = element("span")
    const panel = { box, below, above, name: "", note: "", nameNode: name, noteNode: note, axisX, axisY, figure: element("figure", {}, element("figcaption", {}, name, note), box), arrows: [], placed: [] }
    listen(view, panel)
    return panel
  }

  function positions(panel) {
    const { maps, view: { frame: shown } } = view.scene
    if (!filmed()) return maps[panel.map]
    const at = Math.min(Math.max(0, Number(shown)), maps.length - 1)
    const [from, to] = [maps[Math.floor(at)], maps[Math.ceil(at)]]
    const near = maps[Math.round(at)]
    return { ...near, xy: from === to ? from.xy : between(from.xy, to.xy, at - Math.floor(at)), sides: [Math.max(from.sides[0], to.sides[0]), Math.max(from.sides[1], to.sides[1])] }
  }

  function layoutPanel(panel) {
    const { scene } = view
    const map = positions(panel)
    const { header, n } = scene
    const own = map.values[scene.view.colour]
    const grey = map.strangers && !own
    const [low, high] = header.ranges[scene.view.colour] ?? [0, 1]
    Object.assign(panel, {
      name: map.name, note: map.note, axes: map.axes, near: map.near, strangers: map.strangers,
      scale: scaleOf(map.sides, panel.width, panel.height), xy: scene.between?.[panel.map] ?? map.xy,
      radius: radius(n, panel.width) * (scene.theme.least && panel.width > SMALL ? scene.theme.least / ROOM_TYPE : 1), zoom: scene.zooms[panel.map],
      depthOrder: map.depth ? scene.order.toSorted((a, b) => map.depth[a] - map.depth[b]) : null,
      colourText: own ? colourPoints(n, { values: own, low, high }, scene.categories, scene.ramp) : grey ? Array(n).fill(STRANGE) : scene.colourText,
      shapes: map.strangers ? Array(n).fill(0) : scene.shapes,
      arrows: header.arrows.filter(arrow => arrow.map === panel.map).map(arrow => ({ ...arrow, units: toMapUnits(map, arrow) })),
    })
    panel.colours = own || grey ? panel.colourText.map(packed) : scene.colours
    panel.nameNode.textContent = map.name
    panel.noteNode.textContent = map.note
    panel.figure.title = map.note ? `${map.name}: ${map.note}` : map.name
    panel.axisX.textContent = map.axes?.[0] ?? ""
    panel.axisY.textContent = map.axes?.[1] ?? ""
    panel.box.dataset.tool = view.tool
    panel.box.setAttribute("aria-label", `${map.name}, ${n} points. Arrow keys go from point to point, plus and minus zoom, Escape lets go.`)
    place(panel)
  }

  const toMapUnits = (map, { from, to }) => [...from, ...to].map((v, at) => (v - map.frame.middle[at % 2]) / Math.max(...map.frame.half))

  /** Points on the screen after a move of the map; labels follow, and look for new room once it stands (not `dragged`). */
  function place(panel, dragged = false) {
    const { width: w, height: h } = panel
    const before = dragged && panel.screen ? [panel.screen[0], panel.screen[1]] : null
    panel.screen = toScreen(panel.xy, panel.zoom, panel.scale, w, h, panel.screen?.length === panel.xy.length ? panel.screen : undefined)
    for (const arrow of panel.arrows) arrow.screen = toScreen(new Float32Array(arrow.units), panel.zoom, panel.scale, w, h)
    placeArrowNames(panel.arrows, w, measure).forEach((found, at) => { panel.arrows[at].place = found })
    panel.cells = null
    drawPoints(panel.below, panel, view.scene)
    if (before) panel.placed = carried(panel.placed, panel.screen[0] - before[0], panel.screen[1] - before[1])
    else labelPanel(panel)
    over(panel)
  }

  function measure(text) {
    const { widths, theme } = view.scene
    if (!widths.has(text)) {
      ruler.font = `${theme.size}px ${theme.font}`
      widths.set(text, ruler.measureText(text).width)
    }
    return widths.get(text)
  }

  function labelPanel(panel) {
    panel.placed = []
    if (panel.strangers) return
    const { scene } = view
    const { view: state, labels, chosen, theme } = scene
    const small = panel.width < SMALL
    const first = []
    if (state.pick >= 0) {
      first.push(state.pick)
      if (scene.truth && panel.near) {
        const marks = judged(state.pick, scene.k, scene.truth, panel.near)
        first.push(...marks.kept, ...marks.torn, ...marks.false)
      }
    }
    for (const arrow of panel.arrows) first.push(...arrow.points)
    first.push(...scene.marked)
    if (state.labels !== "off" && !small) {
      if (chosen) for (const i of scene.order) { if (chosen.has(i)) first.push(i); if (first.length > MOST_NAMED) break }
      else if (state.pick < 0) for (let i = 0; i < Math.min(scene.n, MOST_NAMED); i++) first.push(i)
    }
    const most = small ? 1 : Math.min(160, Math.round((panel.width * panel.height) / 2200))
    panel.placed = placeLabels([...new Set(first)], labels, panel.screen, panel.width, panel.height, {
      measure, size: theme.size, gap: panel.radius + 3, most, taken: [...panel.arrows.filter(arrow => arrow.label).map(arrow => arrow.place.box), ...axisBoxes(panel, theme)],
    })
  }

  /** Where the names of the axes stand in large type: at the right of the lower edge, and at the top of the left one. */
  function axisBoxes({ axes, width, height }, { least }) {
    if (!axes || !least) return []
    const [x, y] = axes.map(measure)
    return [[width - x - 12, height - least * 1.4, width, height], [0, 0, least * 1.5, y + 12]]
  }

  function over(panel) {
    const { above, ratio, width: w, height: h } = panel
    if (above.width !== Math.round(w * ratio) || above.height !== Math.round(h * ratio)) { above.width = Math.round(w * ratio); above.height = Math.round(h * ratio) }
    const context = above.getContext("2d")
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, w, h)
    drawOver(context, panel, view.scene)
  }

  /** Colours, shapes and the selection of all points, as the visitor chose them. */
  function prepare() {
    const { scene } = view
    const { colour, shape, sel } = scene.view
    scene.chosen = selected(sel, scene)
    scene.colourText = colourPoints(scene.n, column(colour), scene.categories, scene.ramp)
    scene.colours = scene.colourText.map(packed)
    scene.shapes = shapePoints(scene.n, column(shape === "colour" ? colour : shape))
    controls.build()
    buildLegend()
  }

  /** Everything anew that a choice of the visitor changes, but not the panels. */
  function refresh() {
    prepare()
    movie.build()
    list.forEach(layoutPanel)
    speak()
    root.dataset.drawn = ++drawnAt
  }

  function refreshAll() {
    prepare()
    buildPanels()
    movie.build()
    speak()
    root.dataset.drawn = ++drawnAt
  }

  // --- what a visitor does ----------------------------------------------------------------------------

  function tell() {
    const { scene } = view
    if (!scene.header.prefix) return
    scene.view.zoom = zoomText(scene.zooms)
    const detail = Object.fromEntries(viewParams(scene.view, scene.header.defaults, scene.header.prefix))
    window.dispatchEvent(new CustomEvent("plainsight:view", { detail }))
  }

  function set(change) {
    Object.assign(view.scene.view, change)
    refresh()
    tell()
  }

  function fit(change = {}) {
    view.scene.zooms = view.scene.zooms.map(() => ({ ...PLAIN_ZOOM }))
    set(change)
  }

  function clear() {
    controls.empty()
    fit({ sel: "", pick: -1 })
  }

  function zoomAll(factor) {
    view.scene.zooms = view.scene.zooms.map((zoom, at) => {
      const p = list.find(panel => panel.map === at) ?? list[0]
      return zoomAt(zoom, factor, [p.width / 2, p.height / 2], p.scale, p.width, p.height)
    })
    set({})
  }

  function toggleFilm() {
    movie.stop()
    view.scene.view.frame = filmed() ? "" : "0"
    list = []
    buildPanels()
    refresh()
    tell()
  }

  /** After a wheel has stood still. */
  function settle() {
    controls.build()
    tell()
  }

  function turned() {
    flatten()
    list.forEach(layoutPanel)
  }

  /** One drawing a frame, however fast the pointer moves. */
  function frame(work) {
    if (!waiting) requestAnimationFrame(() => { const due = waiting; waiting = null; due() })
    waiting = work
  }

  // --- data -------------------------------------------------------------------------------------------

  /** Spaces of three dimensions as they are seen from the present angle. */
  function flatten() {
    const turn = view.scene.view.turn.split(",").map(Number)
    for (const map of view.scene.maps) Object.assign(map, flat(map.units, map.dims, turn))
  }

  function readMaps(header, array) {
    return header.maps.map((map, at) => {
      const xyz = array(`xy${at}`)
      const box = frameOf(xyz, map.dims)
      const { units, sides } = unit(xyz, map.dims, box)
      return { ...map, frame: box, units, sides, near: header.arrays[`near${at}`] ? array(`near${at}`) : null, values: Object.fromEntries(map.values.map((name, v) => [name, array(`value${at}_${v}`)])) }
    })
  }

  function read(data) {
    const { header, array } = parse(data)
    const theme = readTheme(root)
    const before = view.scene
    const n = header.labels.length
    const known = name => (header.arrays[name] ? array(name) : null)
    const scene = view.scene = {
      header, theme, n, labels: header.labels, columns: header.columns, k: header.k, marked: header.marked,
      categories: header.categories, ramp: header.ramps[theme.dark ? "dark" : "light"],
      truth: known("truth"), distance: known("distance"), images: known("images"), hover: -1, chosen: null, widths: new Map(),
      order: Array.from({ length: n }, (_, i) => n - 1 - i), // the important ones on top
      alpha: n > 4000 ? 0.75 : 0.92,
      maps: readMaps(header, array),
    }
    const wants = JSON.stringify(header.view)
    const same = before && before.header.points === header.points
    scene.view = same && wants === asked ? { ...before.view } : structuredClone(header.view)
    asked = wants
    if (scene.view.pick >= n) scene.view.pick = -1
    const names = [...scene.columns.map(each => each.name), ...scene.maps.flatMap(map => Object.keys(map.values)), "none"]
    if (!names.includes(scene.view.colour)) scene.view.colour = header.defaults.colour
    scene.zooms = zoomsOf(scene.view.zoom, scene.maps.length)
    flatten()
    return same && before.maps
  }

  /** Points of the same set travel from where they were to where they are now. */
  function travel(old) {
    cancelAnimationFrame(moving)
    const { scene } = view
    scene.between = null
    if (!old || still() || filmed() || scene.n > 8000 || scene.maps.length > 4) return
    const from = scene.maps.map((map, at) => old.find(each => each.id === map.id)?.xy ?? old[at]?.xy ?? map.xy)
    if (from.every((xy, at) => xy.length === scene.maps[at].xy.length && xy.every((v, i) => Math.abs(v - scene.maps[at].xy[i]) < 1e-4))) return
    const started = performance.now()
    const tick = now => {
      const t = Math.min(1, (now - started) / MOVE_MS)
      scene.between = t < 1 ? from.map((xy, at) => between(xy, scene.maps[at].xy, t)) : null
      list.forEach(layoutPanel)
      if (t < 1) moving = requestAnimationFrame(tick)
    }
    scene.between = from
    moving = requestAnimationFrame(tick)
  }

  function receive(data) {
    if (!data?.length) return
    message = data
    width = root.clientWidth
    const old = read(data)
    if (!width) return
    movie.stop()
    travel(old)
    controls.forget()
    list.length = Math.min(list.length, view.scene.maps.length)
    refreshAll()
  }

  const resize = new ResizeObserver(() => {
    if (!root.clientWidth) return
    const { scene } = view
    const theme = scene && readTheme(root) // larger type for a room, or another theme
    if (root.clientWidth === width && left() === high && (!scene || JSON.stringify(theme) === JSON.stringify(scene.theme))) return
    width = root.clientWidth
    if (!scene && message) receive(message)
    else if (scene) {
      Object.assign(scene, { theme, ramp: scene.header.ramps[theme.dark ? "dark" : "light"], widths: new Map() })
      refreshAll()
    }
  })
  resize.observe(root)
  resize.observe(grid)

  // --- saving -----------------------------------------------------------------------------------------

  /** The picture as { text, width, height }; `bare` without title and provenance, to stand in a larger one. */
  function picture(bare = false) {
    const origin = grid.getBoundingClientRect()
    for (const panel of list) {
      const r = panel.box.getBoundingClientRect()
      Object.assign(panel, { left: r.left - origin.left, top: r.top - origin.top })
    }
    const { title, provenance } = view.scene.header
    return toSvg(list, view.scene, { title: bare ? "" : title, footer: bare ? "" : provenance, measure })
  }
  root.picture = () => picture(true)

  const onExport = event => {
    const format = event.detail?.format
    if (!view.scene?.header.stem || !["svg", "png"].includes(format)) return
    const made = picture()
    const name = `${view.scene.header.stem}.${format}`
    const file = new Blob([made.text], { type: "image/svg+xml" })
    if (format === "svg") return save(file, name)
    const image = new Image()
    image.onload = () => {
      const canvas = Object.assign(document.createElement("canvas"), { width: made.width * 2, height: made.height * 2 })
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height)
      canvas.toBlob(blob => save(blob, name), "image/png")
    }
    image.src = URL.createObjectURL(file)
  }
  window.addEventListener("plainsight:export", onExport)

  return {
    receive,
    dispose() {
      movie.stop()
      cancelAnimationFrame(moving)
      resize.disconnect()
      window.removeEventListener("plainsight:export", onExport)
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
  return mount(parentElement.querySelector(".scatter-view"), data).dispose
}
