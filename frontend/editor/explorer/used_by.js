// Which parts of a schema mention a type.

import {
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from "graphql"

import { typesOf } from "./search.js"

const USES = ["result", "argument", "field", "member", "implements"]
const indexes = new WeakMap()

/** Where a type is used, as `{type, field, as}`: in the order of `USES`, then by name. */
export function usedBy(schema, type) {
  if (!indexes.has(schema)) indexes.set(schema, indexOf(schema))
  const uses = indexes.get(schema).get(type.name) ?? []
  return uses.toSorted((one, other) => USES.indexOf(one.as) - USES.indexOf(other.as))
}

function indexOf(schema) {
  const index = new Map()
  const note = (/** @type {import("graphql").GraphQLType} */ used, use) => {
    const { name } = getNamedType(used)
    index.set(name, [...(index.get(name) ?? []), use])
  }
  for (const type of typesOf(schema)) {
    if (isUnionType(type)) {
      for (const member of type.getTypes()) note(member, { type, as: "member" })
    }
    if (isObjectType(type) || isInterfaceType(type)) noteFields(type, note)
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields()))
        note(field.type, { type, field: field.name, as: "field" })
    }
  }
  return index
}

function noteFields(type, note) {
  for (const parent of type.getInterfaces()) note(parent, { type, as: "implements" })
  for (const field of Object.values(type.getFields())) {
    note(field.type, { type, field: field.name, as: "result" })
    for (const argument of field.args)
      note(argument.type, { type, field: field.name, as: "argument" })
  }
}
