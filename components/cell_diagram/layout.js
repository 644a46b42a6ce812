// Pure half of the cell diagram: which numbers stand where. Drawn after the well-known figure of Olah (2015):
// a rail on which the state runs, gates that open below it. No DOM; every value comes from the server.

const TYPE = { label: 13, sign: 12, value: 17, sum: 12.5, operation: 17, name: 13, words: 13.5 }
const LARGE = { label: 15.6, sign: 15.6, value: 20, sum: 15.6, operation: 18, name: 15.6, words: 15.6 }

/** How large a diagram is, where it begins, the box of a gate and the type in it: on a page, on a phone, for a room. */
export const SIZES = {
  wide: { width: 900, top: 0, heights: { LSTM: 330, GRU: 330, RNN: 250 }, box: { width: 104, height: 54 }, type: TYPE },
  narrow: { width: 380, top: 0, heights: { LSTM: 352, GRU: 352, RNN: 230 }, box: { width: 84, height: 54 }, type: TYPE },
  room: { width: 640, top: 14, heights: { LSTM: 308, GRU: 308, RNN: 236 }, box: { width: 116, height: 62 }, type: LARGE },
}

/** A number as the diagram prints it. */
export function text(value) {
  const size = Math.abs(value)
  const out = size.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2)
  return value < 0 && Number(out) !== 0 ? `−${out}` : out
}

/** The numbers of step t: { gates: {name: {value, x, h}}, before, after, hidden, shown }. */
export function numbersAt(header, values, t) {
  const { n, gates } = header
  const at = row => values[row * n + t]
  const out = { gates: {} }
  gates.forEach((name, g) => { out.gates[name] = { x: at(g), h: at(gates.length + g), value: at(2 * gates.length + g) } })
  const [before, after, hidden] = [0, 1, 2].map(k => at(3 * gates.length + k))
  return { ...out, before, after, hidden }
}

const gate = (name, x, y, sign, label) => ({ name, x, y, sign, label })
const op = (sign, x, y) => ({ sign, x, y })
const say = (x, y, words, options = {}) => ({ x, y, words, ...options })

/** Boxes, operations, wires and words of a step. Wires are lists of points; `state` ones are drawn thick. */
export function diagram(kind, v, names, size = "wide") {
  return {
    wide: { LSTM: lstm, GRU: gru, RNN: rnn },
    narrow: { LSTM: narrowLstm, GRU: narrowGru, RNN: narrowRnn },
    room: { LSTM: roomLstm, GRU: roomGru, RNN: roomRnn },
  }[size][kind](v, names)
}

/** What the sums of a gate are made of, in two lines. */
export function sums(kind, name, { x, h }, character, size) {
  const scaled = kind === "GRU" && name === "candidate"
  if (size === "room") return [`${text(x)} from x`, `${scaled ? "r · " : ""}${text(h)} from h`]
  if (size === "narrow") return [`x ${text(x)}`, scaled ? `r·${text(h)}` : `h ${text(h)}`]
  return [`${text(x)} from ${character}`, `${scaled ? "r · " : ""}${text(h)} from h`]
}

function lstm(v, { input }) {
  const g = v.gates
  const kept = g.forget.value * v.before
  const added = g.input.value * g.candidate.value
  return {
    gates: [
      gate("forget", 200, 195, "σ", "forget f"), gate("input", 345, 195, "σ", "input i"),
      gate("candidate", 475, 195, "tanh", "candidate g"), gate("output", 615, 195, "σ", "output o"),
    ],
    ops: [op("×", 200, 55), op("+", 410, 55), op("×", 410, 122), op("tanh", 735, 110), op("×", 735, 195)],
    wires: [
      { points: [[20, 55], [880, 55]], state: true },
      { points: [[20, 290], [615, 290]] }, { points: [[95, 318], [95, 290]] },
      ...[200, 345, 475, 615].map(x => ({ points: [[x, 290], [x, 222]] })),
      { points: [[200, 168], [200, 68]], gate: "forget" },
      { points: [[345, 168], [345, 122], [397, 122]], gate: "input" },
      { points: [[475, 168], [475, 122], [423, 122]], gate: "candidate" },
      { points: [[410, 109], [410, 68]] },
      { points: [[735, 55], [735, 94]], state: true }, { points: [[735, 126], [735, 182]] },
      { points: [[667, 195], [722, 195]], gate: "output" },
      { points: [[735, 208], [735, 290], [880, 290]] },
    ],
    words: [
      say(24, 44, `c before: ${text(v.before)}`, { strong: true }), say(218, 44, `f · c = ${text(kept)}`),
      say(420, 98, `i · g = ${text(added)}`), say(430, 44, `c = ${text(kept)} ${added < 0 ? "−" : "+"} ${text(Math.abs(added))}`),
      say(876, 44, `c now: ${text(v.after)}`, { strong: true, end: true }),
      say(751, 152, `tanh c = ${text(Math.tanh(v.after))}`),
      say(876, 279, `h now: ${text(v.hidden)}`, { strong: true, end: true }), say(751, 240, `o · tanh c = ${text(v.hidden)}`),
      say(24, 279, "h before (all units)"), say(106, 318, `reads ${input}`, { strong: true }),
    ],
  }
}

