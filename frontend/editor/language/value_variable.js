// A value written in an operation becomes a variable, and back: what is typed once may be run with others.

import {
  getNullableType,
  GraphQLError,
  isEnumType,
  isInputObjectType,
  isListType,
  parse,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from "graphql"

import { JsonProblem, readJson } from "./json_text.js"

/**
 * @import { OperationDefinitionNode } from "graphql"
 *
 * @typedef {{ from: number, to: number, insert: string }} Change of a text, as CodeMirror takes them
 * @typedef {{ query: Change[], variables: Change[] }} Changes of both texts, each in order
 */

const NAME = /^[_A-Za-z]\w*$/

/**
 * Make a variable of the value at a place: it is declared with its type, and its value stands among the
 * variables. The innermost argument or input field there is taken.
 * @param {string} text of the operations
 * @param {string} variables as JSON
 * @param {number} at
 * @param {import("graphql").GraphQLSchema | null} schema
 * @returns {Changes | null} null where there is no value that can be one
 */
export function toVariable(text, variables, at, schema) {
  const operation = operationAt(text, at)
  const root = objectIn(variables)
  const found = schema && operation && root && valueAt(operation, at, schema)
  if (!found) return null
  const { value, type } = found
  const taken = new Set([
    ...(operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value),
    ...root.entries.map(({ key }) => key),
  ])
  const name = freeName(found.name, taken)
  return {
    query: [declared(text, operation, `$${name}: ${type}`), replaced(value.loc, `$${name}`)],
    variables: [added(variables, root, `${JSON.stringify(name)}: ${jsonOf(value)}`)],
  }
}

/**
 * Put its value in the place of the variable there, or its default. Where it is used no more, neither its
 * declaration nor its value stays.
 * @param {string} text of the operations
 * @param {string} variables as JSON
 * @param {number} at
 * @param {import("graphql").GraphQLSchema | null} schema
 * @returns {Changes | null} null where there is no variable with a value
 */
export function toValue(text, variables, at, schema) {
  const operation = operationAt(text, at)
  const root = objectIn(variables)
  const used = operation && root && usesIn(operation).find(({ loc }) => isWithin(at, loc))
  const declaration =
    used && operation.variableDefinitions?.find((one) => nameOf(one) === used.name.value)
  if (!declaration) return null
  const entry = root.entries.findLast(({ key }) => key === used.name.value)
  const { defaultValue } = declaration
  const type = schema ? typeFromAST(schema, declaration.type) : undefined
  const literal = entry
    ? literalOf(variables, entry.value, type)
    : defaultValue && text.slice(defaultValue.loc.start, defaultValue.loc.end)
  if (!literal) return null
  const document = parse(text)
  const isSame = (/** @type {any} */ use) => use.name.value === used.name.value
  const isLast = usesIn(document).filter(isSame).length === 1
  const declares = operationsOf(document).flatMap((one) => one.variableDefinitions ?? [])
  const isAlone = declares.filter((one) => nameOf(one) === used.name.value).length === 1
  const undeclared = isLast ? withoutDeclaration(text, operation, declaration) : []
  return {
    query: [...undeclared, replaced(used.loc, literal)],
    variables: isLast && isAlone && entry ? [removed(root, entry)] : [],
  }
}

// Reading -------------------------------------------------------------------------------------

/**
 * @param {string} text
 * @param {number} at
 * @returns {OperationDefinitionNode | undefined}
 */
function operationAt(text, at) {
  try {
    return operationsOf(parse(text)).find(({ loc }) => isWithin(at, loc))
  } catch (error) {
    if (error instanceof GraphQLError) return undefined
    throw error
  }
}

/** @param {import("graphql").DocumentNode} document */
function operationsOf({ definitions }) {
  return definitions.flatMap((one) => (one.kind === "OperationDefinition" ? [one] : []))
}

/** The object that the variables are; one without entries where there is no text yet. */
function objectIn(variables) {
  if (!variables.trim()) return { from: 0, to: variables.length, entries: [] }
  try {
    const root = readJson(variables)
    return "entries" in root ? root : null
  } catch (error) {
    if (error instanceof JsonProblem) return null
    throw error
  }
}

function isWithin(at, { start, end }) {
  return start <= at && at <= end
}

function nameOf(declaration) {
  return declaration.variable.name.value
}

/** The innermost argument or input field whose value is there and holds no variable. */
function valueAt(operation, at, schema) {
  let found = null
  const types = new TypeInfo(schema)
  const look = ({ name, value }) => {
    const type = types.getInputType()
    if (type && isWithin(at, value.loc)) found = { name: name.value, value, type }
  }
  const skip = () => false // a declaration takes no variables
  visit(
    operation,
    visitWithTypeInfo(types, { VariableDefinition: skip, Argument: look, ObjectField: look }),
  )
  return found && !usesIn(found.value).length ? found : null
}

/** The places where variables are used, not those where they are declared. */
function usesIn(node) {
  const found = []
  visit(node, {
    VariableDefinition: () => false,
    Variable: (use) => void found.push(use),
  })
  return found
}

// Writing -------------------------------------------------------------------------------------

function freeName(wanted, taken) {
  let name = wanted
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}${number}`
  return name
}

function replaced({ start, end }, insert) {
  return { from: start, to: end, insert }
}

/**
 * @param {string} text
 * @param {OperationDefinitionNode} operation that is declared in
 * @param {string} declaration
 */
function declared(text, { loc, name, operation, variableDefinitions }, declaration) {
  const last = variableDefinitions?.at(-1)
  if (last) return { from: last.loc.end, to: last.loc.end, insert: `, ${declaration}` }
  if (name) return { from: name.loc.end, to: name.loc.end, insert: `(${declaration})` }
  const isShort = text[loc.start] === "{"
  const from = loc.start + (isShort ? 0 : operation.length)
  return { from, to: from, insert: isShort ? `query (${declaration}) ` : ` (${declaration})` }
}

function added(variables, { from, to, entries }, member) {
  const last = entries.at(-1)
  if (!last) return { from, to, insert: `{\n  ${member}\n}` }
  const space = variables.slice(from + 1, entries[0].name.from)
  const at = last.value.to
  return { from: at, to: at, insert: `,${space.includes("\n") ? space : " "}${member}` }
}

function removed({ from, to, entries }, entry) {
  const at = entries.indexOf(entry)
  if (entries.length === 1) return { from, to, insert: "{}" }
  return at === 0
    ? { from: entry.name.from, to: entries[1].name.from, insert: "" }
    : { from: entries[at - 1].value.to, to: entry.value.to, insert: "" }
}

/** A comment beside a declaration is not thrown away: then the declaration stays too. */
function withoutDeclaration(text, operation, declaration) {
  const all = operation.variableDefinitions
  const at = all.indexOf(declaration)
  const { start, end } = declaration.loc
  let [from, to] = [start, end]
  if (all.length === 1) {
    from = text.lastIndexOf("(", start)
    to = text.indexOf(")", end) + 1
  } else if (at === 0) to = all[1].loc.start
  else from = all[at - 1].loc.end
  const around = text.slice(from, start) + text.slice(end, to)
  return around.includes("#") ? [] : [{ from, to, insert: "" }]
}

/** A literal as JSON; numbers keep their spelling. */
function jsonOf(node) {
  switch (node.kind) {
    case "IntValue":
    case "FloatValue":
      return node.value
    case "BooleanValue":
      return String(node.value)
    case "NullValue":
      return "null"
    case "ListValue":
      return `[${node.values.map(jsonOf).join(", ")}]`
    case "ObjectValue":
      return `{${node.fields.map(({ name, value }) => `"${name.value}": ${jsonOf(value)}`).join(", ")}}`
    default: // a string, or a value of an enum
      return JSON.stringify(node.value)
  }
}

/** JSON as a literal of a type, spelled as it was; null where it has names that GraphQL has not. */
function literalOf(text, { kind, from, to, value, items, entries }, type) {
  const plain = type ? getNullableType(type) : undefined
  if (kind === "list") {
    const inner = plain && isListType(plain) ? plain.ofType : plain
    return joined(
      "[",
      items.map((item) => literalOf(text, item, inner)),
      "]",
    )
  }
  if (kind === "object") {
    const fields = plain && isInputObjectType(plain) ? plain.getFields() : {}
    const written = entries.map(({ key, value: inner }) => {
      const literal = NAME.test(key) ? literalOf(text, inner, fields[key]?.type) : null
      return literal && `${key}: ${literal}`
    })
    return joined("{", written, "}")
  }
  const named = plain && isListType(plain) ? getNullableType(plain.ofType) : plain
  return named && isEnumType(named) && NAME.test(String(value)) ? value : text.slice(from, to)
}

function joined(open, parts, close) {
  return parts.includes(null) ? null : `${open}${parts.join(", ")}${close}`
}
