// A target under its source: one row a target token, the weights as cells, or one vector that all passes through.
import { bitmap, carry, clipped, html, keepDrawn, level, number, readTheme, svg } from "./svg.js"

const MOST = 18 // letters of a token that are written out
const LETTER = 0.58 // width of a letter over its size, on average
const NARROW = 0.5 // the same where there is little space
const PHONE = 560 // px
const CELL = 48 // px, the widest cell
const ROW = 26 // px, the highest row
const CLOSE = 0.9 // of the height of type from one named row to the next
const PACE = 70 // ms from one written token to the next
const SHOWN = { " ": "·", "\n": "↵", "\t": "⇥" }

const letters = label => [...label].length
const longest = labels => Math.min(MOST, Math.max(1, ...labels.map(letters)))

/** Runs of neighbouring places: [2, 3, 4, 7] → [[2, 4], [7, 7]]. */
export function runs(places) {
  const found = []
  for (const at of [...places].sort((a, b) => a - b)) {
    if (found.length && found.at(-1)[1] === at - 1) found.at(-1)[1] = at
    else found.push([at, at])
  }
  return found
}

/** Where the words stand: `left` of the cells, the cells, the small pictures of all heads, the scale. Where type has a
 * `least` size, rows may be lower than it: then not all are named. */
export function alignmentLayout(header, width, size, least = 0) {
  const [n, m] = [header.target.length, header.source.length]
  const narrow = width < PHONE
  const token = Math.max(longest(header.target) * size * LETTER + size * 0.5, size * 1.3) // a bold m is wider than most
  const should = header.should.some(Boolean) ? longest(header.should.filter(Boolean)) * size * LETTER + size * 1.6 : 0
  const bar = narrow ? 0 : size * 3
  const left = token + bar + should + size * 0.6
  const many = header.heads.length > 1
  const thumb = many ? (narrow ? 0 : Math.min(size * 15, width * 0.2)) : 0
  const cell = Math.max(2, Math.min(Math.max(CELL, size * 2), (width - left - thumb - size) / m))
  const upright = longest(header.source) * size * LETTER > cell * 1.15
  const top = upright ? longest(header.source) * size * LETTER + size * 0.8 : size * 1.9
  const legend = size * 2.1
  const row = Math.max(narrow ? 12 : least ? 8 : 11, Math.min(Math.max(ROW, size * 1.3), (header.height - top - legend) / n))
  const bottom = top + row * n
  const x = left + cell * m + size * 1.6
  const grid = { across: 2, down: Math.ceil(header.heads.length / 2) }
  const thumbs = !many ? [] : header.heads.map((_, at) => {
    const across = narrow ? 4 : grid.across
    const wide = narrow ? width / 4 - size * 0.6 : Math.min(thumb / 2, (width - x) / 2) - size * 0.4
    const high = narrow ? wide : Math.max(size * 2, (bottom - size * 1.4) / grid.down - size * 1.5)
    const start = narrow ? { x: 0, y: bottom + legend + size * 1.2 } : { x, y: size * 1.4 }
    return { x: start.x + (at % across) * (wide + size * 0.6), y: start.y + Math.floor(at / across) * (high + size * 1.5), w: wide, h: high }
  })
  const height = Math.max(bottom + legend, ...thumbs.map(box => box.y + box.h + size * 0.4))
  return { token, bar, left, cell, row, top, bottom, upright, legend: bottom + size * 0.9, height, thumbs }
}

/** Which rows have room for their token: every one, or for a room every so many and always the one looked at. */
export function namedRows(n, row, least, looked) {
  const step = Math.max(1, Math.ceil((least * CLOSE) / row))
  const named = t => t === looked || (t % step === 0 && (looked === null || Math.abs(t - looked) >= step))
  return { type: row * step * 0.95, rows: Array.from({ length: n }, (_, t) => t).filter(named) }
}

/** The row and the column of a point, or null outside; columns are null left of the cells. */
export function placeAt(place, n, m, x, y) {
  const row = Math.floor((y - place.top) / place.row)
  if (row < 0 || row >= n || x > place.left + m * place.cell) return null
  const col = Math.floor((x - place.left) / place.cell)
  return { row, col: col >= 0 ? col : null }
}

const percent = value => (value > 0.9995 && value < 1 ? "> 99.9 %" : `${(100 * value).toFixed(1)} %`)