function gru(v, { input }) {
  const g = v.gates
  const z = g.update.value
  return {
    gates: [gate("reset", 190, 195, "σ", "reset r"), gate("candidate", 360, 195, "tanh", "candidate n"), gate("update", 560, 195, "σ", "update z")],
    ops: [op("×", 560, 55), op("+", 760, 55), op("×", 760, 122), op("1 −", 690, 195)],
    wires: [
      { points: [[20, 55], [880, 55]], state: true },
      { points: [[20, 290], [560, 290]] }, { points: [[95, 318], [95, 290]] },
      ...[190, 360, 560].map(x => ({ points: [[x, 290], [x, 222]] })),
      { points: [[242, 195], [308, 195]], gate: "reset" },
      { points: [[560, 168], [560, 68]], gate: "update" },
      { points: [[612, 195], [672, 195]], gate: "update" }, { points: [[708, 195], [760, 195], [760, 135]] },
      { points: [[360, 168], [360, 122], [747, 122]], gate: "candidate" },
      { points: [[760, 109], [760, 68]] },
    ],
    words: [
      say(24, 44, `h before: ${text(v.before)}`, { strong: true }), say(578, 44, `z · h = ${text(z * v.before)}`),
      say(770, 98, `(1 − z) · n = ${text((1 - z) * g.candidate.value)}`), say(770, 190, text(1 - z)),
      say(876, 44, `h now: ${text(v.after)}`, { strong: true, end: true }),
      say(24, 279, "h before (all units)"), say(106, 318, `reads ${input}`, { strong: true }),
    ],
  }
}

function rnn(v, { input }) {
  return {
    gates: [gate("candidate", 450, 110, "tanh", "squash")],
    ops: [],
    wires: [
      { points: [[20, 110], [398, 110]], state: true }, { points: [[502, 110], [880, 110]], state: true },
      { points: [[450, 215], [450, 137]] },
    ],
    words: [
      say(24, 98, `h before: ${text(v.before)}`, { strong: true }), say(24, 132, "and all other units"),
      say(876, 98, `h now: ${text(v.after)}`, { strong: true, end: true }), say(464, 215, `reads ${input}`, { strong: true }),
      say(24, 30, "No gate and no rail of its own: what the unit held reaches it only through the product U h."),
    ],
  }
}

// On a phone the same drawing with the gates close together; the sentence below says what is left out.
const foot = (v, input, now) => [
  say(4, 342, "h before, all units"), say(196, 342, `reads ${input}`, { strong: true }),
  ...(now ? [say(376, 342, `h now: ${text(v.hidden)}`, { strong: true, end: true })] : []),
]
const feet = places => [
  { points: [[4, 320], [places.at(-1), 320]] }, { points: [[186, 346], [186, 320]] },
  ...places.map(x => ({ points: [[x, 320], [x, 242]] })),
]

