// Putting something of the schema into the document at the caret.

import { operationsOf } from "../language/operations.js"
import { callOf, operationOf } from "../language/selections.js"

/** @type {[string, (schema: import("graphql").GraphQLSchema) => unknown][]} */
const ROOTS = [
  ["query", (schema) => schema.getQueryType()],
  ["mutation", (schema) => schema.getMutationType()],
  ["subscription", (schema) => schema.getSubscriptionType()],
]

/**
 * Insert at the caret: `{type, field}` as a call with its selection, `{name}` as that word. A field
 * of a root type becomes an operation of its own where the caret is in none.
 */
export function insertInto(view, schema, { type, field, name }) {
  const { state } = view
  const { from, to } = state.selection.main
  const kind = field && rootKind(schema, type)
  const inside = operationsOf(state).some(
    (operation) => operation.from < from && from < operation.to,
  )
  if (kind && !inside) appendOperation(view, operationOf(kind, field))
  else replaceSelection(view, from, to, field ? callOf(field, indentAt(state, from)) : name)
}

function rootKind(schema, type) {
  return ROOTS.find(([, root]) => root(schema) === type)?.[0]
}

/** After what is there, with an empty line between, whatever the caret is in. */
function appendOperation(view, text) {
  const { doc } = view.state
  const lead = doc.toString().trim() ? `${"\n".repeat(endsEmpty(doc))}` : ""
  const from = lead || doc.toString().trim() ? doc.length : 0
  const insert = `${lead}${text}`
  view.dispatch({
    changes: { from, to: doc.length, insert },
    selection: { anchor: from + insert.indexOf("{") },
    scrollIntoView: true,
    userEvent: "input.complete",
  })
}

/** How many line feeds are missing for an empty line at the end. */
function endsEmpty(doc) {
  return 2 - /\n{0,2}$/.exec(doc.toString())[0].length
}

function replaceSelection(view, from, to, text) {
  const before = view.state.sliceDoc(Math.max(0, from - 1), from)
  const insert = `${/[\w)]/.test(before) ? " " : ""}${text}`
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length },
    scrollIntoView: true,
    userEvent: "input.complete",
  })
}

function indentAt(state, at) {
  return /^\s*/.exec(state.doc.lineAt(at).text)[0]
}
