import assert from "node:assert/strict"
import test from "node:test"

import { notesPage } from "../../components/lesson_bar/lesson_bar.js"
import { address, anew, taken, turned } from "../../components/lesson_bar/turning.js"

const element = (tagName, { role, ...rest } = {}) => ({
  tagName, tabIndex: -1, isContentEditable: false, hasAttribute: name => name === "role" && Boolean(role), ...rest,
})

test("arrow keys and a clicker turn the steps, Home and End lead to the first and the last", () => {
  const keys = ["ArrowRight", "PageDown", "ArrowLeft", "PageUp", "Home", "End", " ", "a", "Enter"]
  assert.deepEqual(keys.map(key => turned(key, 2, 5)), [3, 3, 1, 1, 0, 4, 3, null, null])
  assert.deepEqual(keys.map(key => turned(key, 0, 5)), [1, 1, null, null, null, 4, 1, null, null])
  assert.deepEqual(keys.map(key => turned(key, 0, 1)), Array(9).fill(null))
})

test("the address of a step is its link with its place", () => {
  const data = { links: ["seq2seq", "distributions?dist_n=10"], tail: "lesson=x", present: false }
  assert.equal(address(data, 0), "seq2seq?lesson=x&step=1")
  assert.equal(address({ ...data, present: true }, 1), "distributions?dist_n=10&lesson=x&step=2&present=1")
})

test("a step is turned to once more by another spelling of its number", () => {
  assert.equal(anew(2, "?lesson=x&step=3"), "03")
  assert.equal(anew(2, "?lesson=x&step=03"), "3")
  assert.equal(anew(2, "?lesson=x&step=1"), "3")
})

test("a field keeps what is typed into it, and a picture its arrow keys", () => {
  for (const key of ["n", "q", "ArrowRight", "PageDown"]) {
    assert.ok(taken(element("TEXTAREA"), key))
    assert.ok(taken(element("INPUT", { type: "text", tabIndex: 0 }), key))
    assert.ok(taken(element("DIV", { isContentEditable: true }), key))
    assert.ok(!taken(element("BODY"), key))
    assert.ok(!taken(element("A", { tabIndex: 0 }), key))
    assert.ok(!taken(element("BUTTON", { tabIndex: 0 }), key))
  }
  const owners = [element("CANVAS", { tabIndex: 0 }), element("BUTTON", { role: "tab", tabIndex: 0 }), element("INPUT", { type: "range" })]
  for (const owner of owners) {
    assert.ok(taken(owner, "ArrowRight") && taken(owner, "Home"))
    assert.ok(!taken(owner, "PageDown"))
    assert.ok(taken(owner, " "))
  }
  assert.ok(taken(element("BUTTON", { tabIndex: 0 }), " "))
  assert.ok(!taken(element("BODY"), " "))
})

test("the notes hold what was written as text, whatever it is", () => {
  const page = notesPage({ lesson: "</script><b>", steps: [{ title: "<i>", say: "a", ask: "b" }], at: 0 })
  assert.equal(page.split("</script>").length, 2)
  assert.ok(!page.includes("<b>") && !page.includes("<i>"))
})
