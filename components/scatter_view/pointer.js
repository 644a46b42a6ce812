// Pointer, wheel and keys on a map: hover, hold, box, lasso, move, turn, zoom.
import { cells, lassoText, nearestTo, step, thin, toUnits, zoomAt } from "./layout.js"

const REACH = 14 // px round the pointer
const SETTLE = 200 // ms without a wheel before the address follows
const FAR = 4 // px that make a click a drag
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** Listen to a panel's box. */
export function listen(view, panel) {
  const { box } = panel
  const fingers = new Map()
  let drag = null, settled = 0
  const middle = () => [panel.width / 2, panel.height / 2]
  const at = event => {
    const r = box.getBoundingClientRect()
    const shown = r.width / box.offsetWidth || 1 // less than 1 where a room's picture is shrunk
    return [(event.clientX - r.left) / shown, (event.clientY - r.top) / shown]
  }

  function hit(x, y) {
    if (panel.strangers) return -1
    panel.cells ??= cells(panel.screen, panel.width, panel.height)
    return nearestTo(panel.cells, panel.screen, x, y, REACH)
  }

  function zoom(factor, pixel) {
    const { zooms } = view.scene
    zooms[panel.map] = panel.zoom = zoomAt(zooms[panel.map], factor, pixel, panel.scale, panel.width, panel.height)
    view.frame(() => view.place(panel))
    clearTimeout(settled)
    settled = setTimeout(view.settle, SETTLE)
  }

  /** Once, and only while the line has nothing to say of a point. */
  function hint() {
    const { scene } = view
    if (!scene.wheeled && scene.view.pick < 0 && !scene.chosen) view.say("Hold Ctrl, or click the map first, to zoom with the wheel.")
    scene.wheeled = true
  }

  function pinch(id, now) {
    const [a, b] = [...fingers.entries()]
    const other = a[0] === id ? b[1] : a[1], before = fingers.get(id)
    const size = p => Math.hypot(p[0] - other[0], p[1] - other[1])
    zoom(size(now) / (size(before) || 1), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2])
    fingers.set(id, now)
  }

  function hover(x, y) {
    const { scene } = view
    const i = hit(x, y)
    box.classList.toggle("over", i >= 0)
    if (i === scene.hover && i < 0) return
    if (i !== scene.hover) { scene.hover = i; view.overAll() }
    // the held point is written about below, and its lines should be seen
    if (i >= 0 && i !== scene.view.pick) view.tip.show(panel, i, x, y)
    else view.tip.hide()
  }

  function turn(dx, dy) {
    const { scene } = view
    const [yaw, pitch] = scene.view.turn.split(",").map(Number)
    scene.view.turn = `${Math.round((yaw + dx * 0.5) * 10) / 10},${Math.round(Math.max(-90, Math.min(90, pitch + dy * 0.5)) * 10) / 10}`
    view.frame(view.turned)
  }

  function move(dx, dy) {
    const { zooms } = view.scene
    const now = zooms[panel.map], s = panel.scale * now.z
    zooms[panel.map] = panel.zoom = { ...now, x: now.x - dx / s, y: now.y + dy / s }
    view.frame(() => view.place(panel, true))
  }

  box.onpointerdown = event => {
    if (event.button) return
    box.setPointerCapture(event.pointerId)
    fingers.set(event.pointerId, at(event))
    const start = at(event)
    const flat = view.scene.maps[panel.map].dims === 2
    const mode = event.shiftKey && view.tool === "move" && flat ? "box" : view.tool
    drag = { mode, start, last: start, far: false, turn: !flat && mode === "move" && !event.shiftKey }
    if (mode === "lasso") panel.lasso = [start]
  }
  box.onpointermove = event => {
    const [x, y] = at(event)
    if (fingers.size === 2 && fingers.has(event.pointerId)) return pinch(event.pointerId, [x, y])
    if (!drag) return hover(x, y)
    if (!drag.far && Math.hypot(x - drag.start[0], y - drag.start[1]) < FAR) return
    drag.far = true
    view.tip.hide()
    const [dx, dy] = [x - drag.last[0], y - drag.last[1]]
    drag.last = [x, y]
    if (drag.mode === "move") return drag.turn ? turn(dx, dy) : move(dx, dy)
    const [a, b] = drag.start
    if (drag.mode === "box") panel.lasso = [[a, b], [x, b], [x, y], [a, y], [a, b]]
    else panel.lasso.push([x, y])
    view.frame(() => view.over(panel))
  }
  box.onpointerup = event => {
    fingers.delete(event.pointerId)
    if (!drag) return
    const [x, y] = at(event)
    const done = drag
    drag = null
    if (!done.far) {
      panel.lasso = null
      const i = hit(x, y)
      view.tip.hide()
      view.set({ pick: i === view.scene.view.pick ? -1 : i, ...(i < 0 ? { sel: "" } : {}) })
    } else if (done.mode === "move") view.set({})
    else {
      const corners = thin(done.mode === "box" ? panel.lasso.slice(0, 4) : panel.lasso)
      panel.lasso = null
      if (panel.strangers) view.over(panel)
      else view.set({ pick: -1, sel: lassoText(panel.map, corners.map(p => toUnits(p, panel.zoom, panel.scale, panel.width, panel.height))) })
    }
  }
  box.onpointercancel = event => { fingers.delete(event.pointerId); drag = null; panel.lasso = null; view.over(panel) }
  box.onpointerleave = () => { view.tip.hide(); if (view.scene.hover >= 0) { view.scene.hover = -1; view.overAll() } }
  box.addEventListener("wheel", event => {
    const own = view.root.getRootNode().activeElement === box
    if (!event.ctrlKey && !event.metaKey && !own) return hint()
    event.preventDefault()
    zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0018)), at(event))
  }, { passive: false })
  box.ondblclick = event => { event.preventDefault(); zoom(2, at(event)) }
  box.onkeydown = event => {
    if (ARROWS[event.key]) {
      event.preventDefault()
      const from = view.scene.view.pick
      view.set({ pick: from < 0 ? 0 : step(panel.screen, from, ARROWS[event.key]) })
    } else if (event.key === "+" || event.key === "=") zoom(1.4, middle())
    else if (event.key === "-") zoom(1 / 1.4, middle())
    else if (event.key === "Escape") view.clear()
  }
}
