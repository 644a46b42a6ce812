// The scatter view: state, events and the order of drawing. All of it happens in the browser: hover, selection,
// colour, zoom, film. What a link must reopen is written into the page's address.
import {
  between, cells, flat, frameOf, judged, lassoText, nearestTo, packed, panels, parse, placeLabels, PLAIN_ZOOM, radius, said,
  scaleOf, selected, SHAPES, step, thin, toScreen, toUnits, unit, viewParams, zoomAt, zoomsOf, zoomText,
} from "./layout.js"
import { colourPoints, drawOver, drawPoints, mark, shapePoints, toSvg } from "./draw.js"

const MOVE_MS = 600 // for points that go from one map to the next
const FRAME_MS = 1400 // of a film, from map to map
const REACH = 14 // px round the pointer
const LEAST_HEIGHT = 300
const MOST_LEVELS = 16 // named in the legend
const MOST_SAID = 12 // labels of a selection that are written out
const SETTLE = 200 // ms without a wheel before the address follows
const GREY = "#8a93a0" // of points that are in no group
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

function readTheme(root) {
  const style = getComputedStyle(root)
  const css = name => style.getPropertyValue(name).trim()
  const background = css("--st-background-color") || "#ffffff"
  const dark = parseInt(background.slice(1, 3), 16) < 128
  return {
    dark, background, font: css("--st-font") || "sans-serif", size: Math.round(parseFloat(style.fontSize) * 0.88 * 10) / 10,
    text: css("--st-text-color") || "#1f2733", faint: dark ? "#9aa4b2" : "#667080",
  }
}

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches

