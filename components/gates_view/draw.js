// Drawing half of the gates view: one SVG, rebuilt when the view changes; the marks under the mouse move alone.
import { bitmap, number, svg } from "../figures/svg.js"
import { aboutAt, count, glyph, guessesAt, heat, ownScale, path, seriesOf, valueOf } from "./layout.js"

const PLAIN = /^[!-\u024f↵→□]$/ // letters of one code unit that stand by themselves

/** The rule that the chosen unit follows, { name, yes: places }; undefined where none is known. */
export const ruleOf = (scene, view) => scene.rules.find(rule => rule.part === view.part && rule.unit === view.unit)

/** The whole picture. `scene.image` keeps the heat map while nothing in it changes. */
export function picture(scene, view, at, order, theme) {
  const { window, gutter } = at
  const colours = scene.palette[seriesOf(scene, view.series).kind][theme.dark ? "dark" : "light"]
  const key = [scene.id, view.part, view.series, view.order, theme.dark].join()
  if (scene.image?.key !== key) {
    const indices = heat(scene, view.part, view.series, order, colours.length)
    scene.image = { key, indices, href: bitmap(indices, scene.n, scene.units, colours) }
  }
  const root = svg("svg", {
    class: "marks", width: at.width, height: at.height, viewBox: `0 0 ${at.width} ${at.height}`, tabindex: 0, role: "application",
    "aria-label": `${seriesOf(scene, view.series).name} of ${scene.units} units at ${count(scene.n)}. Arrow keys move by character and unit.`,
    "font-family": theme.font, "font-size": theme.size,
  })
  const label = (y, words, attributes = {}) => svg("text", { x: gutter - 7, y, "text-anchor": "end", fill: theme.faint, ...attributes }, words)
  const narrow = at.width < 600

  // the heat map; the image holds the whole text and is cut to the window
  const full = scene.n * window.column
  const clip = `cut-${scene.id}`
  root.append(
    svg("clipPath", { id: clip }, svg("rect", { x: gutter, y: at.heat.y, width: at.drawn, height: at.heat.height })),
    svg("g", { "clip-path": `url(#${clip})` }, svg("image", {
      x: gutter - window.from * window.column, y: at.heat.y, width: full, height: at.heat.height,
      preserveAspectRatio: "none", href: scene.image.href, style: "image-rendering:pixelated",
    })),
    svg("rect", { x: gutter - 0.5, y: at.heat.y - 0.5, width: at.drawn + 1, height: at.heat.height + 1, fill: "none", stroke: theme.border }),
  )
  if (at.map) {
    root.append(
      svg("image", { class: "map", x: gutter, y: at.map.y, width: at.across, height: at.map.height, preserveAspectRatio: "none", href: scene.image.href, opacity: 0.75 }),
      svg("rect", {
        class: "lens", x: gutter + (window.from / scene.n) * at.across, y: at.map.y - 1.5, rx: 2,
        width: (window.count / scene.n) * at.across, height: at.map.height + 3, fill: "none", stroke: theme.text, "stroke-width": 2,
      }),
      label(at.map.y + at.map.height / 2 + theme.size * 0.35, narrow ? "all" : `all ${scene.n}`),
    )
  }
  const chosen = order.indexOf(view.unit)
  const unitY = at.heat.y + (chosen + 0.5) * at.row
  root.append(
    svg("path", { d: `M${gutter - 2} ${unitY}l-6 -4v8z`, fill: theme.text }),
    svg("text", { x: gutter - 11, y: Math.min(at.heat.y + at.heat.height, Math.max(at.heat.y + theme.size, unitY + theme.size * 0.35)), "text-anchor": "end", "font-weight": 600, fill: theme.text }, narrow ? String(view.unit) : `unit ${view.unit}`),
  )
  if (unitY > at.heat.y + theme.size * 3) root.append(label(at.heat.y + theme.size, narrow ? "units" : `${scene.units} units`))

  // one column a character: the character on the chosen unit's colour, the guesses below it
  const mono = { "font-family": "ui-monospace, Menlo, Consolas, monospace", "text-anchor": "middle" }
  const big = Math.min(theme.size * 1.05, window.column * (theme.least ? 1.62 : 1.45))
  const small = theme.least ? big : Math.min(theme.size * 0.92, window.column * 1.3)
  const step = at.guesses.height / at.lines
  const [lowest, highest] = ownScale(scene, view.part, view.series, view.unit)
  const said = ruleOf(scene, view)
  // letters of one look share a <text> with a list of places: an element a letter would cost most of a frame
  const looks = new Map()
  const put = (letter, x, y, look) => {
    if (!PLAIN.test(letter)) return root.append(svg("text", { ...mono, ...look, x, y }, letter))
    const key = JSON.stringify(look)
    if (!looks.has(key)) looks.set(key, { look, letters: "", x: [], y: [] })
    const own = looks.get(key)
    own.letters += letter
    own.x.push(x.toFixed(1))
    own.y.push(y.toFixed(1))
  }
  for (let i = 0; i < window.count; i++) {
    const t = window.from + i
    const x = gutter + (i + 0.5) * window.column
    const share = (valueOf(scene, view.part, view.series, view.unit, t) - lowest) / (highest - lowest)
    const index = Math.max(0, Math.min(colours.length - 1, Math.floor(share * colours.length)))
    const ink = scene.ink[seriesOf(scene, view.series).kind][theme.dark ? "dark" : "light"][index] === "1" ? "#fff" : "#10141a"
    const unseen = scene.unseen.includes(t)
    root.append(
      svg("rect", { x: gutter + i * window.column, y: at.text.y, width: window.column + 0.4, height: at.text.height, fill: colours[index] }),
    )
    put(glyph(scene.characters[t]), x, at.text.y + at.text.height * 0.72, { "font-size": big, fill: ink })
    if (said?.yes.includes(t)) root.append(svg("rect", { x: gutter + i * window.column, y: at.text.y + at.text.height - 2.5, width: window.column + 0.4, height: 2.5, fill: theme.key }))
    const about = aboutAt(scene, t)
    if (unseen) root.append(svg("rect", { x: gutter + i * window.column + 0.5, y: at.text.y + 0.5, width: window.column - 1, height: at.text.height - 1, fill: "none", stroke: theme.bad, "stroke-width": 1.5 }))
    guessesAt(scene, t).slice(0, at.lines).forEach(({ code, percent }, k) => {
      if (percent < 3) return
      const right = about >= 0 && code > 0 && scene.alphabet[code] === scene.characters[about]
      put(glyph(code ? scene.alphabet[code] : "□"), x, at.guesses.y + (k + 0.8) * step, {
        "font-size": small, "font-weight": right ? 700 : 400, fill: right ? theme.good : theme.text,
        opacity: (0.35 + 0.65 * (percent / 100)).toFixed(1),
      })
    })
  }
  for (const { look, letters, x, y } of looks.values()) root.append(svg("text", { ...mono, ...look, x: x.join(" "), y: y.join(" ") }, letters))
  root.append(
    label(at.text.y + at.text.height * 0.72, narrow ? "read" : "reads"),
    label(at.guesses.y + step * 0.8, scene.both ? (narrow ? "own?" : "guess, hidden") : narrow ? "next?" : "expects next"),
  )

  // curves of the chosen unit
  const values = id => Array.from({ length: window.count }, (_, i) => valueOf(scene, view.part, id, view.unit, window.from + i))
  const panel = (box, low, high, ids, numbers) => {
    const y = value => box.y + box.height * (1 - (value - low) / (high - low))
    root.append(svg("rect", { x: gutter, y: box.y, width: at.drawn, height: box.height, fill: theme.tint }))
    for (const value of numbers) {
      root.append(
        svg("line", { x1: gutter, x2: gutter + at.drawn, y1: y(value), y2: y(value), stroke: theme.border }),
        svg("text", { x: gutter - 5, y: y(value) + theme.size * 0.32, "text-anchor": "end", fill: theme.faint, "font-size": Math.max(theme.size * 0.88, theme.least) }, number(value, Number.isInteger(value) ? 0 : 1)),
      )
    }
    let line = box.y + theme.size * 0.9
    for (const id of ids) {
      const each = seriesOf(scene, id)
      const colour = each.colour ? each.colour[theme.dark ? 1 : 0] : theme.text
      root.append(svg("path", { d: path(values(id), at, box, low, high), fill: "none", stroke: colour, "stroke-width": (id === "cell" ? 2.4 : 1.7) * theme.line, "stroke-dasharray": each.dash || null, "stroke-linejoin": "round", ...(window.count === 1 && { "stroke-width": 5, "stroke-linecap": "round" }) }))
      if (!narrow) {
        const x = gutter - theme.size * 3.1
        root.append(
          svg("line", { x1: x - 20, x2: x - 3, y1: line - theme.size * 0.3, y2: line - theme.size * 0.3, stroke: colour, "stroke-width": 2.2 * theme.line, "stroke-dasharray": each.dash || null }),
          svg("text", { x: x - 23, y: line, "text-anchor": "end", fill: theme.text, "font-size": Math.max(theme.size * 0.95, theme.least) }, each.short),
        )
        line += theme.size * 1.18
      }
    }
  }
  if (scene.gates.length) panel(at.gates, 0, 1, scene.gates, [0, 0.5, 1])
  const most = scene.states.reduce((most, id) => values(id).reduce((a, b) => Math.max(a, Math.abs(b)), most), 1)
  const top = most > 1 ? Math.ceil(most) : 1
  panel(at.states, -top, top, scene.states, [-top, 0, top])

  // the key of the heat map's colours, in the picture so that a saved one has it too
  const shown = seriesOf(scene, view.series)
  const [less, more] = shown.clipped ? [" or less", " or more"] : ["", ""]
  const middle = at.key.y + at.key.height / 2
  const ramp = size => colours.map((fill, i) => svg("rect", { x: gutter + (i * size) / colours.length, y: at.key.y, width: size / colours.length + 0.3, height: at.key.height, fill }))
  const wide = theme.size * 6
  root.append(
    ...ramp(wide),
    label(middle + theme.size * 0.35, narrow ? `${shown.letter} ${number(shown.low, 0)}` : `${number(shown.low, 0)}${less}`),
    svg("text", { x: gutter + wide + 7, y: middle + theme.size * 0.35, fill: theme.faint }, `${number(shown.high, 0)}${more}: ${shown.name.toLowerCase()}`),
  )
  root.append(pin(at, scene, view))
  return root
}

/** The frame round the held character; "" where none is held or in the window. */
export const pin = (at, scene, view) => view.at === null ? "" : column(at, scene, view.at, { stroke: "currentColor", "stroke-width": 1.3, fill: "none", class: "pin" })

/** A frame round everything about one character; "" where it is not in the window. */
export function column(at, scene, t, attributes) {
  const i = t - at.window.from
  if (i < 0 || i >= at.window.count) return ""
  return svg("rect", {
    x: at.gutter + i * at.window.column - 0.5, y: at.heat.y - 1, width: at.window.column + 1,
    height: at.key.y - at.heat.y - 4, "pointer-events": "none", ...attributes,
  })
}
