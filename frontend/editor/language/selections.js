// Texts made from a schema: selections, calls and whole operations.

import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from "graphql"

const STEP = "  "
const MOST_FIELDS = 30

/** `{ … }` with the fields of a type that are plain values; `__typename` where there are none. */
export function selectionOf(type, indent = "") {
  const inner = indent + STEP
  return `{\n${leaves(type)
    .map((line) => `${inner}${line}\n`)
    .join("")}${indent}}`
}

/** One level down where a type has no plain values of its own, as connections do not. */
function leaves(type, depth = 2) {
  if (!isObjectType(type) && !isInterfaceType(type)) return ["__typename"]
  const fields = Object.values(type.getFields()).filter(
    ({ args, deprecationReason }) => !deprecationReason && !args.some(isRequiredArgument),
  )
  const plain = fields
    .filter((field) => isLeafType(getNamedType(field.type)))
    .map(({ name }) => name)
  if (plain.length) return plain.slice(0, MOST_FIELDS)
  const inside = depth && fields.find((field) => isCompositeType(getNamedType(field.type)))
  if (!inside) return ["__typename"]
  return [
    `${inside.name} {`,
    ...leaves(getNamedType(inside.type), depth - 1).map((line) => STEP + line),
    "}",
  ]
}

/** A field as it is called: with a variable for each required argument, and a selection if it has one. */
export function callOf(field, indent = "") {
  const required = field.args.filter(isRequiredArgument)
  const written = required.length
    ? `(${required.map(({ name }) => `${name}: $${name}`).join(", ")})`
    : ""
  const type = getNamedType(field.type)
  return `${field.name}${written}${isCompositeType(type) ? ` ${selectionOf(type, indent)}` : ""}`
}

/** A whole operation that calls one field of a root type. */
export function operationOf(kind, field) {
  const required = field.args.filter(isRequiredArgument)
  const variables = required.length
    ? `(${required.map(({ name, type }) => `$${name}: ${type}`).join(", ")})`
    : ""
  const name = field.name[0].toUpperCase() + field.name.slice(1)
  return `${kind} ${name}${variables} {\n${STEP}${callOf(field, STEP)}\n}\n`
}