function createView(root) {
  let scene = null, asked = "", tool = "move", list = [], width = 0, settled = 0, moving = 0, playing = 0, drawnAt = 0
  const bar = element("div", { class: "bar" })
  const legend = element("div", { class: "legend" })
  const grid = element("div", { class: "grid" })
  const film = element("div", { class: "film" })
  const line = element("p", { class: "said", "aria-live": "polite" })
  const tip = element("div", { class: "tip", hidden: true })
  root.replaceChildren(bar, legend, grid, film, line, tip)
  const ruler = document.createElement("canvas").getContext("2d")

  // --- what is drawn ----------------------------------------------------------------------------------

  const filmed = () => scene.header.film && scene.view.frame !== ""
  const column = name => scene.columns.find(each => each.name === name)

  /** The panels on the page: every map, or the one that a film shows. */
  function buildPanels() {
    const { maps } = scene
    const shown = filmed() ? [0] : maps.map((_, at) => at)
    const fixed = filmed() ? 1 : scene.header.across
    const room = Math.max(LEAST_HEIGHT, innerHeight - grid.getBoundingClientRect().top - scrollTop() - scene.header.below)
    const { across, width: wide, height } = panels(shown.length, width, room, fixed)
    grid.style.gridTemplateColumns = `repeat(${across}, ${wide}px)`
    grid.classList.toggle("small", wide < 220)
    list = shown.map((at, place) => {
      const old = list[place]
      const panel = old ?? makePanel(place)
      Object.assign(panel, { map: at, width: wide, height, ratio: Math.min(devicePixelRatio || 1, 2), place })
      panel.box.style.height = `${height}px`
      return panel
    })
    grid.replaceChildren(...list.map(panel => panel.figure))
    list.forEach(layoutPanel)
  }

  const scrollTop = () => document.querySelector('[data-testid="stMain"]')?.scrollTop * -1 || 0

  function makePanel(place) {
    const below = element("canvas"), above = element("canvas", { "aria-hidden": true })
    const axisX = element("span", { class: "axis x" }), axisY = element("span", { class: "axis y" })
    const box = element("div", { class: "panel", tabindex: "0", role: "application" }, below, above, axisX, axisY)
    const name = element("b"), note = element("span")
    const panel = { box, below, above, name: "", note: "", nameNode: name, noteNode: note, axisX, axisY, figure: element("figure", {}, element("figcaption", {}, name, note), box), arrows: [], placed: [] }
    listen(panel, place)
    return panel
  }

  function positions(panel) {
    if (!filmed()) return scene.maps[panel.map]
    const at = Math.min(Math.max(0, Number(scene.view.frame)), scene.maps.length - 1)
    const [from, to] = [scene.maps[Math.floor(at)], scene.maps[Math.ceil(at)]]
    const near = scene.maps[Math.round(at)]
    return { ...near, xy: from === to ? from.xy : between(from.xy, to.xy, at - Math.floor(at)), sides: [Math.max(from.sides[0], to.sides[0]), Math.max(from.sides[1], to.sides[1])] }
  }

  const rangeOf = name => scene.header.ranges[name] ?? [0, 1]

  function layoutPanel(panel) {
    const map = positions(panel)
    const { header, view } = scene
    panel.name = map.name
    panel.note = map.note
    panel.nameNode.textContent = map.name
    panel.noteNode.textContent = map.note
    panel.figure.title = map.note ? `${map.name}: ${map.note}` : map.name
    panel.axisX.textContent = map.axes?.[0] ?? ""
    panel.axisY.textContent = map.axes?.[1] ?? ""
    panel.near = map.near
    panel.scale = scaleOf(map.sides, panel.width, panel.height)
    panel.xy = scene.between?.[panel.map] ?? map.xy
    panel.radius = radius(scene.n, panel.width)
    panel.zoom = scene.zooms[panel.map]
    panel.depthOrder = map.depth ? scene.order.toSorted((a, b) => map.depth[a] - map.depth[b]) : null
    const own = map.values[scene.view.colour]
    const grey = map.strangers && !own
    panel.strangers = map.strangers
    panel.colourText = own ? colourPoints(scene.n, { values: own, low: rangeOf(view.colour)[0], high: rangeOf(view.colour)[1] }, scene.categories, scene.ramp) : grey ? Array(scene.n).fill(GREY) : scene.colourText
    panel.colours = own || grey ? panel.colourText.map(packed) : scene.colours
    panel.shapes = map.strangers ? Array(scene.n).fill(0) : scene.shapes
    panel.box.dataset.tool = tool
    panel.box.setAttribute("aria-label", `${map.name}, ${scene.n} points. Arrow keys go from point to point, plus and minus zoom, Escape lets go.`)
    panel.arrows = header.arrows.filter(arrow => arrow.map === panel.map).map(arrow => ({ ...arrow, units: toMapUnits(map, arrow) }))
    place(panel)
  }

  const toMapUnits = (map, { from, to }) => [...from, ...to].map((v, at) => (v - map.frame.middle[at % 2]) / Math.max(...map.frame.half))

  /** Points on the screen after a move of the map; labels follow. */
  function place(panel) {
    const { width: w, height: h } = panel
    panel.screen = toScreen(panel.xy, panel.zoom, panel.scale, w, h, panel.screen?.length === panel.xy.length ? panel.screen : undefined)
    for (const arrow of panel.arrows) arrow.screen = toScreen(new Float32Array(arrow.units), panel.zoom, panel.scale, w, h)
    panel.cells = null
    drawPoints(panel.below, panel, scene)
    labelPanel(panel)
    over(panel)
  }

  function labelPanel(panel) {
    panel.placed = []
    if (panel.strangers) return
    const small = panel.width < 220
    const { view, labels, chosen } = scene
    const first = []
    if (view.pick >= 0) {
      first.push(view.pick)
      if (scene.truth && panel.near) {
        const marks = judged(view.pick, scene.k, scene.truth, panel.near)
        first.push(...marks.kept, ...marks.torn, ...marks.false)
      }
    }
    for (const arrow of panel.arrows) first.push(...(arrow.points ?? []))
    if (view.labels !== "off" && !small) {
      if (chosen) for (const i of scene.order) { if (chosen.has(i)) first.push(i); if (first.length > 3000) break }
      else if (view.pick < 0) for (let i = 0; i < Math.min(scene.n, 4000); i++) first.push(i)
    }
    const most = small ? 1 : Math.min(160, Math.round((panel.width * panel.height) / 2200))
    ruler.font = `${scene.theme.size}px ${scene.theme.font}`
    const seen = new Set()
    panel.placed = placeLabels(first.filter(i => !seen.has(i) && seen.add(i)), labels, panel.screen, panel.width, panel.height, {
      measure: text => scene.widths.get(text) ?? (scene.widths.set(text, ruler.measureText(text).width), scene.widths.get(text)),
      size: scene.theme.size, gap: panel.radius + 3, most,
    })
  }

  function over(panel) {
    const { above, ratio, width: w, height: h } = panel
    if (above.width !== Math.round(w * ratio) || above.height !== Math.round(h * ratio)) { above.width = Math.round(w * ratio); above.height = Math.round(h * ratio) }
    const context = above.getContext("2d")
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, w, h)
    drawOver(context, panel, scene)
  }

  const overAll = () => list.forEach(over)

  /** Everything anew that a choice of the visitor changes, but not the panels. */
  function refresh() {
    const { view } = scene
    scene.chosen = selected(view.sel, scene)
    const by = column(view.colour)
    scene.colourText = colourPoints(scene.n, by, scene.categories, scene.ramp)
    scene.colours = scene.colourText.map(packed)
    scene.shapes = shapePoints(scene.n, column(view.shape === "colour" ? view.colour : view.shape))
    buildBar()
    buildLegend()
    buildFilm()
    list.forEach(layoutPanel)
    speak()
    root.dataset.drawn = ++drawnAt
  }

  function tell() {
    if (!scene.header.prefix) return
    scene.view.zoom = zoomText(scene.zooms)
    const detail = Object.fromEntries(viewParams(scene.view, scene.header.defaults, scene.header.prefix))
    window.dispatchEvent(new CustomEvent("plainsight:view", { detail }))
  }

  function set(change) {
    Object.assign(scene.view, change)
    refresh()
    tell()
  }

  // --- controls ---------------------------------------------------------------------------------------

  const press = (label, title, on, pressed) => element("button", { type: "button", title, onclick: on, "aria-pressed": pressed === undefined ? null : String(pressed) }, label)

  const search = element("input", { type: "search", placeholder: "Find a point", "aria-label": "Find points by name" })
  search.oninput = () => set({ sel: search.value.trim() ? `find:${search.value.trim().slice(0, 60)}` : "" })
  search.onkeydown = event => {
    if (event.key !== "Enter" || !scene.chosen?.size) return
    const wanted = search.value.trim().toLowerCase()
    const exact = scene.labels.findIndex(label => label.toLowerCase() === wanted)
    set({ pick: exact >= 0 ? exact : Math.min(...scene.chosen) })
  }

  function pickOf(label, now, options, on, bare = false) {
    const select = element("select", { "aria-label": label, onchange: () => on(select.value) }, ...options.map(([value, name]) => element("option", { value, selected: value === now }, name)))
    return bare ? select : element("label", {}, label, select)
  }

  let barFor = ""
  function buildBar() {
    const { view, header } = scene
    const locals = [...new Set(scene.maps.flatMap(map => Object.keys(map.values)))]
    const key = JSON.stringify([header.id, tool, view.colour, view.shape, view.labels, filmed(), Boolean(view.sel || view.pick >= 0), view.zoom, scene.zooms.some(z => z.z !== 1 || z.x || z.y)])
    if (document.activeElement !== search && root.getRootNode().activeElement !== search) search.value = view.sel.startsWith("find:") ? view.sel.slice(5) : ""
    if (key === barFor) return
    barFor = key
    const solid = scene.maps.some(map => map.dims === 3)
    const tools = [["move", solid ? "Turn" : "Move", solid ? "Drag turns the space; Shift and drag moves it" : "Drag moves the map; Ctrl and wheel, or two fingers, zoom"], ["box", "Box", "Drag a box round points"], ["lasso", "Lasso", "Draw round points"]]
    const kept = root.getRootNode().activeElement === search
    const parts = [
      element("div", { class: "tools", role: "group", "aria-label": "What dragging does" }, ...tools.map(([name, label, title]) =>
        press(label, title, () => { tool = name; list.forEach(panel => { panel.box.dataset.tool = tool }); buildBar() }, tool === name))),
      element("div", { class: "tools", role: "group", "aria-label": "Zoom" },
        press("−", "Zoom out", () => zoomAll(1 / 1.5)), press("+", "Zoom in", () => zoomAll(1.5))),
      search,
    ]
    const colours = [...scene.columns.map(each => [each.name, each.name]), ...locals.map(name => [name, name])]
    if (colours.length) {
      parts.push(pickOf("Colour", view.colour, [...colours, ["none", "one colour"]], value => set({ colour: value })))
      const levelled = scene.columns.filter(each => each.levels)
      if (levelled.length) parts.push(pickOf("Shape", view.shape, [["colour", "shapes as colours"], ...levelled.map(each => [each.name, `shapes: ${each.name}`]), ["none", "all circles"]], value => set({ shape: value }), true))
    }
    parts.push(press("Labels", "Names beside points, the most important first", () => set({ labels: view.labels === "off" ? "on" : "off" }), view.labels !== "off"))
    if (header.film) parts.push(press("Film", "One map that moves from setting to setting", () => { stop(); scene.view.frame = filmed() ? "" : "0"; list = []; buildPanels(); refresh(); tell() }, filmed()))
    const clearing = press("Clear", "Let go of all points and show the whole map (Escape)", clear)
    clearing.disabled = !(view.sel || view.pick >= 0 || scene.zooms.some(z => z.z !== 1 || z.x || z.y))
    parts.push(clearing)
    bar.replaceChildren(...parts)
    if (kept) search.focus()
  }

  function clear() {
    scene.zooms = scene.zooms.map(() => ({ ...PLAIN_ZOOM }))
    search.value = ""
    set({ sel: "", pick: -1 })
  }

  function zoomAll(factor) {
    scene.zooms = scene.zooms.map((zoom, at) => { const p = list.find(panel => panel.map === at) ?? list[0]; return zoomAt(zoom, factor, [p.width / 2, p.height / 2], p.scale, p.width, p.height) })
    set({})
  }

  function buildLegend() {
    const { view, columns } = scene
    const at = columns.findIndex(each => each.name === view.colour)
    const by = columns[at]
    legend.replaceChildren()
    const local = !by && scene.maps.some(map => map.values[view.colour])
    if (by?.levels) {
      for (const [level, name] of by.levels.slice(0, MOST_LEVELS).entries()) {
        const svg = `<svg viewBox="-7 -7 14 14" aria-hidden="true"><path d="${mark(SHAPES[view.shape === "colour" || view.shape === by.name ? level % SHAPES.length : 0], 5)}" fill="${scene.categories[level % scene.categories.length]}"/></svg>`
        const button = press("", `Select all of ${name}`, () => set({ sel: view.sel === `level:${at}:${name}` ? "" : `level:${at}:${name}` }), view.sel === `level:${at}:${name}`)
        button.innerHTML = svg
        button.append(name)
        legend.append(button)
      }
      if (by.levels.length > MOST_LEVELS) legend.append(`and ${by.levels.length - MOST_LEVELS} more`)
    } else if (by || local) {
      const finite = by ? by.values.filter(Number.isFinite) : []
      const [low, high] = by ? [finite.reduce((a, b) => Math.min(a, b), Infinity), finite.reduce((a, b) => Math.max(a, b), -Infinity)] : rangeOf(view.colour)
      const scale = element("span", { class: "scale" })
      scale.style.background = `linear-gradient(to right, ${scene.ramp.join(",")})`
      legend.append(`${view.colour}: ${said(low)}${local && low > 0 ? " or less" : ""}`, scale, `${said(high)}${local ? " (fixed scale)" : ""}`)
    }
    legend.hidden = !legend.childNodes.length
  }

  // --- film -------------------------------------------------------------------------------------------

  const slider = element("input", { type: "range", min: "0", step: "0.01", "aria-label": "Place in the film" })
  const play = element("button", { type: "button" }, "Play")
  const where = element("output")
  film.append(play, slider, where)
  slider.oninput = () => { stop(); seek(Number(slider.value), true) }
  slider.onchange = () => tell()
  play.onclick = () => {
    if (playing) { stop(); tell(); return }
    const start = Number(scene.view.frame) >= scene.maps.length - 1 ? 0 : Number(scene.view.frame)
    let from = null
    const tick = now => {
      from ??= now
      const at = start + (now - from) / FRAME_MS
      if (at >= scene.maps.length - 1) { seek(scene.maps.length - 1); stop(); tell(); return }
      // between two maps the points move for half of the time, then stand still to be looked at
      seek(Math.floor(at) + Math.min(1, (at % 1) * 2))
      playing = requestAnimationFrame(tick)
    }
    playing = requestAnimationFrame(tick)
    play.textContent = "Pause"
  }
  function stop() { cancelAnimationFrame(playing); playing = 0; play.textContent = "Play" }
  function seek(at) {
    scene.view.frame = String(Math.round(at * 100) / 100)
    list.forEach(layoutPanel)
    buildFilm()
  }
  function buildFilm() {
    film.hidden = !filmed()
    if (film.hidden) return
    slider.max = scene.maps.length - 1
    slider.value = scene.view.frame
    where.textContent = scene.maps[Math.round(Number(scene.view.frame))]?.name ?? ""
  }

  // --- words ------------------------------------------------------------------------------------------

  function speak() {
    const { view, labels, chosen, header } = scene
    line.replaceChildren()
    if (view.pick >= 0) {
      line.append(element("b", {}, labels[view.pick]), ...scene.columns.map(each => `, ${each.name} ${each.levels ? each.levels[each.values[view.pick]] ?? "–" : said(each.values[view.pick])}`))
      if (scene.truth) {
        const mine = [...scene.truth.subarray(view.pick * scene.k, (view.pick + 1) * scene.k)]
        line.append(`. Nearest in the space by ${header.metric}: `, mine.slice(0, 8).map((j, at) => `${labels[j]} ${scene.distance[view.pick * scene.k + at].toFixed(2)}`).join(", "), ".")
        for (const map of scene.maps.slice(0, 6)) {
          if (!map.near || map.strangers) continue
          const marks = judged(view.pick, scene.k, scene.truth, map.near)
          line.append(element("br"), `${map.name}: of its ${scene.k} nearest `, element("span", { class: "kept" }, `${marks.kept.length} kept (line)`), ", ", element("span", { class: "torn" }, `${marks.torn.length} torn away (dashes)`), ", and ", element("span", { class: "false" }, `${marks.false.length} false ones (×)`), ` near it on the map.`)
        }
      }
    } else if (chosen) {
      const names = scene.order.filter(i => chosen.has(i)).map(i => labels[i]).reverse()
      line.append(`${chosen.size.toLocaleString("en")} of ${scene.n.toLocaleString("en")} selected${names.length ? ": " : "."}${names.slice(0, MOST_SAID).join(", ")}${names.length > MOST_SAID ? ", …" : ""}`)
    } else line.append(header.hint)
  }

  function showTip(panel, i, x, y) {
    const near = panel.near && scene.truth ? judged(i, scene.k, scene.truth, panel.near).kept.length : -1
    tip.replaceChildren(element("b", {}, scene.labels[i]), ...scene.columns.map(each => element("div", {}, `${each.name}: ${each.levels ? each.levels[each.values[i]] ?? "–" : said(each.values[i])}`)))
    for (const [name, values] of Object.entries(scene.maps[panel.map].values)) tip.append(element("div", {}, `${name}: ${Number.isFinite(values[i]) ? values[i].toFixed(2) : "not measured"}`))
    if (near >= 0) tip.append(element("div", {}, `${near} of its ${scene.k} neighbours are its neighbours here`))
    if (scene.images) tip.append(picture(i))
    tip.hidden = false
    const box = panel.box.getBoundingClientRect(), all = root.getBoundingClientRect()
    const left = box.left - all.left + x + 14
    tip.style.left = `${Math.max(0, Math.min(left, all.width - tip.offsetWidth - 4))}px`
    tip.style.top = `${box.top - all.top + (y + 18 + tip.offsetHeight > box.height ? y - tip.offsetHeight - 10 : y + 16)}px`
  }

  function picture(i) {
    const { width: w, height: h } = scene.header.images
    const canvas = element("canvas", { width: w, height: h })
    const data = new ImageData(w, h)
    for (let p = 0; p < w * h; p++) {
      const ink = scene.images[i * w * h + p]
      data.data.set(scene.theme.dark ? [ink, ink, ink, 255] : [255 - ink, 255 - ink, 255 - ink, 255], 4 * p)
    }
    canvas.getContext("2d").putImageData(data, 0, 0)
    return canvas
  }

  // --- pointer and keys -------------------------------------------------------------------------------

  function hit(panel, x, y) {
    if (panel.strangers) return -1
    panel.cells ??= cells(panel.screen, panel.width, panel.height)
    return nearestTo(panel.cells, panel.screen, x, y, REACH)
  }

  function listen(panel) {
    const { box } = panel
    const fingers = new Map()
    let drag = null
    const at = event => { const r = box.getBoundingClientRect(); return [event.clientX - r.left, event.clientY - r.top] }
    box.onpointerdown = event => {
      if (event.button) return
      box.setPointerCapture(event.pointerId)
      fingers.set(event.pointerId, at(event))
      const start = at(event)
      const mode = event.shiftKey && tool === "move" && scene.maps[panel.map].dims === 2 ? "box" : tool
      drag = { mode, start, last: start, far: false, turn: scene.maps[panel.map].dims === 3 && mode === "move" && !event.shiftKey }
      if (mode === "lasso") panel.lasso = [start]
    }
    box.onpointermove = event => {
      const [x, y] = at(event)
      if (fingers.size === 2 && fingers.has(event.pointerId)) return pinch(panel, fingers, event.pointerId, [x, y])
      if (!drag) {
        const i = hit(panel, x, y)
        box.classList.toggle("over", i >= 0)
        if (i === scene.hover && i < 0) return
        if (i !== scene.hover) { scene.hover = i; overAll() }
        if (i >= 0) showTip(panel, i, x, y)
        else tip.hidden = true
        return
      }
      if (!drag.far && Math.hypot(x - drag.start[0], y - drag.start[1]) < 4) return
      drag.far = true
      tip.hidden = true
      if (drag.mode === "move") {
        if (drag.turn) {
          const [yaw, pitch] = scene.view.turn.split(",").map(Number)
          scene.view.turn = `${Math.round((yaw + (x - drag.last[0]) * 0.5) * 10) / 10},${Math.round(Math.max(-90, Math.min(90, pitch + (y - drag.last[1]) * 0.5)) * 10) / 10}`
          flatten()
          frame(() => list.forEach(layoutPanel))
        } else {
          const zoom = scene.zooms[panel.map], s = panel.scale * zoom.z
          scene.zooms[panel.map] = panel.zoom = { ...zoom, x: zoom.x - (x - drag.last[0]) / s, y: zoom.y + (y - drag.last[1]) / s }
          frame(() => place(panel))
        }
      } else if (drag.mode === "box") {
        const [a, b] = drag.start
        panel.lasso = [[a, b], [x, b], [x, y], [a, y], [a, b]]
        frame(() => over(panel))
      } else {
        panel.lasso.push([x, y])
        frame(() => over(panel))
      }
      drag.last = [x, y]
    }
    const end = event => {
      fingers.delete(event.pointerId)
      if (!drag) return
      const [x, y] = at(event)
      const done = drag
      drag = null
      if (!done.far) {
        panel.lasso = null
        const i = hit(panel, x, y)
        set({ pick: i === scene.view.pick ? -1 : i, ...(i < 0 ? { sel: "" } : {}) })
      } else if (done.mode === "move") { refresh(); tell() } else {
        const corners = thin(done.mode === "box" ? panel.lasso.slice(0, 4) : panel.lasso)
        panel.lasso = null
        if (panel.strangers) over(panel)
        else set({ pick: -1, sel: lassoText(panel.map, corners.map(p => toUnits(p, panel.zoom, panel.scale, panel.width, panel.height))) })
      }
    }
    box.onpointerup = end
    box.onpointercancel = event => { fingers.delete(event.pointerId); drag = null; panel.lasso = null; over(panel) }
    box.onpointerleave = () => { tip.hidden = true; if (scene.hover >= 0) { scene.hover = -1; overAll() } }
    box.addEventListener("wheel", event => {
      const own = root.getRootNode().activeElement === box
      if (!event.ctrlKey && !event.metaKey && !own) return
      event.preventDefault()
      zoomPanel(panel, Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0018)), at(event))
    }, { passive: false })
    box.ondblclick = event => { event.preventDefault(); zoomPanel(panel, 2, at(event)) }
    box.onkeydown = event => {
      const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
      if (arrows[event.key]) {
        event.preventDefault()
        const from = scene.view.pick
        set({ pick: from < 0 ? 0 : step(panel.screen, from, arrows[event.key]) })
      } else if (event.key === "+" || event.key === "=") zoomPanel(panel, 1.4, [panel.width / 2, panel.height / 2])
      else if (event.key === "-") zoomPanel(panel, 1 / 1.4, [panel.width / 2, panel.height / 2])
      else if (event.key === "Escape") clear()
    }
  }

  function zoomPanel(panel, factor, pixel) {
    scene.zooms[panel.map] = panel.zoom = zoomAt(scene.zooms[panel.map], factor, pixel, panel.scale, panel.width, panel.height)
    frame(() => place(panel))
    clearTimeout(settled)
    settled = setTimeout(() => { buildBar(); tell() }, SETTLE)
  }

  function pinch(panel, fingers, id, now) {
    const [a, b] = [...fingers.entries()]
    const other = a[0] === id ? b[1] : a[1], before = fingers.get(id)
    const size = p => Math.hypot(p[0] - other[0], p[1] - other[1])
    zoomPanel(panel, size(now) / (size(before) || 1), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2])
    fingers.set(id, now)
  }

  let waiting = null
  /** One drawing a frame, however fast the pointer moves. */
  function frame(work) {
    if (!waiting) requestAnimationFrame(() => { const due = waiting; waiting = null; due() })
    waiting = work
  }

  // --- data -------------------------------------------------------------------------------------------

  /** Spaces of three dimensions as they are seen from the present angle. */
  function flatten() {
    const turn = scene.view.turn.split(",").map(Number)
    for (const map of scene.maps) {
      const { xy, depth } = flat(map.units, map.dims, turn)
      map.xy = xy
      map.depth = depth
    }
  }

  function read(data) {
    const { header, array } = parse(data)
    const theme = readTheme(root)
    const before = scene
    scene = {
      header, theme, n: header.labels.length, labels: header.labels, columns: header.columns, k: header.k,
      categories: header.categories, ramp: header.ramps[theme.dark ? "dark" : "light"],
      truth: header.arrays.truth ? array("truth") : null, distance: header.arrays.distance ? array("distance") : null,
      images: header.arrays.images ? array("images") : null, hover: -1, chosen: null, widths: new Map(),
      order: Array.from({ length: header.labels.length }, (_, i) => header.labels.length - 1 - i), // the important ones on top
      alpha: header.labels.length > 4000 ? 0.75 : 0.92,
      maps: header.maps.map((map, at) => {
        const xyz = array(`xy${at}`)
        const box = frameOf(xyz, map.dims)
        const { units, sides } = unit(xyz, map.dims, box)
        return { ...map, frame: box, units, sides, near: header.arrays[`near${at}`] ? array(`near${at}`) : null, values: Object.fromEntries(map.values.map((name, v) => [name, array(`value${at}_${v}`)])) }
      }),
    }
    const wants = JSON.stringify(header.view)
    const same = before && before.header.points === header.points
    scene.view = same && wants === asked ? { ...before.view } : structuredClone(header.view)
    asked = wants
    if (scene.view.pick >= scene.n) scene.view.pick = -1
    const names = [...scene.columns.map(each => each.name), ...scene.maps.flatMap(map => Object.keys(map.values)), "none"]
    if (!names.includes(scene.view.colour)) scene.view.colour = header.defaults.colour
    scene.zooms = zoomsOf(scene.view.zoom, scene.maps.length)
    flatten()
    return same && before.maps
  }

  /** Points of the same set travel from where they were to where they are now. */
  function travel(old) {
    cancelAnimationFrame(moving)
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

  let message = null
  function receive(data) {
    if (!data?.length) return
    message = data
    width = root.clientWidth
    const old = read(data)
    if (!width) return
    stop()
    travel(old)
    barFor = ""
    list.length = Math.min(list.length, scene.maps.length)
    refreshAll()
  }

  function refreshAll() {
    scene.chosen = null
    prepare()
    buildPanels()
    refresh()
  }

  /** Colours and shapes before the first panel is laid out. */
  function prepare() {
    const { view } = scene
    scene.colourText = colourPoints(scene.n, column(view.colour), scene.categories, scene.ramp)
    scene.colours = scene.colourText.map(packed)
    scene.shapes = shapePoints(scene.n, column(view.shape === "colour" ? view.colour : view.shape))
    scene.chosen = selected(view.sel, scene)
    buildBar()
    buildLegend()
  }

  const resize = new ResizeObserver(() => {
    if (!root.clientWidth) return
    const theme = scene && readTheme(root) // larger type for a room, or another theme
    if (root.clientWidth === width && (!scene || JSON.stringify(theme) === JSON.stringify(scene.theme))) return
    width = root.clientWidth
    if (!scene && message) receive(message)
    else if (scene) {
      Object.assign(scene, { theme, ramp: scene.header.ramps[theme.dark ? "dark" : "light"], widths: new Map() })
      refreshAll()
    }
  })
  resize.observe(root)

  const onExport = event => {
    const format = event.detail?.format
    if (!scene || !["svg", "png"].includes(format)) return
    const origin = grid.getBoundingClientRect()
    for (const panel of list) {
      const r = panel.box.getBoundingClientRect()
      panel.left = r.left - origin.left
      panel.top = r.top - origin.top
    }
    const picture = toSvg(list, scene, { title: scene.header.title, footer: scene.header.provenance })
    const name = `${scene.header.stem}.${format}`
    const file = new Blob([picture.text], { type: "image/svg+xml" })
    if (format === "svg") return save(file, name)
    const image = new Image()
    image.onload = () => {
      const canvas = Object.assign(document.createElement("canvas"), { width: picture.width * 2, height: picture.height * 2 })
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height)
      canvas.toBlob(blob => save(blob, name), "image/png")
    }
    image.src = URL.createObjectURL(file)
  }
  function save(blob, name) {
    const link = element("a", { href: URL.createObjectURL(blob), download: name })
    link.dispatchEvent(new MouseEvent("click", { bubbles: false }))
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }
  window.addEventListener("plainsight:export", onExport)

  return {
    receive,
    dispose() {
      stop()
      cancelAnimationFrame(moving)
      clearTimeout(settled)
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
