// Values to begin with, by type.

import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from "graphql"

const DEEPEST = 4
const PLAIN = { Int: "0", Float: "0", Boolean: "false" }

/** A value of a type as JSON text: what is required is in it, the rest left out. */
export function exampleOf(type, indent = "", depth = 0) {
  if (isNonNullType(type)) return exampleOf(type.ofType, indent, depth)
  if (isListType(type))
    return depth < DEEPEST ? `[${exampleOf(type.ofType, indent, depth + 1)}]` : "[]"
  if (isEnumType(type)) return JSON.stringify(type.getValues()[0].name)
  if (isInputObjectType(type)) return depth < DEEPEST ? objectOf(type, indent, depth) : "{}"
  return PLAIN[type.name] ?? '""'
}

/** The first member of a `@oneOf` that is no object, for that may lead round; else the first. */
function oneOf(type) {
  const members = Object.values(type.getFields())
  return members.find((member) => !isInputObjectType(getNamedType(member.type))) ?? members[0]
}

function objectOf(type, indent, depth) {
  const inner = `${indent}  `
  const required = type.isOneOf
    ? [oneOf(type)]
    : Object.values(type.getFields()).filter(isRequiredInputField)
  if (!required.length) return "{}"
  const lines = required.map(
    (field) => `${inner}${JSON.stringify(field.name)}: ${exampleOf(field.type, inner, depth + 1)}`,
  )
  return `{\n${lines.join(",\n")}\n${indent}}`
}