function drawAlignment(root, header, values, state) {
  const theme = readTheme(root)
  const { size } = theme
  const width = root.clientWidth
  const [n, m, many] = [header.target.length, header.source.length, header.heads.length]
  // a height up to 1 is a share of the window's
  const place = alignmentLayout({ ...header, height: header.height > 1 ? header.height : Math.max(330, header.height * innerHeight) }, width, size, theme.least)
  const colours = header.palette[theme.dark ? "dark" : "light"]
  const around = header.signed[theme.dark ? "dark" : "light"]
  const steps = colours.length
  const ink = theme.dark ? ["#ffffff", "#10151c"] : ["#1f2733", "#ffffff"]
  const asked = [header.id, header.head, header.at].join("|")
  if (state.asked !== asked) Object.assign(state, { asked, head: header.head, at: header.at })
  const head = () => Math.min(state.head ?? 0, Math.max(0, many - 1))
  const weight = (t, s, h = head()) => values[(h * n + t) * m + s]
  const text = (x, y, string, more = {}) => svg("text", { x, y, fill: theme.text, "font-size": size, ...more }, string)
  const shown = token => SHOWN[token] ?? clipped(token, MOST)
  const quoted = token => (token === " " ? "the space" : `“${clipped(token.trim(), MOST)}”`)
  const picture = svg("svg", {
    class: "marks", width, height: place.height, viewBox: `0 0 ${width} ${place.height}`, role: "application", tabindex: "0",
    "aria-label": header.label, "font-family": theme.font,
  })
  const said = html("div", { class: "said", role: "status" })
  const middle = s => place.left + (s + 0.5) * place.cell
  const down = t => place.top + t * place.row

  function thumbnail(h) {
    const box = place.thumbs[h]
    const own = values.subarray(h * n * m, (h + 1) * n * m)
    const chosen = h === head()
    const group = svg("g", { class: "thumb", "data-head": h, style: "cursor: pointer" },
      text(box.x, box.y - size * 0.3, theme.least ? header.heads[h].replace(/layer (\d+), head /, "$1.") : header.heads[h], { "font-weight": chosen ? 700 : 400, fill: chosen ? theme.accent : theme.faint, "font-size": Math.max(size * 0.9, theme.least) }),
      svg("image", { x: box.x, y: box.y, width: box.w, height: box.h, preserveAspectRatio: "none", style: "image-rendering: pixelated", href: bitmap(Uint8Array.from(own, v => level(v, 0, 1, steps)), m, n, colours) }),
      svg("rect", { x: box.x, y: box.y, width: box.w, height: box.h, fill: "none", stroke: chosen ? theme.accent : theme.border, "stroke-width": chosen ? 2 : 1 }),
    )
    group.onclick = event => {
      event.stopPropagation()
      state.head = h
      carry({ [header.params.head]: String(h) })
      draw(state.now ?? state.at)
    }
    return group
  }

  function funnel() {
    // one vector: all that was read goes in, all that is written comes out
    const wide = Math.max(place.cell * m * 0.55, size * 8)
    const high = size * 1.6
    const x0 = place.left + Math.max(size, (Math.max(place.cell * m, width * 0.5 - place.left) - wide) / 2)
    const y0 = place.top + (place.row * n - high) / 2
    const road = d => svg("path", { d, fill: "none", stroke: theme.border, "stroke-width": 1.2 * theme.line })
    for (let s = 0; s < m; s++) {
      const x = x0 + ((s + 0.5) / m) * wide
      picture.append(road(`M${middle(s)} ${place.top}C${middle(s)} ${(place.top + y0) / 2} ${x} ${(place.top + y0) / 2} ${x} ${y0}`))
    }
    for (let t = 0; t < n; t++) {
      const y = down(t) + place.row / 2
      const from = y0 + high * ((t + 0.5) / n)
      picture.append(road(`M${x0} ${from}C${(x0 + place.left) / 2} ${from} ${(x0 + place.left) / 2} ${y} ${place.left} ${y}`))
    }
    const count = header.context
    picture.append(
      svg("image", { x: x0, y: y0, width: wide, height: high, preserveAspectRatio: "none", style: "image-rendering: pixelated", href: bitmap(Uint8Array.from(values, v => level(v, -1, 1, around.length)), count, 1, around) }),
      svg("rect", { x: x0, y: y0, width: wide, height: high, fill: "none", stroke: theme.text, "stroke-width": 1.4 }),
      text(x0 + wide / 2, y0 + high + size * 1.3, `one context vector: ${count} numbers, −1 (blue) to 1 (brown)`, { "text-anchor": "middle", "font-weight": 600, class: "vector", stroke: theme.background, "stroke-width": 4, "paint-order": "stroke" }),
    )
  }

  function draw(at, col = null) {
    state.now = at
    picture.replaceChildren()
    const row = at ?? null
    // the source, painted by the weights of the row that is looked at
    header.source.forEach((token, s) => {
      const x = middle(s)
      const painted = row !== null && many ? weight(row, s) : null
      const fill = painted === null ? null : level(painted, 0, 1, steps)
      if (fill !== null) picture.append(svg("rect", { x: x - place.cell / 2, y: 0, width: place.cell, height: place.top - 3, fill: colours[fill], class: "paint" }))
      const colour = fill !== null && painted > 0.45 ? ink[1] : header.unseen[s] ? theme.bad : theme.text
      const style = { fill: colour, "font-weight": fill !== null && painted > 0.2 ? 700 : 500, "text-decoration": header.unseen[s] ? "underline" : null }
      if (place.upright) picture.append(text(x, place.top - size * 0.5, shown(token), { ...style, transform: `rotate(-90 ${x} ${place.top - size * 0.5})`, dy: size * 0.35 }))
      else picture.append(text(x, place.top - size * 0.65, shown(token), { ...style, "text-anchor": "middle", "font-size": Math.min(size, place.cell * 1.5) }))
    })
    if (many) {
      const own = values.subarray(head() * n * m, (head() + 1) * n * m)
      picture.append(
        svg("image", { x: place.left, y: place.top, width: place.cell * m, height: place.row * n, preserveAspectRatio: "none", style: "image-rendering: pixelated", href: bitmap(Uint8Array.from(own, v => level(v, 0, 1, steps)), m, n, colours) }),
        svg("rect", { x: place.left, y: place.top, width: place.cell * m, height: place.row * n, fill: "none", stroke: theme.border }),
      )
    } else funnel()
    if (many && header.aligned) {
      header.aligned.slice(0, n).forEach((places, t) => {
        for (const [from, to] of runs(places)) {
          picture.append(svg("rect", {
            x: place.left + from * place.cell + 1, y: down(t) + 1, width: (to - from + 1) * place.cell - 2, height: place.row - 2, rx: 3,
            fill: "none", stroke: theme.key, "stroke-width": 1.8 * theme.line, class: "true",
          }))
        }
      })
    }
    // the target, with the probability of each token
    const named = namedRows(n, place.row, theme.least, row)
    const type = Math.max(theme.least, Math.min(size, named.type))
    header.target.forEach((token, t) => {
      const y = down(t) + place.row / 2 + size * 0.35
      const wrong = header.right && !header.right[t]
      if (named.rows.includes(t)) picture.append(text(place.token - size * 0.3, y, shown(token), {
        "text-anchor": "end", "font-weight": row === t || wrong ? 700 : 500, "font-size": type, fill: wrong ? theme.bad : theme.text,
        "text-decoration": wrong ? "underline" : null, class: wrong ? "wrong" : "token",
      }))
      if (place.bar) {
        const long = place.bar - size * 0.6
        picture.append(
          svg("rect", { x: place.token, y: down(t) + place.row * 0.3, width: long, height: place.row * 0.4, fill: theme.tint, stroke: theme.border, "stroke-width": 0.5 }),
          svg("rect", { x: place.token, y: down(t) + place.row * 0.3, width: long * header.likely[t].own, height: place.row * 0.4, fill: theme.query, opacity: 0.75 }),
        )
      }
      if (header.should[t] && named.rows.includes(t)) picture.append(text(place.token + place.bar, y, `≠ ${shown(header.should[t])}`, { fill: theme.bad, "font-size": type }))
    })
    if (row !== null) picture.append(svg("rect", { x: 1, y: down(row), width: place.left + (many ? place.cell * m : 0) - 1, height: place.row, fill: "none", stroke: theme.text, "stroke-width": 1.6 * theme.line, rx: 2 }))
    if (row !== null && col !== null && many) picture.append(svg("rect", { x: place.left + col * place.cell, y: down(row), width: place.cell, height: place.row, fill: "none", stroke: theme.accent, "stroke-width": 2.4 * theme.line, class: "hover" }))
    // in a room what is said of a row stands where the legend was, so that the picture stays where it is
    if (!theme.least || row === null) legend()
    place.thumbs.forEach((_, h) => picture.append(thumbnail(h)))
    // what is not written yet
    if (state.written < n) picture.append(svg("rect", { x: 0, y: down(state.written) - 1, width: place.left + (many ? place.cell * m + 2 : 0), height: place.row * (n - state.written) + 2, fill: theme.background, class: "unwritten" }))
    said.textContent = row === null ? header.hint : sentence(row, col)
    said.hidden = row === null && theme.least > 0 // who presents knows the hint
    if (theme.least) said.style.cssText = `position: absolute; top: ${place.legend - size * 0.6}px; margin: 0; white-space: nowrap`
  }

  function legend() {
    let x = many && !theme.least ? place.left : 0
    const [y, high] = [place.legend, size * 0.6]
    const named = (mark, wide, words) => {
      if (mark) picture.append(mark)
      picture.append(text(x + wide, y + high * 0.92, words, { fill: theme.faint }))
      x += wide + words.length * size * (theme.least ? NARROW : LETTER) + size * 0.8
    }
    if (many) {
      const long = Math.min(width * 0.2, size * 8)
      named(null, 0, "weight 0")
      named(svg("image", { x: x - size * 0.4, y, width: long, height: high, preserveAspectRatio: "none", href: bitmap(Uint8Array.from({ length: steps }, (_, i) => i), steps, 1, colours) }), long, "1")
      if (header.aligned) named(svg("rect", { x, y: y - size * 0.1, width: size * 1.4, height: size * 0.8, rx: 3, fill: "none", stroke: theme.key, "stroke-width": 1.8 * theme.line }), size * 1.8, "true alignment")
    }
    if (place.bar) named(svg("rect", { x, y, width: size * 1.4, height: high, fill: theme.query, opacity: 0.75 }), size * 1.8, theme.least ? "probability" : "probability of the token")
    named(null, 0, "■ end")
  }

  function sentence(t, col) {
    const likely = header.likely[t]
    const others = likely.tokens.filter(([token]) => token !== header.target[t]).slice(0, theme.least ? 1 : 2).map(([token, p]) => `${quoted(token)} ${percent(p)}`)
    let words = `Step ${t + 1}: ${quoted(header.target[t])} with ${percent(likely.own)}${others.length ? `, then ${others.join(", ")}` : ""}.`
    if (!many) return words
    let best = 0
    for (let s = 1; s < m; s++) if (weight(t, s) > weight(t, best)) best = s
    words += ` Looks most at ${quoted(header.source[best])}, place ${best + 1}: ${number(weight(t, best), 2)}.`
    if (col !== null && col !== best) words += ` At ${quoted(header.source[col])}, place ${col + 1}: ${number(weight(t, col), 3)}.`
    return words
  }

  const under = event => {
    const frame = picture.getBoundingClientRect()
    return placeAt(place, n, m, ((event.clientX - frame.left) * width) / frame.width, ((event.clientY - frame.top) * place.height) / frame.height)
  }
  const hold = t => {
    state.at = state.at === t ? null : t
    carry({ [header.params.at]: state.at === null ? "" : String(state.at) })
    draw(state.at)
  }
  picture.onpointermove = event => {
    const at = under(event)
    const now = at ? `${at.row},${at.col}` : ""
    if (now === state.pointer) return
    state.pointer = now
    draw(at ? at.row : state.at, at?.col ?? null)
  }
  picture.onpointerleave = () => {
    state.pointer = ""
    draw(state.at)
  }
  picture.onclick = event => {
    const at = under(event)
    if (at) hold(at.row)
  }
  picture.onkeydown = event => {
    const move = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (event.key === "Enter" && state.now !== null && state.now !== undefined) return hold(state.now)
    if (!move) return undefined
    event.preventDefault()
    draw(Math.max(0, Math.min(n - 1, (state.now ?? (move > 0 ? -1 : n)) + move)))
    return undefined
  }
  picture.onblur = () => draw(state.at)
  picture.style.cursor = "pointer"
  // another answer than the one that stood here is written token by token
  clearInterval(state.clock)
  const answer = [header.label, ...header.target].join("|")
  const other = state.answer !== undefined && state.answer !== answer && !matchMedia("(prefers-reduced-motion: reduce)").matches
  Object.assign(state, { answer, written: other ? 0 : n })
  if (other) {
    state.clock = setInterval(() => {
      state.written++
      if (state.written >= n || !picture.isConnected) clearInterval(state.clock)
      draw(state.now)
    }, PACE)
  }
  draw(state.at)
  root.replaceChildren(picture, said)
  root.dataset.drawn = header.id
}

export default function ({ data, parentElement }) {
  return keepDrawn(parentElement.querySelector(".figure"), data, drawAlignment)
}
