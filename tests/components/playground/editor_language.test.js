import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

import { CompletionContext } from "../../../frontend/node_modules/@codemirror/autocomplete/dist/index.js"
import { json } from "../../../frontend/node_modules/@codemirror/lang-json/dist/index.js"
import { EditorState } from "../../../frontend/node_modules/@codemirror/state/dist/index.js"
import { graphqlLanguageSupport } from "../../../frontend/node_modules/cm6-graphql/dist/index.js"
import { definitionAt, documentationAt } from "../../../frontend/editor/language/hover.js"
import { lastNamesField } from "../../../frontend/editor/language/last_values.js"
import { operationAt, operationsOf } from "../../../frontend/editor/language/operations.js"
import { queryCompletion } from "../../../frontend/editor/language/query_completion.js"
import { problemsOf } from "../../../frontend/editor/language/query_lint.js"
import { readSchema, schemaField } from "../../../frontend/editor/language/schema.js"
import { callOf, operationOf } from "../../../frontend/editor/language/selections.js"
import { exampleOf } from "../../../frontend/editor/language/variable_examples.js"
import {
  variableTypesField,
  variableTypesOf,
} from "../../../frontend/editor/language/variable_types.js"
import { variablesCompletion } from "../../../frontend/editor/language/variables_completion.js"
import { problemsOf as variableProblemsOf } from "../../../frontend/editor/language/variables_lint.js"
import { find, indexOf } from "../../../frontend/editor/explorer/search.js"
import { usedBy } from "../../../frontend/editor/explorer/used_by.js"

const schema = readSchema(
  readFileSync(new URL("../../../contract/schema.graphql", import.meta.url), "utf8"),
)
const WORDS = new Proxy(
  {},
  { get: (_, name) => `${String(name)}: {name} {path} {type} {values} {known}` },
)
const CREATE = "mutation Create($input: CreateAssetInput!) { createAsset(input: $input) { id } }"

test("operations are found by name and place, in broken documents too", () => {
  const text =
    "query One { viewer { id } }\n# between\nmutation Two { createTempFileUploadUrl { \nquery Three { a }"
  const names = operationsOf(query(text)).map(({ name }) => name)
  assert.deepEqual(names.slice(0, 2), ["One", "Two"])
  assert.equal(nameAt("query One { a }|"), "One")
  assert.equal(nameAt("query One { a }\n|\nquery Two { b }"), "One")
  assert.equal(nameAt("query One { a }\nquery Tw|o { b }"), "Two")
  assert.equal(nameAt("|fragment F on User { id }\nquery One { a }"), "One")
  assert.equal(nameAt("{ a| }"), "")
  assert.equal(operationAt(query("# nothing")), undefined)
})

test("problems are marked where they are", () => {
  assert.deepEqual(marked("query { viewer { nme } }"), ["nme"])
  assert.deepEqual(marked("query { viewer { name(a: 1) } }"), ["a"])
  assert.deepEqual(marked("query { viewer }"), ["viewer"])
  assert.deepEqual(marked("query { viewer { "), [" "])
  assert.deepEqual(marked("# nothing yet\n"), [])
  assert.deepEqual(marked("query { viewer { id } }"), [])
  assert.equal(problemsOf("{ nme }", null, WORDS).length, 0)
})

test("nothing between braces is said to be that, as in a snippet that was cut off", () => {
  const [problem] = problemsOf("mutation { createTempFileUploadUrl { } }", schema, WORDS)
  assert.match(problem.message, /^empty_selection/)
})

test("a field without its selection can be mended", () => {
  const [problem] = problemsOf("query {\n  viewer\n}", schema, WORDS)
  assert.match(
    applied(query("query {\n  viewer\n}"), problem.actions[0]),
    /viewer \{\n {4}id\n {4}name\n {4}picture\n {2}\}/,
  )
})

test("deprecated fields are warned of", () => {
  const other = readSchema('type Query { old: Int @deprecated(reason: "Use new."), new: Int }')
  const [problem] = problemsOf("{ old }", other, WORDS)
  assert.equal(problem.severity, "warning")
  assert.match(problem.message, /Use new/)
})

