import assert from "node:assert/strict"
import { test } from "node:test"

import { JsonProblem, layOutJson, readJson } from "../../../frontend/editor/language/json_text.js"

const VALUES = [
  null,
  true,
  0,
  -1.5e-7,
  "",
  'a"b\\c\n\u2028é😀',
  [],
  {},
  [1, [2, {}]],
  { a: { "b c": [null] }, "": 0 },
]
/** @type {[text: string, from: number, message: RegExp][]} */
const BROKEN = [
  ["", 0, /ends where a value/],
  ["{", 1, /double quotes is expected/],
  ['{"a" 1}', 5, /colon is expected after "a"/],
  ['{"a": 1 "b": 2}', 8, /comma or }/],
  ['{"a": 1,}', 7, /No comma may stand before }/],
  ["[1 2]", 3, /comma or \]/],
  ["{a: 1}", 1, /double quotes/],
  ['{"a": yes}', 6, /Text has to be in double quotes/],
  ["[01]", 1, /no number of JSON/],
  ['["a]', 1, /no closing quote/],
  ['["\\x"]', 2, /escape/],
  ['["\t"]', 2, /escape/],
  ["{} {}", 3, /more after the end/],
  ['{"a": toString}', 6, /Text has to be in double quotes/],
  ['{"a": NaN}', 6, /Text has to be in double quotes/],
]

for (const value of VALUES) {
  test(`reads ${JSON.stringify(value)} as JSON.parse does`, () => {
    for (const text of [
      JSON.stringify(value),
      JSON.stringify(value, null, "\t"),
      ` ${JSON.stringify(value)}\n`,
    ]) {
      assert.deepEqual(plain(readJson(text)), value)
    }
  })
}

for (const [text, from, message] of BROKEN) {
  test(`says where ${JSON.stringify(text)} breaks`, () => {
    assert.throws(() => JSON.parse(text))
    assert.throws(
      () => readJson(text),
      (error) => error instanceof JsonProblem && error.from === from && message.test(error.message),
    )
  })
}

test("takes and refuses what JSON.parse takes and refuses, whatever is cut out or put in", () => {
  const whole = '{"a": [1, -2.5e3, true, null], "b": {"c": "d\\n\\u00e9"}}'
  for (let at = 0; at <= whole.length; at++) {
    for (const text of [
      whole.slice(0, at),
      whole.slice(0, at) + whole.slice(at + 1),
      ...[...'{}[],:"\\0-e '].map((sign) => whole.slice(0, at) + sign + whole.slice(at)),
    ]) {
      assert.equal(takes(readJson, text), takes(JSON.parse, text), text)
    }
  }
})

test("what is nested too deep is said to be, and does not end in an error of the browser's", () => {
  const deep = (levels) => `${"[".repeat(levels)}${"]".repeat(levels)}`
  assert.equal(plain(readJson(`[[], ${deep(199)}]`)).length, 2)
  for (const levels of [201, 100_000]) {
    assert.throws(
      () => readJson(deep(levels)),
      (error) =>
        error instanceof JsonProblem && error.from === 200 && /too deep/.test(error.message),
    )
  }
})

const WRITTEN = [
  '{"id":485091432142801408,"big":12345678901234567890123,"price":1.10,"n":1.0,"e":1E400,"z":-0.0}',
  '{"10":1,"9":2,"a":1,"a":2}',
  '{"u":"\\u00e9\\/\\ud800","n":"\u00a0 , : {","__proto__":{"toString":[]}}',
  '[[],{},[{}],"",null,true]',
]

for (const text of WRITTEN) {
  test(`laying out ${text} changes white space only`, () => {
    const made = layOutJson(text)
    assert.equal(
      made.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (part) => (part[0] === '"' ? part : "")),
      text,
    )
    assert.equal(layOutJson(made), made)
    assert.equal(layOutJson(` \r\n${made.replaceAll("\n", "\n\t")} `), made)
  })
}

for (const value of VALUES) {
  test(`lays ${JSON.stringify(value)} out as JSON.stringify does`, () => {
    assert.equal(layOutJson(JSON.stringify(value)), JSON.stringify(value, null, 2))
  })
}

test("every value knows its place", () => {
  const text = '{"a": [true, "b"]}'
  const [{ name, value }] = readJson(text).entries
  assert.deepEqual(
    [name, ...value.items].map(({ from, to }) => text.slice(from, to)),
    ['"a"', "true", '"b"'],
  )
})

function takes(read, text) {
  try {
    read(text)
    return true
  } catch {
    return false
  }
}

function plain(node) {
  if (node.kind === "list") return node.items.map(plain)
  if (node.kind === "object")
    return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]))
  return node.value
}
