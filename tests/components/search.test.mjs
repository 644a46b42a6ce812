import assert from "node:assert"
import { test } from "node:test"
import { apart, find, near, plain, searched, split } from "../../components/search_box/search.js"

const index = [
  ["Attention heads", "What does each head of a real model look at?", ""],
  ["Attention", "A weighted mean of values.", ""],
  ["king − man + woman", "Queen?", ""],
  ["Vanishing gradient", "The far past teaches nothing.", "vanishing gradients"],
  ["LSTM", "A recurrent network with a cell state.", "long short-term memory"],
  ["t-SNE", "A map that keeps neighbours.", "map, stochastic neighbours"],
  ["Value", "The vector that a token hands over; a part of it.", ""],
].map(([name, about, also]) => searched([name, about, "", "", also]))
const named = places => places.map(place => index[place].name)
const names = query => named(find(index, query, 3))
const alike = query => named(near(index, query, 3))

test("signs, accents and case do not matter", () => {
  assert.equal(plain("Box–Cox, √d_k"), "box cox d k")
  assert.deepEqual(names("KING - MAN"), ["king man woman"])
})
test("the very name comes first, then names that begin so", () => assert.deepEqual(names("attention"), ["attention", "attention heads"]))
test("other names and the sentence are searched too", () => {
  assert.deepEqual(names("long short"), ["lstm"])
  assert.deepEqual(names("weighted mean"), ["attention"])
})
test("every word must fit", () => assert.deepEqual(names("attention zebra"), []))
test("nothing asked, nothing found", () => assert.deepEqual(names(" ?! "), []))
test("no more than asked for", () => assert.equal(find(index, "a", 1).length, 1))
test("a word with a hyphen is one word, found with and without it", () => {
  assert.deepEqual(split(" p-value  of\tBox–Cox "), ["p value", "of", "box cox"])
  assert.deepEqual(names("p-value"), [])
  assert.deepEqual([names("t-SNE"), names("tsne")], [["t sne"], ["t sne"]])
})
test("each of several other names may be meant as a whole", () => {
  assert.deepEqual(names("stochastic neighbours"), ["t sne"])
  assert.deepEqual(searched(["a", "", "", "", "b c, d"]).also, ["b c", "d"])
})
test("a slip is one letter more, less, other or swapped", () => {
  const slips = [["atention", "attention"], ["attentoin", "attention"], ["lstn", "lstm"], ["", "abc"], ["same", "same"]]
  assert.deepEqual(slips.map(([one, other]) => apart(one, other)), [1, 1, 1, 3, 0])
})
test("what is written almost alike is near, the most alike first", () => {
  assert.deepEqual(alike("atention"), ["attention", "attention heads"])
  assert.deepEqual(alike("vanihsing gradeint"), ["vanishing gradient"])
  assert.deepEqual(alike("vanihs"), ["vanishing gradient"]) // a beginning, not yet all typed
  assert.deepEqual([alike("KL"), alike("zebra"), alike("?"), alike("x".repeat(1e6))], [[], [], [], []])
})