test("a directive that may be repeated is no mistake when it is", () => {
  const marked = (repeatable) => {
    const sdl = `directive @mark(note: String) ${repeatable} on QUERY type Query { one: Int }`
    return problemsOf('query @mark(note: "a") @mark(note: "b") { one }', readSchema(sdl), WORDS)
  }
  assert.equal(marked("repeatable").length, 0)
  assert.equal(marked("").length, 1)
})

test("a subscription is said not to run, where it begins and whatever else is there", () => {
  const other = readSchema("type Query { a: Int } type Subscription { a: Int }")
  const text = "query One { a } subscription Two { a }"
  for (const schema of [other, null]) {
    const [problem, ...more] = problemsOf(text, schema, WORDS)
    assert.equal(more.length, 0)
    assert.match(problem.message, /^no_subscriptions/)
    assert.equal(text.slice(problem.from, problem.to), "subscription")
  }
})

const LATER = readSchema(`
  type Query { thing(by: Key, filter: Filter, old: Int @deprecated(reason: "Use new."), new: Colour): Int }
  input Key @oneOf { round: Key, id: ID, name: String }
  input Filter { word: String, phrase: String @deprecated(reason: "Use word.") }
  enum Colour { RED, GREY @deprecated(reason: "Use red.") }
`)

test("deprecated arguments, input fields and values are warned of and struck through", () => {
  const text = '{ thing(old: 1, filter: {phrase: "a"}, new: GREY) }'
  const found = problemsOf(text, LATER, WORDS)
  assert.deepEqual(
    found.map(({ from, to }) => text.slice(from, to)),
    ["old", "phrase", "GREY"],
  )
  assert.ok(
    found.every(({ severity, markClass }) => severity === "warning" && markClass === "struck"),
  )
  assert.deepEqual(
    found.map(({ message }) => /Use \w+\./.exec(message)[0]),
    ["Use new.", "Use word.", "Use red."],
  )
})

test("in the variables too", () => {
  const text = '{"f": {"phrase": "a"}, "c": "GREY"}'
  const found = variableProblemsOf(
    text,
    typesOf("query($f: Filter, $c: Colour) { thing(filter: $f, new: $c) }"),
    WORDS,
  )
  assert.deepEqual(
    found.map(({ from, to, severity, markClass }) => [text.slice(from, to), severity, markClass]),
    [
      ['"phrase"', "warning", "struck"],
      ['"GREY"', "warning", "struck"],
    ],
  )
})

test("deprecated arguments and input fields are offered last, as what they are", () => {
  const at = (text) => {
    const [plain, place] = barred(text)
    return completions(query(plain, 0, LATER), place).map(({ label, type, boost }) => [
      label,
      type,
      boost,
    ])
  }
  assert.deepEqual(
    at("{ thing(o|) }").find(([label]) => label === "old"),
    ["old", "deprecated", -50],
  )
  assert.deepEqual(
    at("{ thing(o|) }").find(([label]) => label === "new"),
    ["new", undefined, 0],
  )
  assert.deepEqual(
    at("{ thing(filter: {p|}) }").find(([label]) => label === "phrase"),
    ["phrase", "deprecated", -50],
  )
})

test("of a oneOf exactly one member is taken, in operations and in variables", () => {
  const marked = (by) => problemsOf(`{ thing(by: ${by}) }`, LATER, WORDS).length
  assert.deepEqual(
    ['{id: "1", name: "a"}', "{}", "{id: null}", '{id: "1"}'].map(marked),
    [1, 1, 1, 0],
  )
  const types = typesOf("query($by: Key) { thing(by: $by) }")
  const inVariables = (by) =>
    variableProblemsOf(`{"by": ${by}}`, types, WORDS).map(({ message }) => message.split(":")[0])
  assert.deepEqual(['{"id": 1, "name": "a"}', "{}", '{"id": null}'].map(inVariables), [
    ["exactly_one"],
    ["exactly_one"],
    ["exactly_one"],
  ])
  assert.deepEqual(inVariables('{"id": "1"}'), [])
})

test("the example of a oneOf has one member, which does not lead round", () => {
  assert.deepEqual(JSON.parse(exampleOf(LATER.getType("Key"))), { id: "" })
})

