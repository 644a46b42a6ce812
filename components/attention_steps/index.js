// The step view: state, events and the order of drawing. A step, a head and a held number change in the
// browser; a typed number goes to the server by the page's address and comes back with all that follows.
import { arrange, arrangeRoom, explain, feeds, matrixText, parseCell, table, viewParams } from "./layout.js"
import { build, element, fill, light, rich, toSvg, written } from "./draw.js"

const LEAST_HEIGHT = 240 // px of tables; a window with less room is scrolled anyway, and they may be tall
const ROOM_LEAST = 30 // em that a room is wide
const ROOM_EDGE = 0.65 // em under the last line in a room
const BELOW = 4.8 // em under the tables for the written sum and the legend, beside *What you see*
const PATIENCE = 3000 // ms for which a typed number outlives answers of the server that do not know it yet
const instances = new WeakMap()

/** How many em a text takes in a typeface. */
function letters(family) {
  const pen = document.createElement("canvas").getContext("2d")
  pen.font = `100px ${family}`
  return text => pen.measureText(text).width / 100
}

function createView(root) {
  let scene = null // the last message
  let view = null // { step, head, cell }
  let asked = "" // the view the server last asked for
  let cells = []
  let built = "" // what the tables on the page were built for
  let hover = null
  let part = 0 // the product that is shown where a room has no place for all of them
  const typed = new Map() // parameter → { text, until }: sent to the server, not answered yet

  const dots = element("ol")
  const back = element("button", { type: "button", class: "turn", "aria-label": "Step back", onclick: () => go(view.step - 1) }, "‹")
  const on = element("button", { type: "button", class: "turn", "aria-label": "Step on", onclick: () => go(view.step + 1) }, "›")
  const nav = element("nav", { "aria-label": "Steps" }, back, dots, on)
  const title = element("h4", { "aria-level": "2" })
  const heads = element("div", { class: "heads", role: "group", "aria-label": "Head" })
  const parts = element("div", { class: "heads", role: "group", "aria-label": "Product" })
  const stage = element("div", { class: "stage" })
  const sum = element("p", { class: "sum" })
  const said = element("p", { class: "refusal", role: "alert" })
  const see = element("p", { class: "see", "aria-live": "polite" })
  const legend = element("span")
  const reset = element("button", { type: "button", class: "reset", onclick: () => resetNumbers() }, "Reset numbers")
  root.replaceChildren(nav, element("div", { class: "line" }, title, parts, heads), stage, said, sum, see, element("p", { class: "legend" }, legend, " ", reset))

  const step = () => scene.steps[view.step - 1]
  const perHead = () => scene.heads > 1 && step().per_head

  function tell() {
    if (!scene.prefix) return
    const detail = Object.fromEntries(viewParams(view, scene.defaults, scene.prefix))
    window.dispatchEvent(new CustomEvent("plainsight:view", { detail }))
  }

  function go(number) {
    if (number < 1 || number > scene.steps.length || number === view.step) return
    view = { ...view, step: number, cell: null }
    hover = null
    tell()
    update()
  }

  function buildNav() {
    const inside = root.getRootNode().activeElement
    const held = inside?.closest?.("ol") === dots
    dots.replaceChildren(...scene.steps.map((each, at) => element("li", {},
      element("button", {
        type: "button", class: "dot", title: each.title, onclick: () => go(at + 1),
        "aria-current": at + 1 === view.step ? "step" : null,
      }, element("span", { class: "n" }, String(at + 1)), element("span", { class: "name" }, ...rich(each.name))))))
    if (held) dots.children[view.step - 1].firstChild.focus()
    nav.hidden = scene.steps.length === 1
    back.disabled = view.step === 1
    on.disabled = view.step === scene.steps.length
    title.replaceChildren(element("span", { class: "count" }, `Step ${view.step} of ${scene.steps.length}`), ...rich(step().title))
    heads.hidden = !perHead()
    heads.replaceChildren("Head", ...Array.from({ length: scene.heads }, (_, head) => element("button", {
      type: "button", class: "chip", "aria-pressed": String(head === view.head),
      onclick: () => { view = { ...view, head, cell: null }; tell(); update() },
    }, String(head + 1))))
  }

  /** How the step fills the room under its title and over its sentences. */
  function arranged() {
    const style = getComputedStyle(root)
    const em = parseFloat(style.fontSize)
    if (!style.getPropertyValue("--plainsight-least") || root.clientWidth < ROOM_LEAST * em) {
      const left = innerHeight - stageTop() - see.offsetHeight - em * BELOW
      return arrange(step(), scene.matrices, root.clientWidth, left < LEAST_HEIGHT ? innerHeight : left, em)
    }
    const below = root.getBoundingClientRect().bottom - stage.getBoundingClientRect().bottom
    const [{ kind, tops, outs }] = step().blocks
    const [name, row] = view.cell ?? step().at[perHead() ? view.head : 0] ?? step().lit[0] ?? ["", 0]
    const meant = Math.max(tops.indexOf(name), outs.indexOf(name))
    part = meant < 0 ? Math.max(0, Math.min(part, outs.length - 1)) : meant
    const at = kind === "product" && tops.includes(name) ? 0 : row
    const left = innerHeight - stageTop() - below - em * ROOM_EDGE
    return arrangeRoom(step(), scene.matrices, stage.clientWidth - 6, Math.max(LEAST_HEIGHT, left), em, part, at, letters(style.fontFamily))
  }

  /** Buttons for the products that are not shown. */
  function offer(place) {
    parts.hidden = place.part === undefined
    parts.replaceChildren(...(parts.hidden ? [] : step().blocks[0].outs.map((out, at) => element("button", {
      type: "button", class: "chip", "aria-pressed": String(at === place.part), onclick: () => hold([out, 0, 0]),
    }, ...rich(scene.matrices[out].label)))))
  }

  function hold(cell) {
    view = { ...view, cell }
    hover = null
    tell()
    update()
  }

  function update() {
    buildNav()
    see.replaceChildren(element("b", {}, "What you see. "), ...rich(step().sentences[perHead() ? view.head : 0]))
    legend.replaceChildren(...rich(step().key), " ", element("span", { class: "hint" }, ...rich(step().hint)))
    reset.hidden = !Object.values(scene.matrices).some(isChanged)
    show() // its sum takes room
    const place = arranged()
    offer(place)
    const labels = Object.values(scene.matrices).map(m => [m.label, m.rows, m.columns, m.shape, Boolean(m.values), m.note])
    const wanted = JSON.stringify([view.step, labels, place, step().blocks])
    if (wanted !== built) {
      built = wanted
      cells = build(stage, step(), scene.matrices, place)
    }
    fill(cells, scene.matrices, view.head, root.getRootNode().activeElement)
    show()
    lines = see.offsetHeight
    root.dataset.step = view.step
    root.dataset.drawn = scene.id
  }

  /** Where the tables start on the page, as if it were not scrolled. */
  const stageTop = () => {
    const main = root.getRootNode().host?.closest('[data-testid="stMain"]')
    return stage.getBoundingClientRect().top + (main?.scrollTop ?? 0)
  }

  /** The number whose making is written out: under the mouse, held, or the step's own choice. */
  function show() {
    const own = step().at[perHead() ? view.head : 0] ?? null
    const found = [hover, view.cell, own].map(cell => cell && (explain(step(), scene.matrices, view.head, cell) ?? feeds(step(), scene.matrices, view.head, cell))).find(Boolean)
    sum.replaceChildren(...(found ? written(found.parts) : []))
    light(cells, found?.lights ?? step().lit.map(([name, row]) => ({ name, row })), found?.cell.join("."))
    let reachable = null
    for (const cell of cells) {
      if (cell.classList.contains("edit")) continue
      cell.tabIndex = -1
      if (!reachable || cell.dataset.cell === found?.cell.join(".")) reachable = cell
    }
    if (reachable) reachable.tabIndex = 0
  }

  const cellOf = event => {
    const at = event.target.closest?.("[data-cell]")
    if (!at) return null
    const [name, i, j] = at.dataset.cell.split(".")
    return [name, Number(i), Number(j)]
  }

  stage.onpointerover = event => { if (event.pointerType !== "touch") { hover = cellOf(event); show() } }
  stage.onpointerleave = () => { hover = null; show() }
  // these two have no property to assign; the stage lives as long as the view
  stage.addEventListener("focusin", event => { hover = cellOf(event); show() })
  stage.addEventListener("focusout", () => { hover = null; show() })
  stage.onclick = event => {
    const more = event.target.dataset.more?.split(".")
    if (more) return hold([more[0], Number(more[1]), Number(more[2])])
    const cell = cellOf(event)
    if (!cell || !explain(step(), scene.matrices, view.head, cell)) return
    view = { ...view, cell: view.cell?.join() === cell.join() ? null : cell }
    tell()
    show()
  }

  const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
  stage.onkeydown = event => {
    const cell = cellOf(event)
    const typing = event.target.tagName === "INPUT"
    if (cell && event.key in MOVES && !(typing && MOVES[event.key][1])) {
      const [name, i, j] = cell
      const to = [name, i + MOVES[event.key][0], j + MOVES[event.key][1]].join(".")
      const next = cells.find(each => each.dataset.cell === to)
      if (!next) return
      event.preventDefault()
      const target = next.querySelector("input") ?? next
      target.focus()
      target.select?.()
    } else if (typing && event.key === "Enter") event.target.blur()
    else if (typing && event.key === "Escape") {
      event.target.value = event.target.dataset.shown
      event.target.blur()
    } else if (event.key === "Escape") release(event)
    else if (!typing && event.key === "Enter") event.target.click()
  }

  /** Escape lets a held number go, and the page keeps the key where none is held. */
  function release(event) {
    if (!view.cell) return
    event.preventDefault()
    event.stopPropagation()
    view = { ...view, cell: null }
    hover = null
    tell()
    show()
  }

  const isChanged = matrix => matrix.edit && matrix.values && matrixText(matrix.values) !== matrix.base

  function resetNumbers() {
    const given = Object.entries(scene.matrices).filter(([, matrix]) => matrix.edit && matrix.values)
    for (const [name, matrix] of given) {
      if (isChanged(matrix)) typed.set(name, { text: matrix.base, until: Date.now() + PATIENCE })
      matrix.values = matrix.base.split(";").map(row => row.split(",").map(Number))
    }
    said.textContent = ""
    window.dispatchEvent(new CustomEvent("plainsight:view", { detail: Object.fromEntries(given.map(([, matrix]) => [`${scene.prefix}_${matrix.edit}`, ""])) }))
    update()
  }

  stage.onchange = event => {
    const cell = cellOf(event)
    if (!cell) return
    const [name, i, j] = cell
    const matrix = scene.matrices[name]
    const found = parseCell(event.target.value)
    if (found.error) {
      event.target.value = event.target.dataset.shown
      said.textContent = `${found.error}; ${matrix.label} keeps ${event.target.dataset.shown}.`
      event.target.closest("td").classList.add("refused")
      return
    }
    said.textContent = ""
    stage.querySelectorAll(".refused").forEach(each => each.classList.remove("refused"))
    const values = table(matrix, 0)
    if (values[i][j] === found.value) return void (event.target.value = event.target.dataset.shown)
    values[i][j] = found.value
    event.target.dataset.shown = event.target.value
    const text = matrixText(values)
    const sent = text === matrix.base ? "" : text
    typed.set(name, { text, until: Date.now() + PATIENCE })
    window.dispatchEvent(new CustomEvent("plainsight:view", { detail: { [`${scene.prefix}_${matrix.edit}`]: sent } }))
  }

  const onKey = event => {
    if (!scene || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return
    const at = event.composedPath()[0]
    const free = at === document.body || at === document.documentElement || nav.contains(at)
    if (free && event.key === "Escape") return release(event)
    const presenting = new URLSearchParams(location.search).get("present") === "1"
    const forward = event.key === "ArrowRight" || (presenting && event.key === "PageDown")
    const backward = event.key === "ArrowLeft" || (presenting && event.key === "PageUp")
    if (!free || !(forward || backward)) return
    event.preventDefault()
    go(view.step + (forward ? 1 : -1))
  }
  window.addEventListener("keydown", onKey)

  const onExport = event => {
    const format = event.detail?.format
    if (!scene || !["svg", "png"].includes(format)) return
    const style = getComputedStyle(root)
    const picture = toSvg([stage, sum], {
      title: `Step ${view.step}${perHead() ? `, head ${view.head + 1}` : ""}: ${step().title}`, footer: scene.provenance,
      background: style.getPropertyValue("--st-background-color") || "#fff", text: style.color,
    })
    const name = `self-attention-step-${view.step}.${format}`
    const file = new Blob([picture.svg], { type: "image/svg+xml" })
    if (format === "svg") return save(file, name)
    const image = new Image()
    image.onload = () => {
      const canvas = Object.assign(document.createElement("canvas"), { width: picture.width * 3, height: picture.height * 3 })
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height)
      canvas.toBlob(blob => save(blob, name), "image/png")
    }
    image.src = `data:image/svg+xml,${encodeURIComponent(picture.svg)}`
  }
  function save(blob, name) {
    const link = element("a", { href: URL.createObjectURL(blob), download: name })
    // not bubbling: a click that reached the page would close the menu that asked for the file
    link.dispatchEvent(new MouseEvent("click", { bubbles: false }))
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }
  window.addEventListener("plainsight:export", onExport)

  let width = 0
  let lines = 0 // px of *What you see*, which a typeface that comes late changes
  const resize = () => {
    if (!scene || !root.clientWidth || (root.clientWidth === width && see.offsetHeight === lines)) return
    width = root.clientWidth
    update()
  }
  const observer = new ResizeObserver(resize)
  observer.observe(root)
  observer.observe(see)

  function receive(data) {
    if (!data?.steps) return
    const message = structuredClone(data)
    for (const [name, { text, until }] of typed) {
      const matrix = message.matrices[name]
      if (!matrix?.values || matrixText(matrix.values) === text || Date.now() > until || !scene?.matrices[name]) typed.delete(name)
      // an answer to an earlier number must not take back a later one
      else if (String(matrix.shape) === String(scene.matrices[name].shape)) matrix.values = scene.matrices[name].values
    }
    scene = message
    const wants = JSON.stringify(message.view)
    if (wants !== asked || !view) view = structuredClone(message.view)
    asked = wants
    view.head = Math.min(view.head, scene.heads - 1)
    width = root.clientWidth
    if (width) update()
  }

  return {
    receive,
    dispose() {
      observer.disconnect()
      window.removeEventListener("keydown", onKey)
      window.removeEventListener("plainsight:export", onExport)
      instances.delete(root)
    },
  }
}

/** Draw a message into a root element; the entry of the saved page. */
export function mount(root, data) {
  if (!instances.has(root)) instances.set(root, createView(root))
  instances.get(root).receive(data)
  return instances.get(root)
}

export default function ({ data, parentElement }) {
  return mount(parentElement.querySelector(".attention-steps"), data).dispose
}
