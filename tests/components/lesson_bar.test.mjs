import assert from "node:assert/strict"
import test from "node:test"

import { notesPage, taken, turn } from "../../components/lesson_bar/lesson_bar.js"

const element = (tagName, { role, ...rest } = {}) => ({
  tagName, tabIndex: -1, isContentEditable: false, hasAttribute: name => name === "role" && Boolean(role), ...rest,
})

test("arrow keys and a clicker turn the steps", () => {
  assert.deepEqual(["ArrowRight", "PageDown", "ArrowLeft", "PageUp", "a", "Enter"].map(turn), [1, 1, -1, -1, 0, 0])
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
    assert.ok(taken(owner, "ArrowRight"))
    assert.ok(!taken(owner, "PageDown"))
  }
})

test("the notes hold what was written as text, whatever it is", () => {
  const page = notesPage({ lesson: "</script><b>", steps: [{ title: "<i>", say: "a", ask: "b" }], at: 0 })
  assert.equal(page.split("</script>").length, 2)
  assert.ok(!page.includes("<b>") && !page.includes("<i>"))
})
