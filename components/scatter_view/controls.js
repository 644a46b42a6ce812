// The controls over and under the maps: tools, search, colours, the legend, the film.
import { legendOf, said, zoomed } from "./layout.js"
import { mark } from "./svg.js"
import { element, pickOf, press } from "./elements.js"

const FRAME_MS = 1400 // of a film, from map to map

/** The row of controls; build() brings it up to date. */
export function createBar(view, bar) {
  const search = element("input", { type: "search", placeholder: "Find", "aria-label": "Find points by name" })
  search.oninput = () => view.set({ sel: search.value.trim() ? `find:${search.value.trim().slice(0, 60)}` : "" })
  search.onkeydown = event => {
    const { chosen, labels } = view.scene
    if (event.key !== "Enter" || !chosen?.size) return
    const wanted = search.value.trim().toLowerCase()
    const exact = labels.findIndex(label => label.toLowerCase() === wanted)
    view.set({ pick: exact >= 0 ? exact : Math.min(...chosen) })
  }

  function tools() {
    const solid = view.scene.maps.some(map => map.dims === 3)
    return [
      ["move", solid ? "Turn" : "Move", solid ? "Drag turns the space; Shift and drag moves it" : "Drag moves the map; Ctrl and wheel, or two fingers, zoom"],
      ["box", "Box", "Drag a box round points"], ["lasso", "Lasso", "Draw round points"],
    ].map(([name, label, title]) => press(label, title, () => view.take(name), view.tool === name))
  }

  function colours() {
    const { scene } = view
    const own = [...new Set(scene.maps.flatMap(map => Object.keys(map.values)))]
    const named = [...scene.columns.map(each => each.name), ...own].map(name => [name, name])
    if (!named.length) return []
    const levelled = scene.columns.filter(each => each.levels)
    const shapes = [["colour", "shapes as colours"], ...levelled.map(each => [each.name, `shapes: ${each.name}`]), ["none", "all circles"]]
    return [
      pickOf("Colour", scene.view.colour, [...named, ["none", "one colour"]], value => view.set({ colour: value })),
      ...(levelled.length ? [pickOf("Shape", scene.view.shape, shapes, value => view.set({ shape: value }), true)] : []),
    ]
  }

  let built = ""
  function build() {
    const { scene } = view
    const { view: state, header } = scene
    const held = Boolean(state.sel || state.pick >= 0 || zoomed(scene.zooms))
    const key = JSON.stringify([header.id, view.tool, state.colour, state.shape, state.labels, view.filmed(), held])
    const typing = view.root.getRootNode().activeElement === search
    if (!typing) search.value = state.sel.startsWith("find:") ? state.sel.slice(5) : ""
    if (key === built) return
    built = key
    const clearing = press("Clear", "Let go of all points and show the whole map (Escape)", view.clear)
    clearing.disabled = !held
    bar.replaceChildren(
      element("div", { class: "tools", role: "group", "aria-label": "What dragging does" }, ...tools()),
      element("div", { class: "tools", role: "group", "aria-label": "Zoom" },
        press("−", "Zoom out", () => view.zoomAll(1 / 1.5)), press("+", "Zoom in", () => view.zoomAll(1.5)),
        press("Fit", "Show the whole maps; what is selected stays", () => view.fit())),
      search,
      ...colours(),
      press("Labels", "Names beside points, the most important first", () => view.set({ labels: state.labels === "off" ? "on" : "off" }), state.labels !== "off"),
      ...(header.film ? [press("Film", "One map that moves from setting to setting", view.toggleFilm, view.filmed())] : []),
      clearing,
    )
    if (typing) search.focus()
  }

  return { build, forget: () => { built = "" }, empty: () => { search.value = "" } }
}

/** What the colours mean; a click on a name selects its points. */
export function createLegend(view, legend) {
  return () => {
    const { scene } = view
    const { shown, more, scale } = legendOf(scene)
    legend.replaceChildren()
    for (const { column, name, colour, shape } of shown) {
      const sel = `level:${column}:${name}`
      const now = scene.view.sel === sel
      const button = press("", `Select all of ${name}`, () => view.set({ sel: now ? "" : sel }), now)
      button.innerHTML = `<svg viewBox="-7 -7 14 14" aria-hidden="true"><path d="${mark(shape, 5)}" fill="${colour}"/></svg>`
      button.append(name)
      legend.append(button)
    }
    if (more) legend.append(`and ${more} more`)
    if (scale) {
      const strip = element("span", { class: "scale" })
      strip.style.background = `linear-gradient(to right, ${scene.ramp.join(",")})`
      legend.append(scale.low, strip, scale.high)
    }
    legend.hidden = !legend.childNodes.length
  }
}

/** The film: play and a place in it. */
export function createFilm(view, film) {
  let playing = 0
  const slider = element("input", { type: "range", min: "0", step: "0.01", "aria-label": "Place in the film" })
  const play = element("button", { type: "button" }, "Play")
  const where = element("output")
  film.append(play, slider, where)

  function stop() {
    cancelAnimationFrame(playing)
    playing = 0
    play.textContent = "Play"
  }

  function seek(at) {
    view.scene.view.frame = String(Math.round(at * 100) / 100)
    view.layoutAll()
    build()
  }

  function build() {
    film.hidden = !view.filmed()
    if (film.hidden) return
    const { maps, view: { frame } } = view.scene
    slider.max = maps.length - 1
    slider.value = frame
    where.textContent = maps[Math.round(Number(frame))]?.name ?? ""
  }

  slider.oninput = () => { stop(); seek(Number(slider.value)) }
  slider.onchange = () => view.tell()
  play.onclick = () => {
    if (playing) { stop(); view.tell(); return }
    const last = view.scene.maps.length - 1
    const start = Number(view.scene.view.frame) >= last ? 0 : Number(view.scene.view.frame)
    let from = null
    const tick = now => {
      from ??= now
      const at = start + (now - from) / FRAME_MS
      if (at >= last) { seek(last); stop(); view.tell(); return }
      // between two maps the points move for half of the time, then stand still to be looked at
      seek(Math.floor(at) + Math.min(1, (at % 1) * 2))
      playing = requestAnimationFrame(tick)
    }
    playing = requestAnimationFrame(tick)
    play.textContent = "Pause"
  }
  return { build, stop }
}
