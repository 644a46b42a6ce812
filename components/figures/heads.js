// Every head of a model as one cell, layers down and heads across, coloured by one number; a click answers.
import { carry, html, keepDrawn, level, number, readTheme, svg, ticks, titled } from "./svg.js"

const STRETCH = 3.2 // a cell may be this much wider than high
const LETTER = 0.58 // width of a letter over its size, on average
const NARROW = 0.49 // the same where nothing stands beside

/** Where the cells, their numbers and the legend stand; `size` is the height of type in pixels. */
export function headsLayout(header, width, size) {
  const left = size * 3.6
  const groups = header.groups > 1 && header.groups < header.heads
  const top = size * (groups ? 3.4 : 2)
  const legend = size * 2.9
  const h = Math.max(9, Math.min(size * 4.2, (header.height - top - legend) / header.layers))
  const w = Math.max(6, Math.min(Math.max(h * STRETCH, size * 6), (width - left - 2) / header.heads))
  const printed = h >= size * 1.15 && w >= size * LETTER * (header.scale.digits + 2.6)
  return { left, top, h, w, groups, printed, right: left + w * header.heads, bottom: top + h * header.layers, legend, height: top + h * header.layers + legend }
}

/** Layer and head under a point; head −1 on the number of a layer; null elsewhere. */
export function headAt(place, header, x, y) {
  const layer = Math.floor((y - place.top) / place.h)
  if (layer < 0 || layer >= header.layers || x > place.right) return null
  return x < place.left ? { layer, head: -1 } : { layer, head: Math.min(header.heads - 1, Math.floor((x - place.left) / place.w)) }
}

/** What a click does: the parameters that go into the address. */
export function answer(header, { layer, head }) {
  if (header.toggles) {
    const row = Array.from({ length: header.heads }, (_, at) => `${layer}.${at}`)
    const now = new Set(header.chosen.map(([l, h]) => `${l}.${h}`))
    const meant = head < 0 ? row : [`${layer}.${head}`]
    const all = meant.every(name => now.has(name))
    for (const name of meant) all ? now.delete(name) : now.add(name)
    const left = [...now].map(name => name.split(".").map(Number)).sort((a, b) => a[0] - b[0] || a[1] - b[1])
    const whole = l => left.filter(each => each[0] === l).length === header.heads
    const names = left.filter(([l, h]) => !whole(l) || h === 0).map(([l, h]) => (whole(l) ? `${l}.all` : `${l}.${h}`))
    return { [header.toggles]: names.join(", ") || "none" }
  }
  return head < 0 ? null : Object.fromEntries(Object.entries(header.opens).map(([key, value]) => [key, value.replace("@layer", layer).replace("@head", head)]))
}

/** A number in a cell, where there is no room for powers of ten. */
export const printed = (value, digits) => (Math.abs(value) < 10 ** -digits / 2 ? "0" : number(value, digits))