test("fields, arguments, variables and enum values are offered with their types", () => {
  assert.equal(offered("query { viewer { | } }").name, "String")
  assert.equal(offered("query { viewer { na| } }").name, "String")
  assert.equal(offered("query { viewer { na|").name, "String")
  assert.equal(offered("mutation { createAsset(in| ) }").input, "CreateAssetInput!")
  assert.ok("src" in offered("mutation { createAsset(input: {s|}) }"))
  assert.ok("IMAGE" in offered("mutation { createAsset(input: {type: I| }) { id } }"))
  assert.ok(
    "$input" in offered("mutation A($input: CreateAssetInput!) { createAsset(input: $| ) { id } }"),
  )
  assert.ok(
    "$input" in
      offered("mutation A($input: CreateAssetInput!) { createAsset(input: $in| ) { id } }"),
  )
})

test("keywords, types, fragments and directives are offered", () => {
  assert.ok("mutation" in offered("mu|"))
  assert.ok("mutation" in offered("query { viewer { id } }\n\nmu|"))
  assert.ok("AssetSearchFilters" in offered("query A($a: As|"))
  assert.ok("Asset" in offered('query { node(id: "a") { ... on As| } }'))
  assert.ok("F" in offered("query { viewer { ...| } }\nfragment F on User { id }"))
  assert.ok("include" in offered("query { viewer { id @| } }"))
})

test("what is at the caret is found in the schema", () => {
  assert.deepEqual(definition("query { viewer { na|me } }"), { type: "User", field: "name" })
  assert.deepEqual(definition("mutation A($a: CreateAss|etInput!) { b }"), {
    type: "CreateAssetInput",
  })
  assert.equal(definition("query { viewer { id } } |"), null)
})

test("what is at the pointer is documented", () => {
  assert.equal(
    documented("query { vie|wer { id } }"),
    "Query.viewer: User!\n\nWhoever the access token belongs to.",
  )
  assert.match(documented("query { node(i|d: 1) { id } }"), /^Query\.node\(id: ID!\)/)
  assert.match(documented("query A($a: AssetSearch|Filters) { b }"), /^AssetSearchFilters\n\nUUIDs/)
  assert.equal(documented("query { viewer { id } } |"), "")
})

test("variables are checked by the types the operation declares", () => {
  const good =
    '{"input": {"type": "IMAGE", "name": "a", "filename": "a.png", "assetRepositoryId": "b", "tags": "one"}}'
  assert.deepEqual(variableProblems(good), [])
  assert.deepEqual(variableProblems(""), [["", "missing_variable"]])
  assert.deepEqual(variableProblems('{"inptu": 1}'), [
    ['"inptu"', "unknown_variable"],
    ["{", "missing_variable"],
  ])
  assert.deepEqual(variableProblems('{"input": null}'), [["null", "wrong_type"]])
  assert.deepEqual(variableProblems("[]"), [["[]", "not_an_object"]])
  assert.deepEqual(variableProblems(good.replace('"IMAGE"', '"PICTURE"')), [
    ['"PICTURE"', "not_a_choice"],
  ])
  assert.deepEqual(variableProblems(good.replace('"tags"', '"tag"')), [['"tag"', "unknown_field"]])
  assert.deepEqual(variableProblems(good.replace('"one"', "[1]")), [["1", "$input.tags[0]"]])
  assert.deepEqual(variableProblems(good.replace('"name": "a", ', "")), [["{", "missing_field"]])
  assert.deepEqual(variableProblems('{"input": }'), [["}", "A value is expected here"]])
  assert.deepEqual(
    variableProblems('{"input": {"name": "a", "name": "b"}}').filter(
      ([, what]) => what === "repeated_name",
    ),
    [['"name"', "repeated_name"]],
  )
})

test("variables of the document's other operations may be there", () => {
  const both = `${CREATE}\nquery Node($id: ID!) { node(id: $id) { id } }`
  const types = variableTypesOf(query(both, both.length), schema)
  assert.deepEqual(
    types.map(({ name, required }) => [name, required]),
    [
      ["input", false],
      ["id", true],
    ],
  )
})

test("a missing variable can be added as an example of its type", () => {
  const types = variableTypesOf(query(CREATE), schema)
  const [problem] = variableProblemsOf("", types, WORDS)
  const text = applied(variables(""), problem.actions[0])
  assert.deepEqual(JSON.parse(text), {
    input: { type: "IMAGE", name: "", filename: "", assetRepositoryId: "" },
  })
  assert.deepEqual(variableProblemsOf(text, types, WORDS), [])
})

