// Pure half of the loss plane: each loss, its slopes, and where a small step moves both answers. No DOM.
// The formulas are those of models/preference.py; a test holds both to the same numbers.

export const METHODS = {
  sft: { name: "SFT", sums: false, takes: [] },
  orpo: { name: "ORPO", sums: false, takes: ["lam"] },
  dpo: { name: "DPO", sums: true, takes: ["beta", "rw", "rl"] },
  ipo: { name: "IPO", sums: false, takes: ["beta", "rw", "rl"] },
  simpo: { name: "SimPO", sums: false, takes: ["sbeta", "gamma"] },
  cpo: { name: "CPO", sums: true, takes: ["beta"] },
}
export const LOW = -5 // the least mean log-probability that the plane shows
export const TOP = -0.001 // the largest: at 0 the odds are infinite

/** log(1 − exp(x)) for x < 0 without losing digits at either end. */
export const log1mexp = x => (x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x)))
const softplus = x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
const sigmoid = x => 1 / (1 + Math.exp(-x))

/** What ORPO is made of at mean log-probabilities w and l. */
export function odds(w, l) {
  const [cw, cl] = [-1 / Math.expm1(w), -1 / Math.expm1(l)]
  const logRatio = w - log1mexp(w) - (l - log1mexp(l))
  return { pw: Math.exp(w), pl: Math.exp(l), ow: Math.exp(w - log1mexp(w)), ol: Math.exp(l - log1mexp(l)), cw, cl, logRatio, loss: softplus(-logRatio), delta: sigmoid(-logRatio) }
}

/** How much of ORPO's slope in the chosen answer comes from the odds ratio; the rest is the SFT part. */
export function orShare(p) {
  const { delta, cw } = odds(p.w, p.l)
  return (p.lam * delta * cw) / (1 + p.lam * delta * cw)
}

/** The loss at means w and l, and its slopes in what the loss takes: means, or sums over nw and nl tokens. */
export function lossAt(method, p, w, l) {
  if (method === "sft") return { loss: -w, gw: -1, gl: 0 }
  if (method === "orpo") {
    const { loss, delta, cw, cl } = odds(w, l)
    return { loss: -w + p.lam * loss, gw: -1 - p.lam * delta * cw, gl: p.lam * delta * cl }
  }
  if (method === "ipo") {
    const off = w - p.rw - (l - p.rl) - 1 / (2 * p.beta)
    return { loss: off * off, gw: 2 * off, gl: -2 * off }
  }
  if (method === "simpo") {
    const z = p.sbeta * (w - l) - p.gamma
    return { loss: softplus(-z), gw: -p.sbeta * sigmoid(-z), gl: p.sbeta * sigmoid(-z) }
  }
  const [sw, sl] = [p.nw * w, p.nl * l]
  const z = method === "dpo" ? p.beta * (sw - p.nw * p.rw - (sl - p.nl * p.rl)) : p.beta * (sw - sl)
  const pull = p.beta * sigmoid(-z)
  if (method === "dpo") return { loss: softplus(-z), gw: -pull, gl: pull }
  return { loss: softplus(-z) - w, gw: -pull - 1 / p.nw, gl: pull }
}

/**
 * Where a small step of gradient descent moves the two means, to first order.
 * Both answers live in one network: c is the cosine between the gradients of their mean log-probabilities,
 * r the length of the rejected one's over the chosen one's.
 */
export function move(method, p, w, l) {
  const { gw, gl } = lossAt(method, p, w, l)
  const [n, m] = METHODS[method].sums ? [p.nw, p.nl] : [1, 1]
  return { w: -(n * gw + p.c * p.r * m * gl), l: -(p.c * p.r * n * gw + p.r * p.r * m * gl) }
}

const STILL = 1e-3 // of the larger move: less is "stays"

/** What happens to the two: "parted", "rise" (both), "fall" (both), "swapped". */
export function outcome({ w, l }) {
  const least = STILL * Math.max(Math.abs(w), Math.abs(l))
  if (w > least) return l > least ? "rise" : "parted"
  if (w < -least) return l < -least ? "fall" : "swapped"
  return l > least ? "swapped" : "parted"
}

