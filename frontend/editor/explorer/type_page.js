// The page of one type.

import {
  astFromValue,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isUnionType,
  print,
} from "graphql"

import { described, inline } from "../description.js"
import { button, element, sentence } from "../elements.js"
import { usedBy } from "./used_by.js"

const MOST_LISTED = 50
/** @type {[string, (type: unknown) => boolean][]} */
const KINDS = [
  ["object", isObjectType],
  ["interface", isInterfaceType],
  ["union", isUnionType],
  ["enum", isEnumType],
  ["input", isInputObjectType],
  ["scalar", isScalarType],
]

/** The elements of a type's page. */
export function typePage(schema, type, words, links) {
  const parts = [heading(type, words, links), ...described(type.description)]
  if (isObjectType(type) || isInterfaceType(type)) {
    parts.push(...typeList(words.implements, type.getInterfaces(), words, links))
  }
  parts.push(...members(type, words, links))
  if (isAbstractType(type))
    parts.push(...typeList(words.possible, schema.getPossibleTypes(type), words, links))
  return [...parts, ...uses(schema, type, words, links)]
}

function heading(type, words, links) {
  const kind = KINDS.find(([, is]) => is(type))[0]
  const title = element(
    "h3",
    {},
    type.name,
    element("span", { className: "kind", textContent: ` ${words.kinds[kind]}` }),
  )
  if (type.isOneOf)
    title.append(element("span", { className: "kind", textContent: `, ${words.one_of}` }))
  const control = insertButton(type.name, { name: type.name }, words, links)
  return element("div", { className: "heading" }, title, control)
}

function members(type, words, links) {
  if (isEnumType(type))
    return [list(type.getValues().map((value) => valueRow(value, words, links)))]
  if (!("getFields" in type)) return []
  return [
    list(Object.values(type.getFields()).map((field) => memberRow(type, field, words, links))),
  ]
}

function list(rows) {
  return element("ul", { className: "members" }, ...rows)
}

/** One field: its signature with links to the types in it, its words, and a button that inserts it. */
export function memberRow(type, field, words, links) {
  const thing = isInputObjectType(type) ? { name: `${field.name}: ` } : { type, field }
  const signature = element(
    "code",
    {},
    element("span", { className: nameClass("tok-field", field), textContent: field.name }),
  )
  signature.append(
    ...argumentList(field.args ?? [], links),
    ": ",
    typeLink(field.type, links),
    ...defaultOf(field),
  )
  const row = element(
    "li",
    {},
    element("div", { className: "line" }, signature, insertButton(field.name, thing, words, links)),
  )
  row.dataset.member = field.name
  row.append(
    ...deprecation(field, words),
    ...described(field.description),
    ...argumentNotes(field.args ?? [], words),
  )
  return row
}

function valueRow({ name, description, deprecationReason }, words, links) {
  const signature = element("code", {
    className: nameClass("tok-value", { deprecationReason }),
    textContent: name,
  })
  const row = element(
    "li",
    {},
    element("div", { className: "line" }, signature, insertButton(name, { name }, words, links)),
  )
  row.dataset.member = name
  row.append(...deprecation({ deprecationReason }, words), ...described(description))
  return row
}

function argumentList(args, links) {
  if (!args.length) return []
  const parts = args.flatMap((argument, index) => [
    index ? ", " : "",
    element("span", { className: nameClass("tok-argument", argument), textContent: argument.name }),
    ": ",
    typeLink(argument.type, links),
    ...defaultOf(argument),
  ])
  return ["(", ...parts, ")"]
}

/** What there is to say of arguments beyond their signature. */
function argumentNotes(args, words) {
  const notes = args.filter(
    ({ description, deprecationReason }) => description || deprecationReason,
  )
  if (!notes.length) return []
  const rows = notes.map((argument) => {
    const name = element("code", { textContent: argument.name })
    return element(
      "li",
      {},
      name,
      " ",
      ...inline(argument.description ?? ""),
      ...deprecation(argument, words),
    )
  })
  return [element("ul", { className: "arguments" }, ...rows)]
}

function defaultOf({ defaultValue, type }) {
  if (defaultValue === undefined) return []
  const written = astFromValue(defaultValue, type)
  return written ? [` = ${print(written)}`] : []
}

/**
 * A type as written, its name a link: `[`Part`!]!`.
 * @param {import("graphql").GraphQLType} type
 */
function typeLink(type, links) {
  const named = getNamedType(type)
  const [before, after] = String(type).split(named.name)
  const open = button(named.name, () => links.open(named), { className: "link" })
  return element("span", {}, before, open, after)
}

function insertButton(name, thing, words, links) {
  const control = button(words.insert, () => links.insert(thing), { className: "small" })
  control.ariaLabel = sentence(words.insert_label, { name })
  return control
}

/** What is deprecated is struck through, wherever its name stands. */
function nameClass(kind, { deprecationReason }) {
  return deprecationReason ? `${kind} struck` : kind
}

function deprecation({ deprecationReason }, words) {
  if (!deprecationReason) return []
  return [
    element("p", {
      className: "deprecated",
      textContent: sentence(words.deprecated, { reason: deprecationReason }),
    }),
  ]
}

function typeList(title, types, words, links) {
  if (!types.length) return []
  const row = (type) =>
    element(
      "li",
      {},
      button(type.name, () => links.open(type), { className: "link" }),
    )
  return [element("h4", { textContent: title }), names(types, row, words)]
}

function uses(schema, type, words, links) {
  const found = usedBy(schema, type)
  const title = element("h4", { textContent: words.used_by })
  if (!found.length) return [title, element("p", { textContent: words.used_by_none })]
  return [title, names(found, (use) => useRow(use, words, links), words)]
}

/** A list that says how much of it is left out, so that large schemas stay quick. */
function names(things, row, words) {
  const rows = things.slice(0, MOST_LISTED).map(row)
  const rest = things.length - rows.length
  if (rest) rows.push(element("li", { textContent: sentence(words.more, { count: rest }) }))
  return element("ul", { className: "names" }, ...rows)
}

function useRow({ type, field, as }, words, links) {
  const label = field ? `${type.name}.${field}` : type.name
  const open = button(label, () => links.open(type, field), { className: "link" })
  return element(
    "li",
    {},
    open,
    element("span", { className: "kind", textContent: ` ${words.uses[as]}` }),
  )
}
