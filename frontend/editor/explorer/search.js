// Finding things in a schema by part of their name.

import { isEnumType, isInputObjectType, isInterfaceType, isObjectType } from "graphql"

const BY_NAME = new Intl.Collator("en", { numeric: true })

/** Everything of a schema that has a name: `{name, owner, kind, type, field}`, in the schema's order. */
export function indexOf(schema) {
  return typesOf(schema).flatMap((type) => [
    { name: type.name, kind: "type", type },
    ...membersOf(type),
  ])
}

/** The types that people see: not those of introspection itself. */
export function typesOf(schema) {
  return Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith("__"))
    .sort((one, other) => BY_NAME.compare(one.name, other.name))
}

/** Fields with their arguments, input fields or enum values. */
function membersOf(type) {
  if (isEnumType(type)) {
    return type
      .getValues()
      .map(({ name }) => ({ name, owner: type.name, kind: "value", type, field: name }))
  }
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return []
  return Object.values(type.getFields()).flatMap((field) => [
    { name: field.name, owner: type.name, kind: "field", type, field: field.name },
    ...(field.args ?? []).map(({ name }) => ({
      name,
      owner: `${type.name}.${field.name}`,
      kind: "argument",
      type,
      field: field.name,
    })),
  ])
}

/** The entries whose name has the words of a search in it, the closest first. */
export function find(index, sought) {
  const words = sought
    .toLowerCase()
    .split(/[\s.]+/)
    .filter(Boolean)
  if (!words.length) return []
  const last = words.at(-1)
  return index
    .filter((entry) => matches(entry, words))
    .map((entry) => ({ entry, rank: rankOf(entry, last) }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ entry }) => entry)
}

function matches({ name, owner = "" }, words) {
  const [own, whole] = [name.toLowerCase(), `${owner}.${name}`.toLowerCase()]
  return own.includes(words.at(-1)) && words.every((word) => whole.includes(word))
}

/** Whole names before beginnings before the rest; types before their members. */
function rankOf({ name, kind }, word) {
  const own = name.toLowerCase()
  const close = own === word ? 0 : own.startsWith(word) ? 1 : 2
  return close * 10 + ["type", "field", "value", "argument"].indexOf(kind)
}