test("names and values of variables are offered", () => {
  assert.deepEqual(offeredVariables('{"|"}'), ['"input"'])
  assert.ok(offeredVariables('{"input": {"fi|"}}').includes('"filename"'))
  assert.ok(!offeredVariables('{"input": {"name": "a", "|"}}').includes('"name"'))
  assert.deepEqual(offeredVariables('{"input": {"type": |}}'), ['"IMAGE"', '"VIDEO"'])
  assert.deepEqual(offeredVariables('{"input": {"type": "I|"}}'), ['"IMAGE"', '"VIDEO"'])
  assert.deepEqual(offeredVariables('{"input": {"tags": ["|"]}}'), [])
  assert.deepEqual(offeredVariables("|"), [])
})

test("a value of an earlier answer is offered where a text goes, and fits every type", () => {
  const offered = (text, of) => {
    const [plain, at] = barred(text)
    return completions(variables(plain, { of, lastNames: ["downloadUrl"] }), at).map(
      ({ label }) => label,
    )
  }
  const last = '"{{last.downloadUrl}}"'
  assert.deepEqual(offered('{"input": {"name": |}}', CREATE), [last])
  assert.deepEqual(offered('{"input": {"name": "|"}}', CREATE), [last])
  assert.deepEqual(offered('{"input": {"type": |}}', CREATE), ['"IMAGE"', '"VIDEO"'])
  assert.deepEqual(offered('{"input": |}', CREATE), [])
  assert.deepEqual(
    variableProblems(
      '{"input": {"type": "{{last.type}}", "name": "{{ last.a.b }}", "filename": "x", "assetRepositoryId": "{{last.id}}"}}',
    ),
    [],
  )
  assert.deepEqual(variableProblems('{"input": "{{last.input}}"}'), [])
  assert.equal(variableProblems('{"input": "last.input"}').length, 1)
})

test("however much of a placeholder is begun, a completion makes one of it", () => {
  const forms = [
    '"|"',
    '"las|"',
    '"dow|"',
    '"dow|',
    "dow|",
    '"{|"',
    '"{{|"',
    '"{{|',
    '"{{ |"',
    '"{{las|"',
    '"{{las|',
    '"{{last.|"',
    '"{{ last.|"',
    '"{{last.do|"',
    '"{{last.do|',
    '"{{last.DO|"',
    '"{{do|"',
    '"{{last.do|}"',
    '"{{last.do|}}"',
    '"{{ last.do| }}"',
    '"{{last.do|wnload}}"',
    '"{{|last.download"',
    "{{|",
    "{{last.do|",
    "{{last.do|}}",
  ]
  for (const form of forms) {
    for (const around of [
      '{"input": {"name": @}}',
      '{"input": {"name": @, "filename": "a {b"}}',
      '{\n  "input": {\n    "filename": "\\"{",\n    "name": @\n  }\n}',
      '{"input": {"tags": ["b", @]}}',
    ]) {
      // The next quote of a line that has no closing one is taken for it, by whoever reads JSON.
      const isOpen = /^"[^"]*$/.test(form)
      if (isOpen && around.includes('@, "')) continue
      const text = around.replace("@", form)
      const wanted = JSON.parse(around.replace("@", '"{{last.downloadUrl}}"'))
      assert.deepEqual(JSON.parse(taken(text, "downloadUrl")), wanted, text)
    }
  }
})

test("braces of objects are left where a placeholder is begun without a closing quote", () => {
  const made = taken('{"input": {"name": "{{last.do|}}', "downloadUrl")
  assert.equal(made, '{"input": {"name": "{{last.downloadUrl}}"}}')
  const closed = taken('{"input": {"name": {{last.do|}}}}', "downloadUrl")
  assert.equal(closed, '{"input": {"name": "{{last.downloadUrl}}"}}')
})

test("within a longer text a placeholder is completed without quotes, and nothing else is", () => {
  const forms = ["see {{|", "see {{last.do|", "see {{last.do|}}", "{{last.a}} {{ last.|wn }}"]
  for (const form of forms) {
    for (const rest of ["", " and more", ', \\"so\\"']) {
      const made = JSON.parse(taken(`{"input": {"name": "${form}${rest}"}}`, "downloadUrl"))
      assert.ok(made.input.name.includes(" {{last.downloadUrl}}"), form)
      assert.ok(made.input.name.endsWith(JSON.parse(`"${rest}"`)))
    }
  }
  for (const form of [
    '"see do|"',
    '"do|wn there"',
    '"{{last.a}}|"',
    '"a \\"do|"',
    '"{{last.a}} |"',
  ])
    assert.equal(taken(`{"input": {"name": ${form}}}`, "downloadUrl"), undefined)
})

