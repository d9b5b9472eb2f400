import assert from "node:assert/strict"
import { test } from "node:test"

import { buildSchema, parse, validate } from "../../../frontend/node_modules/graphql/index.js"

import { toValue, toVariable } from "../../../frontend/editor/language/value_variable.js"

const SCHEMA = buildSchema(`
  enum Side { LEFT RIGHT }
  input Where { side: Side, names: [String!], n: Float, inner: Where }
  type Query { find(where: Where, side: Side, sides: [Side!], first: Int!, id: ID): String }
  directive @note(text: String) on FIELD
`)

/** The text without its ^, and where that stood. @param {string} marked */
function placed(marked) {
  const at = marked.indexOf("^")
  return { text: marked.slice(0, at) + marked.slice(at + 1), at }
}

/** @param {string} text @param {{ from: number, to: number, insert: string }[]} changes */
function changed(text, changes) {
  return changes.reduceRight(
    (now, { from, to, insert }) => now.slice(0, from) + insert + now.slice(to),
    text,
  )
}

/** @param {typeof toVariable} convert @param {string} marked @param {string} variables */
function after(convert, marked, variables) {
  const { text, at } = placed(marked)
  const changes = convert(text, variables, at, SCHEMA)
  if (!changes) return null
  const written = changed(text, changes.query)
  assert.deepEqual(validate(SCHEMA, parse(written)), [])
  return [written, changed(variables, changes.variables)]
}

/** @type {[marked: string, variables: string, text: string, values: string][]} */
const MADE = [
  [
    "{ find(first: ^10) }",
    "",
    "query ($first: Int!) { find(first: $first) }",
    '{\n  "first": 10\n}',
  ],
  [
    "query Q { find(first: 1, side: LE^FT) } # end",
    "{}",
    "query Q($side: Side) { find(first: 1, side: $side) } # end",
    '{\n  "side": "LEFT"\n}',
  ],
  [
    'query Q($first: Int!) { find(first: $first, where: {n: 1.10^, names: ["a"]}) }',
    '{\n    "first": 1\n}',
    'query Q($first: Int!, $n: Float) { find(first: $first, where: {n: $n, names: ["a"]}) }',
    '{\n    "first": 1,\n    "n": 1.10\n}',
  ],
  [
    "query { find(first: 1, where: ^{n: 1E5, inner: {side: RIGHT, names: null}}) }",
    '{"where": 9007199254740993}',
    "query ($where2: Where) { find(first: 1, where: $where2) }",
    '{"where": 9007199254740993, "where2": {"n": 1E5, "inner": {"side": "RIGHT", "names": null}}}',
  ],
  [
    '{ find(first: 1) @note(text: "a\\"^b") }',
    " ",
    "query ($text: String) { find(first: 1) @note(text: $text) }",
    '{\n  "text": "a\\"b"\n}',
  ],
]
for (const [marked, variables, text, values] of MADE)
  test(`the value in ${marked} becomes a variable`, () => {
    assert.deepEqual(after(toVariable, marked, variables), [text, values])
  })

/** @type {[marked: string, variables: string, text: string, values: string][]} */
const UNMADE = [
  [
    "query ($first: Int!) { find(first: $fi^rst) }",
    '{"first": 10}',
    "query  { find(first: 10) }",
    "{}",
  ],
  [
    "query Q($a: Side, $b: [Side!]) { find(first: 1, side: ^$a, sides: $b) }",
    '{"a": "LEFT", "b": ["RIGHT"]}',
    "query Q($b: [Side!]) { find(first: 1, side: LEFT, sides: $b) }",
    '{"b": ["RIGHT"]}',
  ],
  [
    "query Q($a: Side, $b: [Side!]) { find(first: 1, side: $a, sides: ^$b) }",
    '{"a": "LEFT",\n "b": ["RIGHT"]}',
    "query Q($a: Side) { find(first: 1, side: $a, sides: [RIGHT]) }",
    '{"a": "LEFT"}',
  ],
  [
    "query Q($w: Where) { find(first: 1, where: $^w) two: find(first: 2, where: $w) }",
    '{"w": {"side": "LEFT", "names": ["\\u00e9"], "n": null}}',
    'query Q($w: Where) { find(first: 1, where: {side: LEFT, names: ["\\u00e9"], n: null}) two: find(first: 2, where: $w) }',
    '{"w": {"side": "LEFT", "names": ["\\u00e9"], "n": null}}',
  ],
  ["query Q($n: Int! = 7) { find(first: ^$n) }", "", "query Q { find(first: 7) }", ""],
]
for (const [marked, variables, text, values] of UNMADE)
  test(`the variable in ${marked} becomes its value`, () => {
    assert.deepEqual(after(toValue, marked, variables), [text, values])
  })

test("where nothing can be made of it nothing is changed", () => {
  for (const [marked, variables] of [
    ["{ fi^nd(first: 1) }", ""], // no value
    ["{ find(first: ^1 }", ""], // broken
    ["{ find(first: ^1) }", "[1]"], // no place for it
    ["{ find(first: ^1) }", "{"],
    ["query ($a: Int!) { find(first: ^$a) }", ""], // a variable already
    ["query ($a: Int! = ^1) { find(first: $a) }", ""], // a declaration
    ["{ ...F } fragment F on Query { find(first: ^1) }", ""], // of several operations, perhaps
  ])
    assert.equal(after(toVariable, marked, variables), null, marked)
  for (const [marked, variables] of [
    ["query ($a: Int!) { find(first: ^$a) }", ""], // no value
    ["query ($a: Int!) { find(first: ^$a) }", '{"b": 1}'],
    ["query ($^a: Int!) { find(first: $a) }", '{"a": 1}'], // a declaration
    ["query ($w: Where) { find(first: 1, where: $^w) }", '{"w": {"not a name": 1}}'],
    ["{ find(first: ^1) }", "{}"],
  ])
    assert.equal(after(toValue, marked, variables), null, marked)
})

test("a comment beside a declaration is not thrown away", () => {
  const marked = "query Q(\n  # how many\n  $n: Int!\n) { find(first: ^$n) }"
  const { text, at } = placed(marked)
  const changes = toValue(text, '{"n": 1}', at, SCHEMA)
  assert.equal(changed(text, changes?.query ?? []), text.replace("first: $n", "first: 1"))
})

test("there and back leaves the texts as they were, but for the layout of the variables", () => {
  const text =
    'query Q($a: Side) { find(first: 1, side: $a, where: {names: ["x"], inner: {n: 1.0}}) }'
  const variables = '{\n  "a": "LEFT"\n}'
  for (let at = 0; at <= text.length; at += 1) {
    const made = toVariable(text, variables, at, SCHEMA)
    if (!made) continue
    const [there, values] = [changed(text, made.query), changed(variables, made.variables)]
    const added = made.query[1]
    const place = there.lastIndexOf(added.insert)
    const back = toValue(there, values, place + 1, SCHEMA)
    assert.equal(changed(there, back?.query ?? []), text)
    assert.equal(changed(values, back?.variables ?? []), variables)
  }
})