function narrowLstm(v, { input }) {
  const g = v.gates
  const kept = g.forget.value * v.before
  const added = g.input.value * g.candidate.value
  return {
    gates: [
      gate("forget", 46, 215, "σ", "forget f"), gate("input", 140, 215, "σ", "input i"),
      gate("candidate", 234, 215, "", "candid. g"), gate("output", 328, 215, "σ", "output o"),
    ],
    ops: [op("×", 46, 60), op("+", 187, 60), op("×", 187, 135), op("tanh", 328, 105), op("×", 328, 158)],
    wires: [
      { points: [[4, 60], [376, 60]], state: true }, ...feet([46, 140, 234, 328]),
      { points: [[46, 188], [46, 73]], gate: "forget" },
      { points: [[140, 188], [140, 135], [174, 135]], gate: "input" },
      { points: [[234, 188], [234, 135], [200, 135]], gate: "candidate" },
      { points: [[187, 122], [187, 73]] },
      { points: [[328, 60], [328, 90]], state: true }, { points: [[328, 118], [328, 145]] },
      { points: [[328, 188], [328, 171]], gate: "output" },
      { points: [[341, 158], [375, 158], [375, 326]] },
    ],
    words: [
      say(4, 28, `c before: ${text(v.before)}`, { strong: true }), say(376, 28, `c now: ${text(v.after)}`, { strong: true, end: true }),
      say(62, 50, `f · c = ${text(kept)}`), say(198, 105, `i · g = ${text(added)}`), ...foot(v, input, true),
    ],
  }
}

function narrowGru(v, { input }) {
  const g = v.gates
  const z = g.update.value
  return {
    gates: [gate("reset", 46, 215, "σ", "reset r"), gate("candidate", 144, 215, "", "candid. n"), gate("update", 242, 215, "σ", "update z")],
    ops: [op("×", 242, 60), op("+", 340, 60), op("×", 340, 135), op("1 −", 340, 215)],
    wires: [
      { points: [[4, 60], [376, 60]], state: true }, ...feet([46, 144, 242]),
      { points: [[88, 215], [102, 215]], gate: "reset" },
      { points: [[242, 188], [242, 73]], gate: "update" },
      { points: [[284, 215], [318, 215]], gate: "update" }, { points: [[340, 202], [340, 148]] },
      { points: [[144, 188], [144, 135], [327, 135]], gate: "candidate" },
      { points: [[340, 122], [340, 73]] },
    ],
    words: [
      say(4, 28, `h before: ${text(v.before)}`, { strong: true }), say(376, 28, `h now: ${text(v.after)}`, { strong: true, end: true }),
      say(226, 50, `z · h = ${text(z * v.before)}`, { end: true }), say(330, 105, `(1 − z) · n = ${text((1 - z) * g.candidate.value)}`, { end: true }),
      say(350, 182, text(1 - z)), ...foot(v, input, false),
    ],
  }
}

function narrowRnn(v, { input }) {
  return {
    gates: [gate("candidate", 190, 90, "tanh", "squash")],
    ops: [],
    wires: [
      { points: [[4, 90], [148, 90]], state: true }, { points: [[232, 90], [376, 90]], state: true },
      { points: [[190, 195], [190, 117]] },
    ],
    words: [
      say(4, 78, `h before: ${text(v.before)}`, { strong: true }), say(4, 112, "and all other units"),
      say(376, 78, `h now: ${text(v.after)}`, { strong: true, end: true }), say(190, 215, `reads ${input}`, { strong: true }),
    ],
  }
}

// For a room the same drawing with larger letters and fewer words.
function roomLstm(v, { input }) {
  const g = v.gates
  const kept = g.forget.value * v.before
  const added = g.input.value * g.candidate.value
  return {
    gates: [
      gate("forget", 92, 190, "σ", "forget f"), gate("input", 222, 190, "σ", "input i"),
      gate("candidate", 352, 190, "", "candidate g"), gate("output", 482, 190, "σ", "output o"),
    ],
    ops: [op("×", 92, 52), op("+", 287, 52), op("×", 287, 118), op("tanh", 590, 104), op("×", 590, 190)],
    wires: [
      { points: [[4, 52], [636, 52]], state: true },
      { points: [[4, 284], [482, 284]] }, { points: [[190, 306], [190, 284]] },
      ...[92, 222, 352, 482].map(x => ({ points: [[x, 284], [x, 221]] })),
      { points: [[92, 159], [92, 65]], gate: "forget" },
      { points: [[222, 159], [222, 118], [274, 118]], gate: "input" },
      { points: [[352, 159], [352, 118], [300, 118]], gate: "candidate" },
      { points: [[287, 105], [287, 65]] },
      { points: [[590, 52], [590, 91]], state: true }, { points: [[590, 117], [590, 177]] },
      { points: [[540, 190], [577, 190]], gate: "output" },
      { points: [[590, 203], [590, 284], [636, 284]] },
    ],
    words: [
      say(4, 34, `c before: ${text(v.before)}`, { strong: true }), say(106, 82, `f · c = ${text(kept)}`),
      say(300, 88, `i · g = ${text(added)}`), say(250, 34, `c = ${text(kept)} ${added < 0 ? "−" : "+"} ${text(Math.abs(added))}`),
      say(636, 34, `c now: ${text(v.after)}`, { strong: true, end: true }),
      say(580, 152, `tanh c = ${text(Math.tanh(v.after))}`, { end: true }),
      say(636, 303, `h now: ${text(v.hidden)}`, { strong: true, end: true }),
      say(4, 303, "h before (all units)"), say(202, 303, `reads x: ${input}`, { strong: true }),
    ],
  }
}

