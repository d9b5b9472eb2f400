import assert from "node:assert/strict"
import { test } from "node:test"

import { prettify } from "../../../frontend/editor/language/prettify.js"

const CASES = [
  ["a plain document", "query   A{b,c(d:1)}", "query A {\n  b\n  c(d: 1)\n}\n"],
  [
    "comments above",
    "# one\n\n# two\nquery A {\n# three\nb }",
    "# one\n# two\nquery A {\n  # three\n  b\n}\n",
  ],
  ["comments behind", "query A { # one\n b # two\n c }", "query A { # one\n  b # two\n  c\n}\n"],
  ["a comment at the end", "{ a }\n# last", "{\n  a\n}\n# last\n"],
  ["a comment before a closing brace", "{ a\n # last\n}", "{\n  a\n  # last\n}\n"],
  [
    "comments within arguments",
    "{ a(\n# one\n b: 1 # two\n c: 2) }",
    "{\n  # one\n  a(b: 1, c: 2) # two\n}\n",
  ],
  [
    "an anonymous query, whose keyword stays",
    "query # one\n{ a # two\n}",
    "query { # one\n  a # two\n}\n",
  ],
  [
    "strings, which stay as they are written",
    '{ a(b: "\\u00e9\\/", c: "é") }',
    '{\n  a(b: "\\u00e9\\/", c: "é")\n}\n',
  ],
  [
    "two comments behind one line",
    "{ a(b: 1 # one\n c: 2 # two\n) }",
    "{\n  # two\n  a(b: 1, c: 2) # one\n}\n",
  ],
  ["signs that look like comments", '{ a(b: "# no") # yes\n}', '{\n  a(b: "# no") # yes\n}\n'],
]

for (const [name, text, expected] of CASES) {
  test(name, () => {
    const made = prettify(text)
    assert.equal(commentsOf(made), commentsOf(text))
    assert.equal(made, expected)
    assert.equal(prettify(made), made, "laid out twice")
  })
}

test("a comment never gets into a string of several lines", () => {
  const made = prettify('{\n  a(b: """\n  one\n  two\n  """ # behind\n  c: 1)\n  # above\n  d\n}')
  assert.match(made, /# behind$/m)
  assert.equal(made.split('"""')[1].includes("#"), false)
  assert.equal(prettify(made), made)
})

test("no comment is lost, wherever it stands", () => {
  const words =
    'query A ( $a : [ Int ! ] = [ 1 ] ) @b ( c : "d" ) { e : f ( g : { h : $a } ) { ... I ... on J { k } } } fragment I on J { l }'.split(
      " ",
    )
  for (let at = 0; at <= words.length; at++) {
    for (const between of [" # here\n", "\n# here\n"]) {
      const text = `${words.slice(0, at).join(" ")}${between}${words.slice(at).join(" ")}`
      const made = prettify(text)
      assert.equal(commentsOf(made), "# here", text)
      assert.equal(without(made), without(prettify(words.join(" "))), text)
      assert.equal(prettify(made), made, text)
    }
  }
})

test("what cannot be read is refused with its place", () => {
  assert.throws(
    () => prettify("{ a { }"),
    (/** @type {{ positions: number[] }} */ error) => error.positions[0] === 6,
  )
})

function commentsOf(text) {
  const found = text.replace(/"""[\s\S]*?"""|"[^"\n]*"/g, "").match(/#.*/g) ?? []
  return found
    .map((comment) => comment.trim())
    .sort()
    .join("|")
}

function without(text) {
  return text
    .replace(/\s*# here/g, "")
    .replace(/\s+/g, " ")
    .trim()
}
