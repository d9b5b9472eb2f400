import assert from "node:assert/strict"
import { test } from "node:test"

import { EditorState } from "../../../frontend/node_modules/@codemirror/state/dist/index.js"
import { nameOf, oddCharacters, tidied } from "../../../frontend/editor/language/odd_characters.js"
import { problemsOf } from "../../../frontend/editor/language/query_lint.js"
import { problemsOf as variableProblemsOf } from "../../../frontend/editor/language/variables_lint.js"
import { plainInput } from "../../../frontend/editor/plain_input.js"

const WORDS = {
  odd_character: "{name}",
  make_plain: "Make it plain",
  characters: { "00A0": "no-break space" },
  other_character: "unseen",
}
const QUERIES = [
  ["{\u00a0assets(first:\u30001) {\u200b id } }", "{ assets(first: 1) { id } }"],
  ["\ufeff{ as\u200bset\u00ad }", "{ asset }"],
  ["{ a(b: “x\u00a0y”, c: „z“) }", '{ a(b: "x\u00a0y", c: "z") }'],
  ["{\u2028a\u000bb\u0085}", "{ a b }"],
  ["{ \u{e0001}a }", "{ a }"],
]
const VARIABLES = [
  ['\ufeff{\u00a0"a": 1}', '{ "a": 1}'],
  ["{“a”: 1, “b”:\u3000“c\\” d”}", '{"a": 1, "b": "c\\” d"}'],
  ['{“a": 1}', '{"a": 1}'],
]
const KEPT = [
  '{ a(b: "\u00a0\u200b“x”", c: """\u3000\n“\\"""\u00a0""") } # \u00a0 “',
  '{ a(b: "\\"\u00a0") }',
  '{ a(b: """\u00a0 never closed',
  "{ é 日本 ‘ ' }",
]
const KEPT_JSON = ['{"a": "\u00a0\\"“x”\u200b👨\u200d👩"}', '{"\ufeff": []}', '{"a": "open\u00a0']

test("spaces, marks without a width and quotes are plain where no string holds them", () => {
  for (const [text, plain] of QUERIES) assert.equal(tidied(text, "graphql"), plain)
  for (const [text, plain] of VARIABLES) assert.equal(tidied(text, "json"), plain)
})

test("strings and comments keep every character", () => {
  for (const text of KEPT) assert.deepEqual(oddCharacters(text, "graphql"), [], text)
  for (const text of KEPT_JSON) assert.deepEqual(oddCharacters(text, "json"), [], text)
})

test("what was made plain is plain", () => {
  for (const [text, plain] of [...QUERIES, ...VARIABLES]) {
    for (const language of ["graphql", "json"]) {
      const once = tidied(text, language)
      assert.equal(tidied(once, language), once, plain)
    }
  }
})

test("a problem names the character and puts all of them right", () => {
  const text = "{\u00a0a\u200b }"
  const problems = problemsOf(text, null, WORDS)
  assert.deepEqual(
    problems.map(({ from, to, message }) => [from, to, message]),
    [
      [1, 2, "U+00A0 (no-break space)"],
      [3, 4, "U+200B (unseen)"],
    ],
  )
  const view = {
    state: EditorState.create({ doc: text }),
    dispatch: (spec) => (view.state = view.state.update(spec).state),
  }
  problems[0].actions?.[0].apply(/** @type {any} */ (view), 0, 0)
  assert.equal(view.state.doc.toString(), "{ a }")
  assert.deepEqual(
    variableProblemsOf("\ufeff{}", null, WORDS).map(({ message }) => message),
    ["U+FEFF (unseen)"],
  )
  assert.equal(nameOf("\u{e0001}", WORDS), "U+E0001 (unseen)")
})

function after(language, doc, changes, userEvent) {
  const extensions = [plainInput(language, WORDS)[0]]
  const state = EditorState.create({ doc, selection: { anchor: changes.from }, extensions })
  const end = changes.from + changes.insert.length
  return state.update({ changes, selection: { anchor: end }, userEvent }).state
}

test("what is typed or pasted is made plain at once, with the caret behind it", () => {
  const typed = after("graphql", "{ a }", { from: 1, insert: "\u00a0" }, "input.type")
  assert.equal(typed.doc.toString(), "{  a }")
  assert.equal(typed.selection.main.head, 2)
  const pasted = after("json", "", { from: 0, insert: "\ufeff{\u00a0“a”: 1}" }, "input.paste")
  assert.equal(pasted.doc.toString(), '{ "a": 1}')
  assert.equal(pasted.selection.main.head, 9)
})

test("what is put into a string is kept, and so is what stood there before or comes otherwise", () => {
  const into = after("json", '{"a": ""}', { from: 7, insert: "\u00a0“b”" }, "input.paste")
  assert.equal(into.doc.toString(), '{"a": "\u00a0“b”"}')
  assert.equal(
    after("graphql", "{\u00a0}", { from: 2, insert: "\u3000" }, "input.type").doc.toString(),
    "{\u00a0 }",
  )
  assert.equal(
    after("graphql", "{}", { from: 1, insert: "\u3000" }, "input.type.compose").doc.toString(),
    "{\u3000}",
  )
  assert.equal(
    after("graphql", "{}", { from: 1, insert: "\u3000" }, "undo").doc.toString(),
    "{\u3000}",
  )
})
