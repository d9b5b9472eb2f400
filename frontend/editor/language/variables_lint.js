// What is wrong with the variables: as JSON, and by the types the operation declares for them.

import { linter } from "@codemirror/lint"
import {
  GraphQLError,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  isSpecifiedScalarType,
} from "graphql"

import { sentence } from "../elements.js"
import { oddProblems } from "./odd_lint.js"
import { STRUCK } from "./query_lint.js"
import { JsonProblem, readJson } from "./json_text.js"
import { isPlaceholder, lastNamesField, nearMiss } from "./last_values.js"
import { exampleOf } from "./variable_examples.js"
import { variableTypesField } from "./variable_types.js"

const DELAY = 250 // milliseconds after the last keystroke

export const variablesLint = (words) =>
  linter(
    ({ state }) =>
      problemsOf(
        state.doc.toString(),
        state.field(variableTypesField),
        words,
        state.field(lastNamesField),
      ),
    {
      delay: DELAY,
      needsRefresh: ({ startState, state }) =>
        startState.field(variableTypesField) !== state.field(variableTypesField) ||
        startState.field(lastNamesField) !== state.field(lastNamesField),
    },
  )

/**
 * The problems of variables as JSON text, where the types are not known without those of types; `names` are
 * what `last.` can be followed by.
 */
export function problemsOf(text, types, words, names = []) {
  const problems = []
  const note = ({ from, to }, message, actions = [], severity = "error", markClass = undefined) =>
    problems.push({ from, to, severity, message, actions, markClass })
  const odd = oddProblems(text, "json", words)
  if (odd.length) return odd
  const root = tree(text, note)
  if (!root) return problems
  for (const string of stringsIn(root)) {
    const placeholder = nearMiss(string.value, names)
    if (placeholder) note(string, sentence(words.near_miss, { placeholder }), [], "warning")
  }
  if (root.kind !== "object") note(root, words.not_an_object)
  else if (types) new Check(note, words).variables(root, types)
  return problems
}

/** Nothing at all stands for no variables. */
function tree(text, note) {
  if (!text.trim()) return { kind: "object", from: 0, to: text.length, entries: [], empty: true }
  try {
    return readJson(text)
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error
    note(error, error.message)
    return null
  }
}

/** The strings among the values: names are sent as they are in any case. */
function stringsIn({ kind, entries = [], items = [], ...node }) {
  if (kind === "string") return [node]
  return [...items, ...entries.map(({ value }) => value)].flatMap(stringsIn)
}

class Check {
  constructor(note, words) {
    this.note = note
    this.words = words
  }

  variables(root, types) {
    this.repeated(root)
    for (const { key, name, value } of root.entries) {
      const variable = types.find((other) => other.name === key)
      if (variable) this.value(value, variable.type, `$${key}`)
      else this.note(name, sentence(this.words.unknown_variable, { name: key }), [], "warning")
    }
    const missing = types.filter(
      ({ name, required }) => required && !root.entries.some(({ key }) => key === name),
    )
    for (const { name, type } of missing) {
      const message = sentence(this.words.missing_variable, { name, type: String(type) })
      this.note(opening(root), message, [this.adding(root, name, type)])
    }
  }

  value(node, type, path) {
    if (node.kind === "string" && isPlaceholder(node.value)) return
    if (isNonNullType(type)) {
      if (isNull(node)) this.wrong(node, type, path)
      else this.value(node, type.ofType, path)
    } else if (isNull(node)) return
    else if (isListType(type)) this.list(node, type, path)
    else if (isInputObjectType(type)) this.object(node, type, path)
    else if (isEnumType(type)) this.choice(node, type, path)
    else if (isSpecifiedScalarType(type)) this.scalar(node, type, path)
  }

  /** A single value stands for a list of one. */
  list(node, type, path) {
    if (node.kind !== "list") return this.value(node, type.ofType, path)
    for (const [index, item] of node.items.entries()) {
      this.value(item, type.ofType, `${path}[${index}]`)
    }
  }

