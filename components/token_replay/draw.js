// Draws the replayed runs: the tokens of both answers, and the curves beside them.
import { level, number, svg } from "../figures/svg.js"
import { glyph, mean, own, range, wrap } from "./layout.js"

const MARKS = "bar: probability · bold: only here"

let ruler = null
function textWidth(text, font) {
  ruler ??= document.createElement("canvas").getContext("2d")
  ruler.font = font
  return ruler.measureText(text).width
}

/** The mean of an answer's tokens before the training and at the look. */
const means = (run, state, side) => [0, state.look].map(look => number(mean(run.tokens[look][state.pair][side]) / 100, 2)).join(" → ")

/** Both answers, each before, at the look, and after; `state.cells` lists what hover may ask for. */
export function answers(header, state, width, theme) {
  const run = header.runs[state.run]
  const watched = header.watched[state.pair]
  const size = theme.least || theme.size * (width > 560 ? 1.06 : 1)
  const scheme = theme.dark ? "dark" : "light"
  const [colours, ink] = [header.palette[scheme], header.ink[scheme]]
  const last = run.steps.length - 1
  // a room sees the step that is looked at alone, and the mean before it
  const rows = [["before", 0], [`step ${run.steps[state.look]}`, state.look], ["after", last]].slice(...(theme.least ? [1, 2] : []))
  const left = theme.least ? 0 : size * 7.6
  const high = size * (theme.least ? 1.5 : 1.75)
  const picture = svg("svg", { class: "marks answers", width, role: "img", "font-family": theme.font, "font-size": size })
  state.cells = []
  let y = size * 1.3
  const line = (...parts) => picture.append(svg("text", { x: 0, y, fill: theme.text }, ...parts))
  const kind = svg("tspan", { fill: theme.faint }, watched.held_out ? "Held-out pair. " : "Training pair. ")
  const asked = watched.prompt.replace(/\s+/g, " ")
  if (theme.least) {
    // its buttons are too small for a room
    line(svg("tspan", { fill: theme.accent, "font-weight": 700 }, run.name), `, step ${run.steps[state.look]} of ${run.steps[last]}`)
    y += size * 1.35
    line(kind, asked.replace(/^Question: | Answer:$/g, ""))
  } else line(kind, asked)
  y += size * (theme.least ? 0.5 : 0.9)
  ;["chosen", "rejected"].forEach((side, s) => {
    const tokens = watched[side]
    const alone = own(tokens, watched[s ? "chosen" : "rejected"])
    const font = i => `${alone[i] ? 700 : 400} ${size}px ${theme.font}`
    const widths = tokens.map((token, i) => textWidth(glyph(token), font(i)) + size * 0.6)
    const places = wrap(widths, width - left, size * 0.16)
    const lines = places.at(-1).line + 1
    const colour = s ? theme.bad : theme.good
    y += size * 1.25
    picture.append(svg("text", { x: 0, y, fill: colour, "font-weight": 700 }, s ? "Rejected answer" : "Chosen answer", svg("tspan", { fill: theme.faint, "font-weight": 400 }, theme.least ? ` · mean ${means(run, state, s)}` : s ? "" : "  with the mean of its tokens")))
    y += size * 0.45
    rows.forEach(([name, look], r) => {
      const values = run.tokens[look][state.pair][s]
      const now = r === 1
      if (left) picture.append(svg("text", { x: 0, y: y + size * 1.15, fill: now ? theme.text : theme.faint, "font-weight": now ? 700 : 400 }, name))
      if (left) picture.append(svg("text", { x: left - size * 0.5, y: y + size * 1.15, "text-anchor": "end", fill: now ? theme.text : theme.faint }, number(mean(values) / 100, 2)))
      tokens.forEach((token, i) => {
        const x = left + places[i].x
        const top = y + places[i].line * high
        const index = level(values[i] / 100, header.low, 0, colours.length)
        const bright = ink[index] === "1"
        const share = Math.exp(values[i] / 100)
        picture.append(
          svg("rect", { x, y: top, width: widths[i], height: high - 4, rx: 2, fill: colours[index] }),
          svg("text", { x: x + widths[i] / 2, y: top + size * 1.08, "text-anchor": "middle", fill: bright ? "#fff" : "#10141a", "font-weight": alone[i] ? 700 : 400 }, glyph(token)),
          // the bar says the probability without colour
          svg("rect", { x, y: top + high - 3.4, width: Math.max(0.8, widths[i] * share), height: 1.8 * theme.line, fill: colour }),
        )
        state.cells.push({ x, y: top, width: widths[i], height: high, side: s, token: i })
      })
      y += lines * high + (now ? size * 0.25 : size * 0.12)
    })
  })
  // the scale
  const steps = 60
  const wide = size * (theme.least ? 6 : 9)
  const roomy = width > size * 44
  const from = left || size * 2.4
  y += size * 0.6
  for (let i = 0; i < steps; i++) {
    picture.append(svg("rect", { x: from + (i * wide) / steps, y, width: wide / steps + 0.5, height: size * 0.8, fill: colours[Math.floor((i / (steps - 1)) * (colours.length - 1))] }))
  }
  picture.append(
    svg("text", { x: from - size * 0.4, y: y + size * 0.75, "text-anchor": "end", fill: theme.faint }, `≤ ${number(header.low, 0)}`),
    svg("text", { x: from + wide + size * 0.4, y: y + size * 0.75, fill: theme.faint }, theme.least ? "0  log P · bar: P" : `0  log-probability of a token${roomy ? ` · ${MARKS}` : ""}`),
  )
  y += size * 1.3
  if (!roomy && !theme.least) {
    picture.append(svg("text", { x: Math.max(0, left - size * 1.6), y: y + size * 0.75, fill: theme.faint }, MARKS))
    y += size * 1.3
  }
  picture.setAttribute("height", y)
  picture.setAttribute("viewBox", `0 0 ${width} ${y}`)
  picture.setAttribute("aria-label", `Tokens of the chosen and the rejected answer coloured by log-probability, ${run.name}, step ${run.steps[state.look]}`)
  return picture
}

