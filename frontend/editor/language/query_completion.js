// Completion of operations by the schema.

import { startCompletion } from "@codemirror/autocomplete"
import { graphqlLanguage } from "cm6-graphql"
import { getAutocompleteSuggestions } from "graphql-language-service"
import { getNamedType, isEnumType, isInputObjectType } from "graphql"

import { positionAt } from "./positions.js"
import { schemaField } from "./schema.js"

const BEGUN = /(?:[$@]|\.\.\.)?\w*$/
const VALID = /^(?:[$@]|\.\.\.)?\w*$/
const OPENED = /[\w$@.([{:]$/

export const queryCompletion = graphqlLanguage.data.of({ autocomplete: complete })

function complete(context) {
  const schema = context.state.field(schemaField)
  const begun = context.matchBefore(BEGUN)
  const before = context.state.sliceDoc(Math.max(0, context.pos - 1), context.pos)
  if (!schema || (!context.explicit && !(begun?.text || OPENED.test(before)))) return null
  if (!context.explicit && !begun?.text) return null
  const found = suggestions(schema, context.state.doc, context.pos)
  return found.length ? { from: begun?.from ?? context.pos, options: found.map(option), validFor: VALID } : null
}

function suggestions(schema, doc, offset) {
  const seen = new Set()
  return getAutocompleteSuggestions(schema, doc.toString(), positionAt(doc, offset)).filter(
    ({ label }) => !seen.has(label) && seen.add(label),
  )
}

function option(item) {
  const detail = item.detail || item.labelDetails?.detail?.trim() || (item.type ? String(item.type) : "")
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
    const [open, close] = colon && isInputObjectType(getNamedType(item.type)) ? ["{ ", " }"] : ["", ""]
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