test("of a placeholder that is begun those are offered that go on as it does, of every type", () => {
  const offered = (form, of) => {
    const [plain, at] = barred(`{"input": ${form}}`)
    const lastNames = ["downloadUrl", "id", "uploadUrl"]
    return completions(variables(plain, { of, lastNames }), at, false).map(({ label }) => label)
  }
  const all = ['"{{last.downloadUrl}}"', '"{{last.id}}"', '"{{last.uploadUrl}}"']
  assert.deepEqual(offered('{"name": "{{|"}', CREATE), all)
  assert.deepEqual(offered('{"name": "{{last.|"}', CREATE), all)
  assert.deepEqual(offered('{"name": "{{last.u|"}', CREATE), all.slice(2))
  assert.deepEqual(offered('{"name": "{{I|"}', CREATE), all.slice(1, 2))
  assert.deepEqual(offered('{"name": "{{last.x|"}', CREATE), [])
  assert.deepEqual(offered('{"type": "{{|"}', CREATE), all)
  assert.deepEqual(offered('"{{last.i|"', CREATE), all.slice(1, 2))
  assert.deepEqual(offered('{"{{|"}', CREATE), [])
})

test("what comes near a placeholder and is none is warned of, as it is sent as it is", () => {
  const meant = (text) =>
    variableProblemsOf(JSON.stringify({ a: [text] }), null, { near_miss: "{placeholder}" }, [
      "echo",
      "downloadUrl",
    ])
  for (const [text, placeholder] of [
    ["{{last}}", "{{last.echo}}"],
    ["{{ last }}", "{{last.echo}}"],
    ["{{Last.echo}}", "{{last.echo}}"],
    ["{{LAST.DOWNLOADURL}}", "{{last.downloadUrl}}"],
    ["{{last.download-url}}", "{{last.downloadUrl}}"],
    ["{{last.items[0].id}}", "{{last.items.id}}"],
    ["{{last.uploadUrl", "{{last.uploadUrl}}"],
    ["{{last.uploadUrl}", "{{last.uploadUrl}}"],
    ["{last.echo}", "{{last.echo}}"],
    ["{{last .echo}}", "{{last.echo}}"],
    ["{{\u00a0last.echo}}", "{{last.echo}}"],
    ["{{last.gr\u00f6\u00dfe}}", "{{last.gre}}"],
    ["a {{last.echo}} and {{last}} b", "{{last.echo}}"],
  ]) {
    const [problem, ...more] = meant(text)
    assert.deepEqual(
      [problem?.message, problem?.severity, more],
      [placeholder, "warning", []],
      text,
    )
  }
  for (const text of [
    "{{last.echo}}",
    "{{\tlast.a.b }}",
    "a {{last.echo}} b {{ last.id }}",
    "{{last.}}", // which is refused
    "{{lastName}} {{ last_name }} {{first}} {last} last.echo",
  ])
    assert.deepEqual(meant(text), [], text)
  const [problem] = variableProblemsOf('{"{{last}}": 1, "a": "{{last}}"}', null, WORDS)
  assert.deepEqual([problem.from, problem.to], [21, 31])
})

test("calls and operations are made whole from the schema", () => {
  const field = schema.getMutationType().getFields().createTempFileMultipartUploadUrl
  const text = operationOf("mutation", field)
  assert.match(
    text,
    /^mutation CreateTempFileMultipartUploadUrl\(\$input: CreateTempFileMultipartUploadUrlInput!\) \{\n/,
  )
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const one of Object.values(root.getFields())) {
      const made = operationOf(root === schema.getQueryType() ? "query" : "mutation", one)
      assert.deepEqual(problemsOf(made, schema, WORDS), [], made)
    }
  }
  assert.equal(callOf(/** @type {any} */ (schema.getType("User")).getFields().name), "name")
})

test("examples fit their types, however deep and however circular", () => {
  const other = readSchema(
    "input A { a: A, b: B! } input B { c: [B!]!, d: Int! } type Query { e(f: A): Int }",
  )
  assert.deepEqual(JSON.parse(exampleOf(other.getType("A"))).b.d, 0)
})