  object(node, type, path) {
    if (node.kind !== "object") {
      this.wrong(node, type, path)
      return
    }
    this.repeated(node)
    const fields = type.getFields()
    for (const { key, name, value } of node.entries) {
      if (fields[key]) this.field(name, value, fields[key], `${path}.${key}`)
      else this.unknownField(name, key, type)
    }
    if (type.isOneOf) this.oneOf(node, type, path)
    const given = new Set(node.entries.map(({ key }) => key))
    for (const field of Object.values(fields).filter(
      (one) => isRequiredInputField(one) && !given.has(one.name),
    )) {
      const message = sentence(this.words.missing_field, {
        name: field.name,
        type: String(field.type),
        path,
      })
      this.note(opening(node), message, [this.adding(node, field.name, field.type)])
    }
  }

  field(name, value, { type, deprecationReason: reason }, path) {
    if (reason)
      this.note(
        name,
        sentence(this.words.deprecated_field, { path, reason }),
        [],
        "warning",
        STRUCK,
      )
    this.value(value, type, path)
  }

  /** Of `@oneOf` exactly one member is given, and not as null. */
  oneOf(node, type, path) {
    const known = Object.keys(type.getFields()).join(", ")
    if (node.entries.length !== 1)
      this.note(node, sentence(this.words.exactly_one, { path, known }))
    else if (isNull(node.entries[0].value))
      this.note(node.entries[0].value, sentence(this.words.exactly_one, { path, known }))
  }

  unknownField(name, key, type) {
    const known = Object.keys(type.getFields()).join(", ")
    this.note(name, sentence(this.words.unknown_field, { name: key, type: type.name, known }))
  }

  choice(node, type, path) {
    const values = type.getValues().map(({ name }) => name)
    if (node.kind === "string" && values.includes(node.value)) {
      const { deprecationReason: reason } = type.getValue(node.value)
      if (reason)
        this.note(
          node,
          sentence(this.words.deprecated_field, { path, reason }),
          [],
          "warning",
          STRUCK,
        )
      return
    }
    this.note(
      node,
      sentence(this.words.not_a_choice, { path, type: type.name, values: values.join(", ") }),
    )
  }

  scalar(node, type, path) {
    const plain = ["string", "number", "literal"].includes(node.kind)
    try {
      if (plain) type.parseValue(node.value)
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error
      this.note(node, `${path}: ${asWritten(error.message, node)}`)
      return
    }
    if (!plain) this.wrong(node, type, path)
  }

  repeated({ entries }) {
    const seen = new Set()
    for (const { key, name } of entries) {
      if (seen.has(key))
        this.note(name, sentence(this.words.repeated_name, { name: key }), [], "warning")
      seen.add(key)
    }
  }

  wrong(node, type, path) {
    this.note(node, sentence(this.words.wrong_type, { path, type: String(type) }))
  }

  adding(node, name, type) {
    return { name: this.words.add_it, apply: (view) => addEntry(view, node, name, type) }
  }
}

/** A message with the number it is about as it was written, which is not always the number read. */
function asWritten(message, { kind, value, written }) {
  return kind === "number" ? message.replace(String(value), () => written) : message
}

function isNull(node) {
  return node.kind === "literal" && node.value === null
}

/** Where something that is not there is marked: the object's opening brace. */
function opening({ from, empty }) {
  return empty ? { from: 0, to: 0 } : { from, to: from + 1 }
}

/** Write one more entry of an object, as an example of its type. */
function addEntry(view, node, name, type) {
  const { doc } = view.state
  const indent = node.empty ? "" : /^\s*/.exec(doc.lineAt(node.from).text)[0]
  const line = `\n${indent}  ${JSON.stringify(name)}: ${exampleOf(type, `${indent}  `)}`
  const last = node.entries.at(-1)
  const changes = node.empty
    ? { from: 0, to: doc.length, insert: `{${line}\n}` }
    : last
      ? { from: last.value.to, insert: `,${line}` }
      : { from: node.from, to: node.to, insert: `{${line}\n${indent}}` }
  view.dispatch({ changes, userEvent: "input.complete" })
}
