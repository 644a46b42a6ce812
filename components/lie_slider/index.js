// Two charts of Vega-Lite and one slider. Every number is looked up in what the server measured at that stop.

import { chart, leastOf, tones } from "./vega.js"

/** What stands at a stop of the slider: the number, whether it is honest, the sentence, the lines of code. */
export function stop(data, at) {
  const step = Math.max(0, Math.min(data.numbers.length - 1, Math.round(at)))
  const honest = data.inside[step]
  return { step, honest, number: data.numbers[step], code: data.codes[step], says: data.says.replaceAll("{n}", data.numbers[step]) }
}

const scenes = new WeakMap()

async function draw(scene) {
  const { data, root } = scene
  const made = ++scene.turn
  const places = ["honest", "moving"].map(name => root.querySelector(`.${name} .chart`))
  const views = await Promise.all(places.map((place, i) => chart(place, [data.honest, data.moving][i], root, data.file)))
  if (made !== scene.turn) return views.forEach(view => view.finalize())
  scene.views.forEach(view => view.finalize())
  scene.views = views
  places.forEach((place, i) => place.querySelector("svg.marks")?.setAttribute("aria-label", data.labels[i]))
  await show(scene)
  root.dataset.drawn = data.id
}

async function show(scene) {
  const { data, root } = scene
  const slider = root.querySelector("input")
  const { step, honest, number, code, says } = stop(data, slider.value)
  root.querySelector("output").textContent = number
  root.dataset.honest = honest
  root.querySelector(".verdict").textContent = honest ? data.within : data.beyond
  root.querySelector("pre").textContent = code
  root.querySelector(".says").textContent = says
  root.querySelector(".moving .name").textContent = step === 0 ? "The same, before the change" : data.title
  root.dataset.says = says // saved pictures say what is shown at this stop
  for (const [figure, words] of [["honest", ""], ["moving", `: ${data.name} ${number}`]]) {
    const node = root.querySelector(`figure.${figure}`)
    node.dataset.caption = node.querySelector("figcaption").textContent + words
  }
  slider.setAttribute("aria-valuetext", `${data.name} ${number}`)
  await scene.views[1]?.view.signal("t", step / (data.numbers.length - 1)).runAsync()
  root.dataset.step = step
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".lie")
  let scene = scenes.get(root)
  if (!scene) {
    scene = { root, views: [], turn: 0, made: "", width: 0, waiting: false }
    scene.observer = new ResizeObserver(() => {
      if (Math.abs(root.clientWidth - scene.width) < (leastOf(root) ? 8 : 60)) return // a room's picture may be shrunk a little
      scene.width = root.clientWidth
      if (scene.data) draw(scene)
    })
    scene.observer.observe(root)
    scenes.set(root, scene)
  }
  scene.data = data
  const slider = root.querySelector("input")
  slider.max = data.numbers.length - 1
  slider.value = data.at
  slider.oninput = () => {
    if (scene.waiting) return
    scene.waiting = true
    requestAnimationFrame(() => {
      scene.waiting = false
      show(scene)
    })
  }
  slider.onchange = () => data.param && window.dispatchEvent(new CustomEvent("plainsight:view", { detail: { [data.param]: slider.value } }))
  root.querySelector(".measure").textContent = data.name
  const mark = root.querySelector(".mark")
  mark.hidden = !data.leaves
  mark.style.setProperty("--at", (data.leaves ?? 0) / (data.numbers.length - 1))
  mark.classList.toggle("late", data.leaves > (data.numbers.length - 1) / 2) // its words stand on the side with room
  mark.title = data.beyond
  root.classList.toggle("room", leastOf(root) > 0)
  const theme = getComputedStyle(root).getPropertyValue("--st-text-color").trim()
  tones(root)
  const made = JSON.stringify([theme, data.honest, data.moving])
  if (made !== scene.made) {
    scene.made = made
    scene.width = root.clientWidth
    delete root.dataset.drawn
    draw(scene)
  } else show(scene)
  return () => {
    scene.observer.disconnect()
    scene.views.forEach(view => view.finalize())
    scenes.delete(root)
  }
}
