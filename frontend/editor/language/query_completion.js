// Completion of operations by the schema.

import { startCompletion } from "@codemirror/autocomplete"
import { graphqlLanguage } from "cm6-graphql"
import { getAutocompleteSuggestions, getContextAtPosition } from "graphql-language-service"
import { getNamedType, isEnumType, isInputObjectType } from "graphql"

import { positionAt } from "./positions.js"
import { schemaField } from "./schema.js"

const BEGUN = /\$?\w*$/
const VALID = /^\$?\w*$/

export const queryCompletion = graphqlLanguage.data.of({ autocomplete: complete })

function complete(context) {
  const schema = context.state.field(schemaField)
  const { from, text } = context.matchBefore(BEGUN)
  const asked = text || context.explicit || context.state.sliceDoc(from - 1, from) === "@"
  if (!schema || !asked) return null
  const found = suggestions(schema, context.state.doc, from, context.pos)
  return found.length ? { from, options: found.map(option), validFor: VALID } : null
}

/**
 * All that may stand in the place of the word begun. The word itself is left out, since the language
 * service has a taste of its own in what is close to it, and the editor sorts by what was typed.
 */
function suggestions(schema, doc, from, to) {
  const text = doc.toString()
  const without = text.slice(0, from) + " ".repeat(to - from) + text.slice(to)
  const seen = new Set()
  const inputs = inputsAt(schema, without, positionAt(doc, from))
  return getAutocompleteSuggestions(schema, without, positionAt(doc, from))
    .filter(({ label }) => !seen.has(label) && seen.add(label))
    .map((item) => ({ ...deprecation(inputs.find(({ name }) => name === item.label)), ...item }))
}

/** The arguments or input fields that may stand at a place; the language service keeps their deprecation. */
function inputsAt(schema, text, position) {
  const { state, typeInfo } = getContextAtPosition(text, position, schema) ?? {}
  if (/^Object/.test(state?.kind)) return Object.values(typeInfo.objectFieldDefs ?? {})
  return /^Argument/.test(state?.kind) ? (typeInfo.argDefs ?? []) : []
}

function deprecation(input) {
  return input?.deprecationReason
    ? { isDeprecated: true, deprecationReason: input.deprecationReason }
    : {}
}

function option(item) {
  const detail =
    item.detail || item.labelDetails?.detail?.trim() || (item.type ? String(item.type) : "")
  return {
    label: item.label,
    detail,
    type: item.isDeprecated ? "deprecated" : undefined,
    boost: item.isDeprecated || item.label.startsWith("__") ? -50 : 0,
    apply: applied(item),
    info: () => information(item),
  }
}

/** Arguments and input fields take a value, so their colon comes along; enums then offer themselves. */
function applied(item) {
  if (!item.insertText?.includes(": ")) return undefined
  return (view, completion, from, to) => {
    const colon = /^\s*:/.test(view.state.sliceDoc(to, to + 10)) ? "" : ": "
    const [open, close] =
      colon && isInputObjectType(getNamedType(item.type)) ? ["{ ", " }"] : ["", ""]
    const insert = `${completion.label}${colon}${open}${close}`
    view.dispatch({
      changes: { from, to, insert },
      selection: { anchor: from + insert.length - close.length },
      userEvent: "input.complete",
    })
    if (colon && (open || isEnumType(getNamedType(item.type)))) startCompletion(view)
  }
}

function information({ documentation, isDeprecated, deprecationReason }) {
  const text = [isDeprecated && deprecationReason, documentation].filter(Boolean).join("\n\n")
  if (!text) return null
  const box = document.createElement("div")
  box.textContent = text
  return box
}
