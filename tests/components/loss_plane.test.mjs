// The pure half of the loss plane under `node --test`: laws of the move, and the numbers of models/preference.py.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

const source = readFileSync(new URL("../../components/loss_plane/losses.js", import.meta.url), "utf8")
const { labelPlace, log1mexp, lossAt, LOW, METHODS, move, odds, orShare, outcome, print, regions, sentences, TOP, way } =
  await import(`data:text/javascript,${encodeURIComponent(source)}`)

const { planeScale } = await import("../../components/loss_plane/draw.js")

const P = { w: -1.2, l: -1.5, c: 0.25, r: 1, lam: 1, beta: 0.1, sbeta: 2, gamma: 1, rw: -1.3, rl: -1.4, nw: 20, nl: 20 }
const close = (a, b, most = 1e-9) => assert.ok(Math.abs(a - b) <= most * Math.max(1, Math.abs(b)), `${a} is not ${b}`)

test("every loss and slope is the one of models/preference.py", () => {
  const given = JSON.parse(process.env.POINTS ?? "[]")
  assert.ok(given.length > 0)
  for (const { numbers, found } of given) {
    for (const [name, , loss, up, down] of found) {
      const at = lossAt(name.toLowerCase(), numbers, numbers.w, numbers.l)
      close(at.loss, loss)
      close(at.gw, up)
      close(at.gl, down)
    }
  }
})

test("log1mexp holds at both ends", () => {
  close(log1mexp(-1e-9), -20.72326583744641, 1e-14)
  close(log1mexp(-50), -1.9287498479639178e-22, 1e-30)
})

test("SFT raises the rejected answer by the shared part alone, and not at all without one", () => {
  for (const c of [0, 0.25, 1]) close(move("sft", { ...P, c }, -1, -2).l, c)
  assert.equal(outcome(move("sft", P, -1, -2)), "rise")
  assert.equal(outcome(move("sft", { ...P, c: 0 }, -1, -2)), "parted")
})

test("DPO lowers the chosen answer exactly where shared direction × relative size exceeds 1", () => {
  for (const [c, r, kind] of [[0.5, 1.9, "parted"], [0.5, 2.1, "fall"], [0.9, 1, "parted"]]) {
    assert.equal(outcome(move("dpo", { ...P, c, r }, -1.3, -1.4)), kind)
  }
  // sums: a rejected answer of twice the tokens pulls twice as hard
  assert.equal(outcome(move("dpo", { ...P, c: 0.6, nl: 40 }, -1.3, -1.4)), "fall")
})

test("ORPO with λ = 0 is SFT; with more λ the rejected answer moves down", () => {
  assert.deepEqual(move("orpo", { ...P, lam: 0 }, -1, -2), move("sft", P, -1, -2))
  const at = [0.1, 0.5, 1, 2].map(lam => move("orpo", { ...P, lam }, -1.2, -1.5).l)
  assert.deepEqual([...at].sort((a, b) => b - a), at)
  assert.ok(at[0] > 0 && at[2] < 0)
})

test("at the log-probabilities of models a small λ leaves the odds ratio a few per cent", () => {
  const share = orShare({ ...P, w: -2.5, l: -2.5, lam: 0.1 })
  assert.ok(share > 0.04 && share < 0.06)
  const { gw } = lossAt("orpo", P, P.w, P.l)
  close(orShare(P), (-gw - 1) / -gw)
})

test("a way stays on the plane and stops in IPO's valley", () => {
  for (const method of Object.keys(METHODS)) {
    const places = way(method, P)
    assert.ok(places.every(([w, l]) => w >= LOW && w <= TOP && l >= LOW && l <= TOP))
    assert.ok(places.length >= 2)
  }
  const flat = way("ipo", { ...P, beta: 2, c: 0, w: -2, l: -2.1 })
  assert.ok(flat.length < 20)
})

test("regions are named where they are large", () => {
  const cells = regions("orpo", P, 31)
  assert.equal(cells.length, 31 * 31)
  for (const which of ["parted", "rise"]) {
    const place = labelPlace(cells, 31, which)
    assert.equal(cells[place.row * 31 + place.column], which)
  }
  assert.equal(labelPlace(cells, 31, "swapped"), null)
})

test("sentences name the numbers, and numbers are printed with a minus sign", () => {
  const said = sentences(["sft", "orpo"], P)
  assert.match(said, /probability 0\.301 .* 0\.223: log odds ratio 0\.41, δ = 0\.40/)
  assert.match(said, /SFT raises the chosen answer by 1\.00 and raises the rejected answer by 0\.25: both rise/)
  assert.match(said, /ORPO \(λ = 1\.00\) .* lowers the rejected answer by 0\.12: they part/)
  assert.equal(print(-0.001), "−1.0e−3")
  assert.equal(print(-1e-12, 12), "−0.000000000001")
  assert.equal(print(1 / 0), "∞")
  const own = x => Math.exp(x) / (1 - Math.exp(x))
  close(odds(-1.2, -1.5).logRatio, Math.log(own(-1.2) / own(-1.5)), 1e-12)
})

test("a place on a plane is found again, on a page and in a room", () => {
  for (const [size, least] of [[392, 0], [366, 24]]) {
    const { margin, wide, high, x, y, w, l } = planeScale(size, least)
    assert.ok(wide > size * 0.6 && high > size * 0.6 && margin.left + wide + margin.right === size)
    close(w(x(-1.2)), -1.2)
    close(l(y(-1.5)), -1.5)
  }
})
