// What is wrong with a document, as marks for the editor.

import { linter } from "@codemirror/lint"
import { GraphQLError, NoDeprecatedCustomRule, parse, specifiedRules, validate } from "graphql"

import { oddProblems } from "./odd_lint.js"
import { schemaField } from "./schema.js"
import { selectionOf } from "./selections.js"

const DELAY = 250 // milliseconds after the last keystroke
/** What is deprecated is struck through. */
export const STRUCK = "struck"
const NOTHING_YET = /^(?:\s|,|#.*)*$/

export const queryLint = (words) => [
  linter((view) => problemsOf(view.state.doc.toString(), view.state.field(schemaField), words), {
    delay: DELAY,
    needsRefresh: ({ startState, state }) =>
      startState.field(schemaField) !== state.field(schemaField),
  }),
]

/**
 * The problems of a document; only those of its syntax where there is no schema.
 * @param {string} text
 * @param {import("graphql").GraphQLSchema | null | undefined} schema
 * @param {Record<string, any>} words
 * @returns {import("@codemirror/lint").Diagnostic[]}
 */
export function problemsOf(text, schema, words) {
  if (NOTHING_YET.test(text)) return []
  const odd = oddProblems(text, "graphql", words)
  if (odd.length) return odd
  let document
  try {
    document = parse(text)
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    return [syntaxProblem(error, text, words)]
  }
  const subscriptions = document.definitions.filter((one) => one.operation === "subscription")
  const notRun = subscriptions.map(({ loc }) => ({
    ...wordAt(text, loc.start),
    severity: /** @type {const} */ ("warning"),
    message: words.no_subscriptions,
  }))
  if (!schema) return notRun
  return [
    ...notRun,
    ...validate(schema, document, specifiedRules).map((error) =>
      problem(error, "error", text, schema, words),
    ),
    ...validate(schema, document, [NoDeprecatedCustomRule]).map((error) => ({
      ...problem(error, "warning", text, schema, words),
      markClass: STRUCK,
    })),
  ]
}

/** @returns {import("@codemirror/lint").Diagnostic} */
function syntaxProblem(error, text, words) {
  const at = Math.min(error.positions?.[0] ?? 0, text.length)
  const emptied = text[at] === "}" && /\{[\s,]*$/.test(text.slice(0, at).replace(/#.*$/gm, ""))
  return {
    ...wordAt(text, at),
    severity: "error",
    message: emptied ? words.empty_selection : error.message,
  }
}

/** @returns {import("@codemirror/lint").Diagnostic} */
function problem(error, severity, text, schema, words) {
  const node = error.nodes?.[0]
  const marked = (node?.kind === "Field" ? node.name : (node?.name ?? node))?.loc
  const range = marked
    ? { from: marked.start, to: marked.end }
    : wordAt(text, error.positions?.[0] ?? 0)
  return { ...range, severity, message: error.message, actions: fixes(error, node, schema, words) }
}

/** "must have a selection of subfields" can be mended: by the fields that are plain values. */
function fixes(error, node, schema, words) {
  if (
    node?.kind !== "Field" ||
    node.selectionSet ||
    !/must have a selection of subfields/.test(error.message)
  )
    return []
  const named = typeNamedIn(error.message, schema)
  if (!named) return []
  const add = (view) => {
    const indent = /^\s*/.exec(view.state.doc.lineAt(node.loc.start).text)[0]
    view.dispatch({
      changes: { from: node.loc.end, insert: ` ${selectionOf(named, indent)}` },
      userEvent: "input.complete",
    })
  }
  return [{ name: words.add_fields, apply: add }]
}

function typeNamedIn(message, schema) {
  const [, written] = /of type "([^"]+)"/.exec(message) ?? []
  const name = written?.replace(/[[\]!]/g, "")
  return name ? schema.getType(name) : undefined
}

function wordAt(text, at) {
  const from = Math.min(at, Math.max(0, text.length - 1))
  const length = /^\w*/.exec(text.slice(from))[0].length
  return { from, to: Math.min(text.length, from + Math.max(1, length)) }
}
