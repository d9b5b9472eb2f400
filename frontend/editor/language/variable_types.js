// The variables that the operations of a document declare.

import { StateEffect, StateField } from "@codemirror/state"
import { parse, typeFromAST } from "graphql"

import { operationAt } from "./operations.js"

/** @typedef {{ name: string, type: import("graphql").GraphQLInputType, required: boolean }} VariableType */

/** @type {import("@codemirror/state").StateEffectType<VariableType[] | null>} */
export const setVariableTypes = StateEffect.define()

/**
 * Each variable; null while they are not known.
 * @type {StateField<VariableType[] | null>}
 */
export const variableTypesField = StateField.define({
  create: () => null,
  update: (types, { effects }) =>
    effects.reduce((last, effect) => (effect.is(setVariableTypes) ? effect.value : last), types),
})

/**
 * What the variables pane has to hold for the operation under the caret of a query's state. The
 * variables of the document's other operations may be there too.
 */
export function variableTypesOf(state, schema) {
  if (!schema) return null
  let document
  try {
    document = parse(state.doc.toString())
  } catch {
    return null // said in the query's pane
  }
  const current = operationAt(state)
  const found = new Map()
  for (const operation of document.definitions.filter(
    ({ kind }) => kind === "OperationDefinition",
  )) {
    const isCurrent = operation.loc.start <= current.to && current.from <= operation.loc.end
    for (const definition of operation.variableDefinitions ?? []) {
      const name = definition.variable.name.value
      const type = typeFromAST(schema, definition.type)
      const required =
        isCurrent && definition.type.kind === "NonNullType" && !definition.defaultValue
      if (type && (isCurrent || !found.has(name))) found.set(name, { name, type, required })
    }
  }
  return [...found.values()]
}