/** Two panels over the steps: both means of the run in front of the others, and the log odds ratio of every run. */
export function curves(header, state, width, height, theme) {
  const run = header.runs[state.run]
  const { size } = theme
  const left = size * 2.6
  const right = width - size * 6.2
  const steps = run.steps
  const x = step => left + ((right - left) * step) / steps.at(-1)
  state.x = { left, right, last: steps.at(-1) }
  const picture = svg("svg", { class: "marks curves", width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Held-out log-probabilities and log odds ratio over the steps, ${run.name} in front`, "font-family": theme.font, "font-size": size })
  const text = (px, py, string, more = {}, ...inside) => svg("text", { x: px, y: py, fill: theme.text, ...more }, string, ...inside)
  const panel = (top, bottom, title, [low, high], aside = "") => {
    const y = value => bottom - ((bottom - top) * (value - low)) / (high - low || 1)
    picture.append(text(0, top - size * 0.7, theme.least ? title.split(", ")[0] : title, { "font-weight": 600 }, theme.least ? "" : svg("tspan", { fill: theme.faint, "font-weight": 400 }, aside)))
    const by = [high - low > 6 ? 2 : 1, 2, 5].find(step => !theme.least || ((bottom - top) * step) / (high - low) > size * 1.2) ?? 10
    for (let value = Math.ceil(low / by) * by; value <= high; value += by) {
      picture.append(
        svg("line", { x1: left, x2: right, y1: y(value), y2: y(value), stroke: theme.border, "stroke-width": value === 0 ? 1.5 : 0.7 }),
        text(left - size * 0.4, y(value) + size * 0.35, number(value, 0), { "text-anchor": "end", fill: theme.faint }),
      )
    }
    return y
  }
  const line = (values, own, y, more) => svg("path", { d: values.map((value, i) => `${i ? "L" : "M"}${x(own[i]).toFixed(1)} ${y(value).toFixed(1)}`).join(""), fill: "none", "stroke-linejoin": "round", ...more })
  const both = header.runs.flatMap(each => [each.curves.chosen, each.curves.rejected])
  const middle = height * 0.53
  const first = panel(size * 2, middle - size * 2.2, `Mean log-probability, ${header.count} held-out pairs`, range(both), "  pale: other runs")
  const order = [...header.runs.filter(each => each !== run), run]
  for (const each of order) {
    const front = each === run
    const more = { "stroke-width": (front ? 2.8 : 1) * theme.line, "stroke-opacity": front ? 1 : 0.3 }
    picture.append(
      line(each.curves.chosen, each.steps, first, { stroke: theme.good, ...more }),
      line(each.curves.rejected, each.steps, first, { stroke: theme.bad, "stroke-dasharray": "6 4", ...more }),
    )
  }
  const ends = spread([first(run.curves.chosen.at(-1)), first(run.curves.rejected.at(-1))], size * 1.15, size * 2, middle)
  picture.append(
    text(right + size * 0.5, ends[0] + size * 0.35, "chosen", { fill: theme.good, "font-weight": 600 }),
    text(right + size * 0.5, ends[1] + size * 0.35, "rejected", { fill: theme.bad, "font-weight": 600 }),
  )
  const base = height - size * 2.6
  const second = panel(middle + size * 1.6, base, "Log odds ratio, chosen against rejected", range(header.runs.map(each => each.curves.odds)))
  const places = spread(header.runs.map(each => second(each.curves.odds.at(-1))), size * 1.12, middle, base + size)
  for (const each of order) {
    const front = each === run
    const at = header.runs.indexOf(each)
    picture.append(
      line(each.curves.odds, each.steps, second, { stroke: front ? theme.accent : theme.faint, "stroke-width": (front ? 2.8 : 1.2) * theme.line }),
      text(right + size * 0.5, places[at] + size * 0.35, each.short, { fill: front ? theme.accent : theme.faint, "font-weight": front ? 700 : 400 }),
    )
  }
  for (let i = 0; i <= 4; i += theme.least ? 2 : 1) {
    const step = Math.round((steps.at(-1) * i) / 4)
    picture.append(text(x(step), base + size * 1.3, String(step), { "text-anchor": theme.least && i === 4 ? "end" : "middle", fill: theme.faint }))
  }
  picture.append(text((left + right) / 2, height - size * 0.3, "training step", { "text-anchor": "middle", fill: theme.faint }))
  const at = x(steps[state.look])
  picture.append(svg("line", { x1: at, x2: at, y1: size * 1.8, y2: base, stroke: theme.text, "stroke-width": 1.2, "stroke-dasharray": "3 3" }))
  for (const [values, y, colour] of [[run.curves.chosen, first, theme.good], [run.curves.rejected, first, theme.bad], [run.curves.odds, second, theme.accent]]) {
    picture.append(svg("circle", { cx: at, cy: y(values[state.look]), r: 3.6 * theme.line, fill: colour }))
  }
  return picture
}

/** Heights moved apart so that labels of `least` do not cover each other, in the same order, from `low` to `high`. */
export function spread(heights, least, low, high) {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a] - heights[b])
  const out = [...heights]
  let free = low
  for (const i of order) {
    out[i] = Math.max(out[i], free)
    free = out[i] + least
  }
  free = high
  for (const i of order.reverse()) {
    out[i] = Math.min(out[i], free)
    free = out[i] - least
  }
  return out
}
