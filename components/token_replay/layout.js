// Pure half of the replayed runs: where tokens stand, which differ, what is said. No DOM.

/** Where tokens stand that are `widths` wide: [{ x, line }], wrapped at `room`. */
export function wrap(widths, room, gap) {
  let [x, line] = [0, 0]
  return widths.map(wide => {
    if (x > 0 && x + wide > room) [x, line] = [0, line + 1]
    const place = { x, line }
    x += wide + gap
    return place
  })
}

/** Which tokens of `a` are not part of the longest common run of `a` and `b`, as a list of booleans. */
export function own(a, b) {
  const table = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1])
    }
  }
  const alone = a.map(() => true)
  for (let [i, j] = [0, 0]; i < a.length && j < b.length;) {
    if (a[i] === b[j]) [alone[i], i, j] = [false, i + 1, j + 1]
    else if (table[i + 1][j] >= table[i][j + 1]) i += 1
    else j += 1
  }
  return alone
}

/** A token as it is shown. */
export const glyph = token => /^<.+>$/.test(token) ? "end" : token.trim() === "" ? "↵" : token.trim()

export const mean = values => values.reduce((a, b) => a + b, 0) / values.length

/** The largest of `steps` that is not after `step`. */
export const before = (steps, step) => steps.filter(each => each <= step).at(-1) ?? steps[0]

/** A log-probability and the probability it stands for. */
export function printed(hundredths) {
  const logp = hundredths / 100
  const percent = 100 * Math.exp(logp)
  const share = percent >= 10 ? percent.toFixed(0) : percent >= 0.095 ? percent.toFixed(1) : percent >= 0.001 ? percent.toPrecision(1) : "under 0.001"
  return `${logp.toFixed(2).replace("-", "−")} (${share} %)`
}

const times = odds => Number(Math.exp(odds).toPrecision(2)).toLocaleString("en")
const signed = value => value.toFixed(2).replace("-", "−")
const went = (from, to) => (Math.abs(to - from) < 0.02 ? "stayed at" : to > from ? "rose to" : "fell to")

/** Three sentences about a run at a look: both held-out means, the odds between them, this pair. */
export function sentences(run, watched, pair, look, count) {
  const at = run.steps[look]
  const { chosen, rejected, odds } = run.curves
  const said = `${run.name}, ${at ? `after ${at} steps` : "before the training"}: `
  const means = at
    ? `over ${count} held-out pairs the mean log-probability of a chosen token ${went(chosen[0], chosen[look])} ${signed(chosen[look])} (from ${signed(chosen[0])}), that of a rejected one ${went(rejected[0], rejected[look])} ${signed(rejected[look])} (from ${signed(rejected[0])}).`
    : `over ${count} held-out pairs a chosen token has a mean log-probability of ${signed(chosen[0])}, a rejected one ${signed(rejected[0])}.`
  const parted = ` By the mean log odds ratio, ${signed(odds[look])}, the odds of a chosen answer are ${times(odds[look])} times those of its rejected one.`
  const [first, now] = [0, look].map(step => run.tokens[step][pair][1])
  const moves = now.map((value, i) => value - first[i])
  const [most, token] = Math.max(...moves) > -Math.min(...moves)
    ? ["most raised", moves.indexOf(Math.max(...moves))] : ["most lowered", moves.indexOf(Math.min(...moves))]
  const moved = at ? ` In the rejected answer shown here, the token ${most} is “${glyph(watched.rejected[token])}”: ${printed(first[token])} became ${printed(now[token])}.` : " Move the slider, or press Play, and watch the tokens change."
  return said + means + parted + moved
}

/** The range of all values, widened to whole units. */
export function range(lists) {
  const all = lists.flat()
  return [Math.floor(Math.min(...all)), Math.ceil(Math.max(...all))]
}
