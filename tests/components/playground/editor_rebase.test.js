import assert from "node:assert/strict"
import { test } from "node:test"

import { applied, changesBetween, rebased } from "../../../frontend/editor/rebase.js"
import { chance } from "./chance.js"

function merged(base, theirs, mine) {
  return applied(rebased(base, theirs, mine), mine)
}

/** @type {[name: string, base: string, theirs: string, mine: string, expected: string][]} */
const CASES = [
  ["nothing was typed", "{ a(b: 1) }", "{ a(b: 2) }", "{ a(b: 1) }", "{ a(b: 2) }"],
  ["nothing was changed", "{ a }", "{ a }", "{ ab }", "{ ab }"],
  ["typed behind", 'a(k: "a")\n', 'a(k: "abc")\n', 'a(k: "a")\n# note', 'a(k: "abc")\n# note'],
  ["typed before", 'a(k: "a")\n', 'a(k: "abc")\n', '# n\na(k: "a")\n', '# n\na(k: "abc")\n'],
  ["typed at both ends", "a(k: 1)", "a(k: 2)", "# x\na(k: 1)\n# y", "# x\na(k: 2)\n# y"],
  ["both in one value", 'k: "a"', 'k: "aZZ"', 'k: "TEXT"', 'k: "TEXTZZ"'],
  [
    "changed in two places",
    "query Q($a: ID) { b(c: $a) }",
    'query Q { b(d: "x") }',
    "query Q($a: ID) { b(c: $a) more }",
    'query Q { b(d: "x") more }',
  ],
  ["letters of two halves", "a 😀 b", "a 😁 b", "a 😀 b c", "a 😁 b c"],
  ["an empty pane", "", '{\n  "a": 1\n}', "", '{\n  "a": 1\n}'],
]

for (const [name, base, theirs, mine, expected] of CASES) {
  test(name, () => assert.equal(merged(base, theirs, mine), expected))
}

test("any text becomes any other, and what was typed elsewhere is kept", () => {
  for (let seed = 1; seed <= 500; seed++) {
    const random = chance(seed)
    const words = () =>
      Array.from({ length: random(9) }, () => random.of(["a", "bb", " ", "\n", "😀", '"']))
    const [old, text] = [words().join(""), words().join("")]
    let [made, at] = ["", 0]
    for (const { from, to, insert } of changesBetween(old, text)) {
      made += old.slice(at, from) + insert
      at = to
    }
    assert.equal(made + old.slice(at), text, `seed ${seed}`)
    assert.equal(merged(old, text, old), text, `seed ${seed}`)
    const typed = merged(`${old}#`, `${text}#`, `typed${old}#here`)
    assert.match(typed, /typed[\s\S]*here/, `seed ${seed}`)
  }
})
