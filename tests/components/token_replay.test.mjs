import assert from "node:assert/strict"
import test from "node:test"
import { spread } from "../../components/token_replay/draw.js"
import { before, glyph, own, printed, range, sentences, wrap } from "../../components/token_replay/layout.js"

test("tokens wrap where the room ends and keep their order", () => {
  const places = wrap([40, 40, 40, 100], 100, 5)
  assert.deepEqual(places, [{ x: 0, line: 0 }, { x: 45, line: 0 }, { x: 0, line: 1 }, { x: 0, line: 2 }])
})

test("tokens of one answer alone are found, those of both are not", () => {
  const a = ["Sure", "!", "A", "fox", "is", "."]
  const b = ["I", "think", "A", "fox", "is", "."]
  assert.deepEqual(own(a, b), [true, true, false, false, false, false])
  assert.deepEqual(own(a, a), a.map(() => false))
  assert.deepEqual(own(a, []), a.map(() => true))
})

test("ends, spaces and line ends are shown as something", () => {
  assert.equal(glyph("<|im_end|>"), "end")
  assert.equal(glyph("\n"), "↵")
  assert.equal(glyph(" fox"), "fox")
})

test("a sample is that of the last step before", () => {
  assert.equal(before([0, 50, 100], 70), 50)
  assert.equal(before([0, 50, 100], 0), 0)
})

test("log-probabilities are printed with their probability", () => {
  assert.equal(printed(0), "0.00 (100 %)")
  assert.equal(printed(-69), "−0.69 (50 %)")
  assert.equal(printed(-461), "−4.61 (1.0 %)")
  assert.equal(printed(-1685), "−16.85 (under 0.001 %)")
})

test("labels are moved apart and stay in order and inside", () => {
  const out = spread([10, 11, 12, 99], 10, 0, 100)
  assert.deepEqual([...out].sort((a, b) => a - b), out)
  out.slice(1).forEach((value, i) => assert.ok(value - out[i] >= 10 - 1e-9))
  assert.ok(out.at(-1) <= 100)
})

test("the sentences name the run's own numbers", () => {
  const run = {
    name: "ORPO, λ = 1", steps: [0, 10], curves: { chosen: [-2, -1], rejected: [-2, -4], odds: [0, 3.35] },
    tokens: [[[[-200], [-300, -100]]], [[[-100], [-700, -100]]]],
  }
  const said = sentences(run, { rejected: ["I", "know"] }, 0, 1, 10)
  assert.match(said, /after 10 steps/)
  assert.match(said, /rose to −1.00 \(from −2.00\), that of a rejected one fell to −4.00 \(from −2.00\)/)
  assert.match(said, /29 times/)
  assert.match(said, /most lowered is “I”: −3.00 \(5.0 %\) became −7.00/)
  assert.match(sentences(run, { rejected: ["I", "know"] }, 0, 0, 10), /before the training/)
  assert.deepEqual(range([[-2.2, 0], [1.1]]), [-3, 2])
})
