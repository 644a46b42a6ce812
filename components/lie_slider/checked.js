// A chart with what the linter found marked on it, and the repaired chart beside it.
import { chart, leastOf, tones } from "./vega.js"

/** Where in the drawn chart a finding stands, first match wins; `concat` is the place of its view among several. */
export function selectors({ place, concat }) {
  const within = concat === null ? "" : `.concat_${concat}_group `
  const axis = name => [`${within}.role-axis [aria-label^="${name}-axis"]`, `${within}[aria-label^="${name}-axis"]`]
  const parts = {
    x: axis("X"), y: axis("Y"), y2: axis("Y"), color: [`${within}.role-legend`, ".role-legend"], size: [".role-legend"],
    mark: [], frame: [],
  }[place] ?? []
  return [...parts, `${within}.role-mark`, ".role-mark", "svg.marks"]
}

const TALL = 0.43 // of the window, that charts take in a room
const WIDE = 0.8 // of their place, that is left beside their axes
const MOST = 3 // times as large as they are

/** How much larger than given the charts of a room are drawn, all alike: as their places and the window allow. */
export function growth(charts, places, tall) {
  const sized = charts.flatMap((spec, i) => (typeof spec?.width === "number" && typeof spec.height === "number" ? [[spec, places[i]]] : []))
  return Math.min(MOST, ...sized.map(([{ width, height }, place]) => Math.max(1, Math.min((WIDE * place) / width, tall / height))))
}

const UNDRAWN = "Vega-Lite cannot draw this specification. It needs a mark that exists, such as \"bar\" or \"line\", and an encoding whose fields and types fit the data."

function mark(root, host, findings) {
  const box = host.getBoundingClientRect()
  const taken = []
  for (const finding of findings) {
    const found = selectors(finding).map(s => [...host.querySelectorAll(s)]).find(list => list.length) ?? []
    const node = finding.place === "y2" ? found.at(-1) : found[0]
    if (!node) continue
    const at = node.getBoundingClientRect()
    const outline = Object.assign(document.createElement("div"), { className: "outline" })
    const left = at.left - box.left - 3
    const top = at.top - box.top - 3
    Object.assign(outline.style, { left: `${left}px`, top: `${top}px`, width: `${at.width + 6}px`, height: `${at.height + 6}px` })
    outline.dataset.outline = "#b34700" // saved pictures show them too
    const badge = Object.assign(document.createElement("span"), { className: "badge", textContent: finding.n, title: finding.title })
    badge.dataset.badge = "#b34700"
    let x = Math.max(0, left)
    while (taken.some(([a, b]) => Math.abs(a - x) < 24 && Math.abs(b - top) < 24)) x += 24
    taken.push([x, top])
    Object.assign(badge.style, { left: `${x}px`, top: `${Math.max(0, top)}px` })
    host.append(outline, badge)
  }
}

async function draw(scene) {
  const { data, root } = scene
  const turn = ++scene.turn
  const hosts = ["given", "repaired"].map(name => root.querySelector(`.${name} .chart`))
  hosts.forEach((host, i) => (host.parentElement.hidden = !data.charts[i]))
  const grown = leastOf(root) ? growth(data.charts, hosts.map(host => host.clientWidth), TALL * innerHeight) : 1
  for (const [i, host] of hosts.entries()) {
    if (!data.charts[i]) continue
    const inner = document.createElement("div")
    host.replaceChildren(inner)
    try {
      const made = await chart(inner, data.charts[i], root, data.file, undefined, grown)
      if (turn !== scene.turn) return made.finalize()
      scene.views.push(made)
      if (i === 0) mark(root, host, data.findings)
    } catch {
      inner.textContent = UNDRAWN
    }
  }
  root.dataset.drawn = turn
}

function renew(scene) {
  if (!scene.data) return
  scene.width = scene.root.clientWidth
  scene.views.splice(0).forEach(view => view.finalize())
  draw(scene)
}

const scenes = new WeakMap()

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".lie")
  let scene = scenes.get(root)
  if (!scene) {
    scene = { root, views: [], turn: 0, made: "", width: 0 }
    scene.observer = new ResizeObserver(() => {
      if (leastOf(root) && Math.abs(root.clientWidth - scene.width) >= 8) renew(scene)
    })
    scene.observer.observe(root)
    scenes.set(root, scene)
  }
  const made = JSON.stringify([data, getComputedStyle(root).getPropertyValue("--st-text-color"), root.clientWidth])
  tones(root)
  root.classList.toggle("room", leastOf(root) > 0)
  root.classList.toggle("neutral", Boolean(data.neutral))
  for (const [i, name] of ["given", "repaired"].entries()) {
    root.querySelector(`.${name} figcaption`).textContent = data.captions[i]
    root.querySelector(`.${name}`).dataset.caption = data.captions[i]
  }
  scene.data = data
  if (made !== scene.made) {
    scene.made = made
    renew(scene)
  }
  return () => {
    scene.observer.disconnect()
    scene.views.forEach(view => view.finalize())
    scenes.delete(root)
  }
}