function roomGru(v, { input }) {
  const g = v.gates
  const z = g.update.value
  return {
    gates: [gate("reset", 72, 190, "σ", "reset r"), gate("candidate", 214, 190, "", "candidate n"), gate("update", 356, 190, "σ", "update z")],
    ops: [op("×", 356, 52), op("+", 502, 52), op("×", 502, 118), op("1 −", 452, 190)],
    wires: [
      { points: [[4, 52], [636, 52]], state: true },
      { points: [[4, 284], [356, 284]] }, { points: [[190, 306], [190, 284]] },
      ...[72, 214, 356].map(x => ({ points: [[x, 284], [x, 221]] })),
      { points: [[130, 190], [156, 190]], gate: "reset" },
      { points: [[356, 159], [356, 65]], gate: "update" },
      { points: [[414, 190], [430, 190]], gate: "update" }, { points: [[474, 190], [502, 190], [502, 131]] },
      { points: [[214, 159], [214, 118], [489, 118]], gate: "candidate" },
      { points: [[502, 105], [502, 65]] },
    ],
    words: [
      say(4, 34, `h before: ${text(v.before)}`, { strong: true }), say(372, 82, `z · h = ${text(z * v.before)}`),
      say(518, 96, `(1−z) · n =`), say(518, 118, text((1 - z) * g.candidate.value)), say(512, 178, `1−z = ${text(1 - z)}`),
      say(636, 34, `h now: ${text(v.after)}`, { strong: true, end: true }),
      say(4, 303, "h before (all units)"), say(202, 303, `reads x: ${input}`, { strong: true }),
    ],
  }
}

function roomRnn(v, { input }) {
  return {
    gates: [gate("candidate", 320, 118, "tanh", "squash")],
    ops: [],
    wires: [
      { points: [[4, 118], [262, 118]], state: true }, { points: [[378, 118], [636, 118]], state: true },
      { points: [[320, 226], [320, 149]] },
    ],
    words: [
      say(4, 104, `h before: ${text(v.before)}`, { strong: true }), say(4, 144, "and all other units"),
      say(636, 104, `h now: ${text(v.after)}`, { strong: true, end: true }), say(336, 226, `reads x: ${input}`, { strong: true }),
      say(4, 32, "No gate and no rail of its own: what the unit held"), say(4, 54, "reaches it only through the product U h."),
    ],
  }
}

/** What a step did, in one sentence. */
export function sentence(kind, v, character) {
  const g = v.gates
  const per = value => `${Math.round(100 * value)} %`
  if (kind === "LSTM") {
    return `Reading ${character}, the unit keeps ${per(g.forget.value)} of its cell ${text(v.before)}, adds ${per(g.input.value)} of the candidate ${text(g.candidate.value)}, `
      + `and so holds ${text(v.after)}. It shows ${per(g.output.value)} of tanh ${text(v.after)} = ${text(Math.tanh(v.after))}: h is ${text(v.hidden)}.`
  }
  if (kind === "GRU") {
    return `Reading ${character}, the unit keeps ${per(g.update.value)} of its state ${text(v.before)} and takes ${per(1 - g.update.value)} of the candidate ${text(g.candidate.value)}, `
      + `for which it used ${per(g.reset.value)} of what the old states say. Its state is now ${text(v.after)}.`
  }
  return `Reading ${character}, the unit adds ${text(g.candidate.x)} from the character to ${text(g.candidate.h)} from all old states and squashes the sum: `
    + `its ${text(v.before)} becomes ${text(v.after)}. Nothing is kept that this sum does not bring along.`
}