function drawHeads(root, header, values, state) {
  const theme = readTheme(root)
  const { size } = theme
  const width = root.clientWidth
  const place = headsLayout(header, width, size)
  const colours = header.palette[theme.dark ? "dark" : "light"]
  const inks = header.inks[theme.dark ? "dark" : "light"]
  const { scale } = header
  const text = (x, y, string, more = {}) => svg("text", { x, y, fill: theme.text, "font-size": size, "text-anchor": "middle", ...more }, string)
  const picture = svg("svg", {
    class: "marks", width, height: place.height, viewBox: `0 0 ${width} ${place.height}`, role: "application", tabindex: "0",
    "aria-label": header.label, "font-family": theme.font,
  })
  const at = (layer, head) => ({ x: place.left + head * place.w, y: place.top + layer * place.h })
  const value = (layer, head) => values[layer * header.heads + head]
  for (let layer = 0; layer < header.layers; layer++) {
    for (let head = 0; head < header.heads; head++) {
      const { x, y } = at(layer, head)
      const v = value(layer, head)
      const known = !Number.isNaN(v)
      const step = known ? level(v, scale.low, scale.high, colours.length) : 0
      picture.append(svg("rect", {
        x: x + 0.5, y: y + 0.5, width: Math.max(1, place.w - 1), height: Math.max(1, place.h - 1), fill: known ? colours[step] : theme.tint,
        ...(known ? {} : { stroke: theme.border, "stroke-dasharray": "2 2" }),
      }))
      if (place.printed && known) {
        picture.append(text(x + place.w / 2, y + place.h / 2 + size * 0.33, printed(v, scale.digits), { "font-size": Math.max(size * 0.88, theme.least), fill: inks[step] === "1" ? "#ffffff" : "#14181f" }))
      }
    }
  }
  const every = n => ticks(n, Math.floor((place.h * header.layers) / (size * 1.25)))
  for (const layer of every(header.layers)) picture.append(text(place.left - size * 0.5, at(layer, 0).y + place.h / 2 + size * 0.35, String(layer), { "text-anchor": "end", fill: theme.faint }))
  for (const head of ticks(header.heads, Math.floor((place.w * header.heads) / (size * 1.6)))) picture.append(text(at(0, head).x + place.w / 2, place.top - size * 0.45, String(head), { fill: theme.faint }))
  const middle = (place.top + place.bottom) / 2
  picture.append(text(size, middle, "layer", { fill: theme.faint, transform: `rotate(-90 ${size} ${middle})` }))
  if (place.groups) {
    // grouped queries: heads that share one set of keys and values stand between two rules
    const many = header.heads / header.groups
    for (let group = 0; group < header.groups; group++) {
      const x = place.left + group * many * place.w
      picture.append(text(x + (many * place.w) / 2, size, `keys and values ${group}`.slice(0, Math.max(4, Math.floor((many * place.w) / size / LETTER))), { fill: theme.faint }))
      picture.append(svg("path", { d: `M${x + 3} ${size * 1.45}H${x + many * place.w - 3}`, stroke: theme.faint, "stroke-width": 1.5 }))
      if (group) picture.append(svg("path", { d: `M${x} ${size * 1.4}V${place.bottom}`, stroke: theme.text, "stroke-width": 1.5 }))
    }
  } else picture.append(text(place.left - size * 0.5, place.top - size * 0.45, "head", { "text-anchor": "end", fill: theme.faint }))
  for (const [layer, head] of header.chosen) {
    const { x, y } = at(layer, head)
    picture.append(svg("rect", { x: x + 0.5, y: y + 0.5, width: place.w - 1, height: place.h - 1, fill: "none", stroke: header.toggles ? theme.bad : theme.text, "stroke-width": 2.5 * theme.line }))
    if (header.toggles && place.h > 8) picture.append(svg("path", { d: `M${x + 2} ${y + place.h - 2}L${x + Math.min(place.w, place.h * 1.4) - 2} ${y + 2}`, stroke: theme.bad, "stroke-width": 1.5 * theme.line }))
  }
  if (header.gone) picture.append(
    svg("rect", { x: place.left, y: middle - size * 1.2, width: place.right - place.left, height: size * 2.4, fill: theme.background, "fill-opacity": 0.86 }),
    text((place.left + place.right) / 2, middle + size * 0.35, header.gone, { "font-weight": 600 }),
  )
  else if (header.hint) {
    // class hover: a saved picture cannot be clicked
    picture.append(text(place.left, place.bottom + size * 1.5, header.hint, { "text-anchor": "start", fill: theme.faint, class: "hover" }))
  } else {
    const y = place.bottom + size * 0.7
    const long = Math.min(width * 0.35, size * 12)
    for (let i = 0; i < 48; i++) picture.append(svg("rect", { x: place.left + (i * long) / 48, y, width: long / 48 + 0.5, height: size * 0.6, fill: colours[Math.floor((i * (colours.length - 1)) / 47)] }))
    const says = `${number(scale.low, scale.digits)} to ${number(scale.high, scale.digits)} · ${scale.title}`
    const beside = place.left + long + size * (0.6 + LETTER * says.length) < width // else below
    const shown = beside ? says : titled(says, (width - place.left) / size / NARROW)
    picture.append(text(beside ? place.left + long + size * 0.6 : place.left, y + size * (beside ? 0.6 : 1.8), shown, { "text-anchor": "start", fill: theme.faint }))
  }

  const cross = svg("rect", { fill: "none", stroke: theme.text, "stroke-width": 1.5 * theme.line, visibility: "hidden", class: "hover" })
  picture.append(cross)
  const tip = html("div", { class: "tip", role: "status" })
  tip.hidden = true
  function point(found) {
    state.at = found ?? state.at
    if (!found || (found.head < 0 && !header.toggles)) {
      cross.setAttribute("visibility", "hidden")
      tip.hidden = true
      return
    }
    const whole = found.head < 0
    const { x, y } = at(found.layer, Math.max(0, found.head))
    for (const [key, v] of Object.entries({ x, y, width: whole ? place.right - place.left : place.w, height: place.h })) cross.setAttribute(key, v)
    cross.setAttribute("visibility", "visible")
    const v = whole ? NaN : value(found.layer, found.head)
    const what = Number.isNaN(v) ? "" : `${number(v, scale.digits + 1)}${header.unit}`
    tip.replaceChildren(whole ? `All heads of layer ${found.layer}` : `Head ${found.layer}.${found.head} `, html("b", {}, what), ` · ${header.click}`)
    tip.hidden = false
    tip.style.left = `${Math.max(0, Math.min(x + 8, width - tip.offsetWidth - 4))}px`
    tip.style.top = `${y + place.h + 6}px`
  }
  const act = found => {
    const detail = found && answer(header, found)
    if (!detail) return
    if (!header.toggles) history.pushState(history.state, "", location.href) // Back leads here again
    carry(detail)
  }
  const under = event => {
    const frame = picture.getBoundingClientRect()
    return headAt(place, header, ((event.clientX - frame.left) * width) / frame.width, ((event.clientY - frame.top) * place.height) / frame.height)
  }
  picture.onpointermove = event => point(under(event))
  picture.onpointerleave = () => point(null)
  picture.onclick = event => act(under(event))
  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
  picture.onkeydown = event => {
    const now = state.at ?? { layer: header.chosen[0]?.[0] ?? 0, head: header.chosen[0]?.[1] ?? 0 }
    if (event.key === "Enter") return act(now)
    const move = moves[event.key]
    if (!move) return undefined
    event.preventDefault()
    return point({
      layer: Math.max(0, Math.min(header.layers - 1, now.layer + move[0])),
      head: Math.max(header.toggles ? -1 : 0, Math.min(header.heads - 1, now.head + move[1])),
    })
  }
  picture.onblur = () => point(null)
  picture.style.cursor = "pointer"
  root.dataset.drawn = header.key
  root.replaceChildren(picture, tip)
}

export default function ({ data, parentElement }) {
  return keepDrawn(parentElement.querySelector(".figure"), data, drawHeads)
}
