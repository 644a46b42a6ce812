import assert from "node:assert"
import { test } from "node:test"
import { find, plain } from "../../components/search_box/search.js"

const index = [
  ["Attention heads", "What does each head of a real model look at?", ""],
  ["Attention", "A weighted mean of values.", ""],
  ["king − man + woman", "Queen?", ""],
  ["Vanishing gradient", "The far past teaches nothing.", "vanishing gradients"],
  ["LSTM", "A recurrent network with a cell state.", "long short-term memory"],
].map(([name, about, also]) => ({ name: plain(name), about: plain(about), also: plain(also) }))
const names = query => find(index, query, 3).map(place => index[place].name)

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
