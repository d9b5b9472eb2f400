// The schema: fetched once, however often pages come and go, and kept in the state of each editor.

import { StateEffect, StateField } from "@codemirror/state"
import { buildClientSchema, buildSchema } from "graphql"

const fetched = new Map()

export const setSchema = StateEffect.define()

/** The schema an editor goes by; null while there is none. */
export const schemaField = StateField.define({
  create: () => null,
  update: (schema, { effects }) =>
    effects.reduce((last, effect) => (effect.is(setSchema) ? effect.value : last), schema),
})

/** The schema at an address of our own origin; rejects when it cannot be fetched or understood. */
export function schemaFrom(address) {
  if (!fetched.has(address)) {
    const schema = fetchSchema(address)
    schema.catch(() => fetched.delete(address))
    fetched.set(address, schema)
  }
  return fetched.get(address)
}

async function fetchSchema(address) {
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
  return readSchema(await answer.text())
}

/** Read introspection JSON, with or without the `data` around it, or SDL. Servers know their own schema. */
export function readSchema(text) {
  const options = { assumeValid: true, assumeValidSDL: true }
  if (!text.trimStart().startsWith("{")) return buildSchema(text, options)
  const found = JSON.parse(text)
  return buildClientSchema(found.data ?? found, options)
}