test("search finds types, members and arguments, the closest first", () => {
  const index = indexOf(schema)
  assert.equal(find(index, "asset")[0].name, "Asset")
  assert.ok(
    find(index, "fileSize").some(
      ({ name, owner }) => owner === "CreateTempFileMultipartUploadUrlInput" && name === "fileSize",
    ),
  )
  assert.ok(find(index, "mutation create").every(({ owner }) => owner.startsWith("Mutation")))
  assert.ok(find(index, "input").some(({ kind }) => kind === "argument"))
  assert.deepEqual(find(index, "nosuchthing"), [])
  assert.deepEqual(find(index, " "), [])
})

test("used by names every place", () => {
  const uses = usedBy(schema, schema.getType("AssetType")).map(
    ({ type, field, as }) => `${type.name}.${field} ${as}`,
  )
  assert.deepEqual(uses.sort(), [
    "Asset.type result",
    "CreateAssetInput.type field",
    "CreateUpdateAssetInput.type field",
  ])
  assert.ok(
    usedBy(schema, schema.getType("Node")).some(
      ({ type, as }) => type.name === "Asset" && as === "implements",
    ),
  )
})

// What the tests say it with ---------------------------------------------------------------------

function query(text, anchor = 0, known = schema) {
  return EditorState.create({
    doc: text,
    selection: { anchor },
    extensions: [graphqlLanguageSupport(), queryCompletion, schemaField.init(() => known)],
  })
}

function typesOf(text) {
  return variableTypesOf(query(text, 0, LATER), LATER)
}

function variables(text, { of = CREATE, lastNames = [] } = {}) {
  const types = variableTypesOf(query(of), schema)
  return EditorState.create({
    doc: text,
    extensions: [
      json(),
      variablesCompletion,
      variableTypesField.init(() => types),
      lastNamesField.init(() => lastNames),
    ],
  })
}

/** The text without its bar, and where the bar was. */
function barred(text) {
  return [text.replace("|", ""), text.indexOf("|")]
}

function nameAt(text) {
  return operationAt(query(...barred(text))).name
}

function marked(text) {
  return problemsOf(text, schema, WORDS).map(({ from, to }) => text.slice(from, to))
}

function definition(text) {
  const [plain, at] = barred(text)
  return definitionAt(query(plain), at)
}

function documented(text) {
  const [plain, at] = barred(text)
  return String(documentationAt(query(plain), at))
}

function completions(state, at, explicit = true) {
  return completed(state, at, explicit)?.options ?? []
}

function completed(state, at, explicit) {
  const context = new CompletionContext(state, at, explicit)
  return state
    .languageDataAt("autocomplete", at)
    .map((source) => source(context))
    .find(Boolean)
}

/** The variables after the placeholder of a name was taken, by typing alone; undefined if it is not offered. */
function taken(text, name) {
  const [plain, at] = barred(text)
  const view = {
    state: variables(plain, { lastNames: ["id", name] }),
    dispatch: (spec) => (view.state = view.state.update(spec).state),
  }
  const { from, options } = completed(view.state, at, false) ?? { options: [] }
  const option = options.find(({ label }) => label.includes(`{{last.${name}}}`))
  if (!option) return undefined
  option.apply(view, option, from, at)
  const { head } = view.state.selection.main
  assert.ok(view.state.sliceDoc(0, head).endsWith(option.label), text)
  return view.state.doc.toString()
}

function offered(text) {
  const [plain, at] = barred(text)
  return Object.fromEntries(
    completions(query(plain), at).map(({ label, detail }) => [label, detail]),
  )
}

function offeredVariables(text) {
  const [plain, at] = barred(text)
  return completions(variables(plain), at).map(({ label }) => label)
}

/** Each problem as what is marked and the first word of what is said. */
function variableProblems(text) {
  const types = variableTypesOf(query(CREATE), schema)
  return variableProblemsOf(text, types, WORDS)
    .map(({ from, to, message }) => [text.slice(from, to), message.split(":")[0]])
    .sort()
}

/** The text after an action of a problem was taken. */
function applied(state, action) {
  const view = { state, dispatch: (spec) => (view.state = view.state.update(spec).state) }
  action.apply(view)
  return view.state.doc.toString()
}