/** The way of gradient descent from a point until it leaves the plane: places a fixed length apart. */
export function way(method, p, most = 160, step = 0.05) {
  const out = [[p.w, p.l]]
  let [w, l] = out[0]
  for (let i = 0; i < most; i++) {
    const to = move(method, p, w, l)
    const size = Math.hypot(to.w, to.l)
    if (!(size > 1e-9)) break
    w += (step * to.w) / size
    l += (step * to.l) / size
    if (w > TOP || l > TOP || w < LOW || l < LOW) break
    out.push([w, l])
    // a valley: the next steps would only tremble across it
    const before = out[out.length - 3]
    if (before && Math.hypot(w - before[0], l - before[1]) < step / 2) break
  }
  return out
}

/** Outcomes on a grid of n × n cells, row by row from the top: rejected falls downwards, chosen rises rightwards. */
export function regions(method, p, n) {
  const cells = []
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      const w = Math.min(TOP, LOW - (LOW * (column + 0.5)) / n)
      const l = Math.min(TOP, -((-LOW) * (row + 0.5)) / n)
      cells.push(outcome(move(method, p, w, l)))
    }
  }
  return cells
}

/** Where the name of a region can stand: its cell farthest from every other region, none where it is small. */
export function labelPlace(cells, n, which) {
  let best = null
  for (let row = 1; row < n - 1; row++) {
    for (let column = 3; column < n - 3; column++) {
      if (cells[row * n + column] !== which) continue
      let room = Math.min(column + 1, n - column, 2.2 * (row + 1), 2.2 * (n - row))
      for (let i = 0; i < n * n && room > (best?.room ?? 0); i++) {
        if (cells[i] !== which) room = Math.min(room, Math.max(Math.abs((i % n) - column), 2.2 * Math.abs(Math.floor(i / n) - row)))
      }
      if (room > (best?.room ?? 2.6)) best = { row, column, room }
    }
  }
  return best
}

/** A number as it is printed: a real minus sign, three figures or so. */
export function print(value, digits = 2) {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "−∞" : "–"
  const size = Math.abs(value)
  const text = size >= 1e5 || (size > 0 && size < 10 ** -digits / 2) ? value.toExponential(1).replace("e+", "e") : size >= 100 ? value.toFixed(0) : value.toFixed(digits)
  return Number(text) === 0 ? text.replace("-", "") : text.replaceAll("-", "−")
}

const verb = (name, value) => (Math.abs(value) < 5e-3 ? `leaves the ${name} answer` : `${value > 0 ? "raises" : "lowers"} the ${name} answer by ${print(Math.abs(value))}`)
const setting = { sft: () => "", orpo: p => ` (λ = ${print(p.lam)})`, dpo: p => ` (β = ${print(p.beta)})`, ipo: p => ` (β = ${print(p.beta)})`, simpo: p => ` (β = ${print(p.sbeta)}, γ = ${print(p.gamma)})`, cpo: p => ` (β = ${print(p.beta)})` }
export const named = (method, p) => METHODS[method].name + setting[method](p)

/** Three sentences about the point and what the two methods do there; `brief` leaves out what stands in the readings. */
export function sentences(methods, p, brief = false) {
  const o = odds(p.w, p.l)
  const first = `A token of the chosen answer has probability ${print(o.pw, 3)} on (geometric) average, one of the rejected ${print(o.pl, 3)}: log odds ratio ${print(o.logRatio)}, δ = ${print(o.delta)}.`
  const told = [...new Set(methods)].map(method => {
    const to = move(method, p, p.w, p.l)
    const why = { rise: "both rise", parted: "they part", fall: "both fall", swapped: "the wrong one gains" }[outcome(to)]
    return `${named(method, p)} ${verb("chosen", to.w)} and ${verb("rejected", to.l)}: ${why}.`
  })
  const share = methods.includes("orpo") ? ` Of ORPO's pull on the chosen answer ${print(100 * orShare(p), 0)} % come from the odds ratio, the rest from SFT.` : ""
  const because = p.c > 0
    ? `The two gradients share ${print(100 * p.c, 0)} % of their direction, so that what is done to one answer is partly done to the other.`
    : "The two gradients have nothing in common here, so that each answer moves by its own slope alone."
  if (brief) return `Per unit of a small step ${told.join(" ")} ${because}`
  return `${first} Per unit of a small step ${told.join(" ")}${share} ${because}`
}
