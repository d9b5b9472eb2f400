// Completion of the variables: names and values, by the types the operation declares.

import { startCompletion } from "@codemirror/autocomplete"
import { jsonLanguage } from "@codemirror/lang-json"
import { syntaxTree } from "@codemirror/language"
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isScalarType,
  isRequiredInputField,
} from "graphql"

import { begunAt, lastValues } from "./last_values.js"
import { variableTypesField } from "./variable_types.js"

export const variablesCompletion = jsonLanguage.data.of({ autocomplete: complete })

function complete(context) {
  const variables = context.state.field(variableTypesField)
  const { state, pos, explicit } = context
  const begun = begunAt(state, pos)
  if (!variables || !begun || (!explicit && begun.from === pos)) return null
  const place = placeAt(state, begun.isPlaceholder ? begun.from : pos, begun.from)
  if (!place || (begun.isPlaceholder && place.isName)) return null
  const earlier = lastValues(state, begun, pos)
  if (begun.isPlaceholder)
    return earlier.length ? { from: begun.from, options: earlier, filter: false } : null
  const type = typeAt(variables, place.path)
  const options = place.isName
    ? names(type, place.taken)
    : [...values(type), ...(takesText(type) ? earlier : [])]
  if (!options.length) return null
  return { from: begun.from, options, validFor: /^"?[\w$]*$/ }
}

/**
 * Where in the JSON an offset is: the path to it, whether a name goes there, the names taken. What is begun
 * `from` there is no part of it yet.
 */
function placeAt(state, offset, from) {
  let node = syntaxTree(state).resolveInner(offset, -1)
  while (!["Object", "Array", "Property", "JsonText"].includes(node.name)) node = node.parent
  if (node.name === "JsonText") return null
  if (node.name === "Property") {
    const isName = !/:/.test(state.sliceDoc(node.firstChild.to, offset))
    return isName ? nameIn(state, node.parent, node) : { path: pathTo(state, node), isName: false }
  }
  if (node.name === "Object") return offset > node.from ? afterColon(state, node, from) : null
  return { path: [...pathTo(state, node), 0], isName: false }
}

/** Between the braces a name is due, unless a colon stands just before. */
function afterColon(state, object, from) {
  const before = state.sliceDoc(object.from, from).trimEnd()
  if (!before.endsWith(":")) return nameIn(state, object)
  const property = object.getChildren("Property").findLast((one) => one.from < from)
  return property ? { path: pathTo(state, property), isName: false } : null
}

function nameIn(state, object, except) {
  const others = object.getChildren("Property").filter((property) => property.from !== except?.from)
  return {
    path: pathTo(state, object),
    isName: true,
    taken: new Set(others.map((property) => nameOf(state, property))),
  }
}

function nameOf(state, property) {
  const name = property.getChild("PropertyName")
  return name ? state.sliceDoc(name.from, name.to).replaceAll('"', "") : ""
}

/** The names, and 0 for any item of a list, from the root down to a node. */
function pathTo(state, node) {
  const path = []
  for (let at = node; at; at = at.parent) {
    if (at.name === "Property") path.unshift(nameOf(state, at))
    else if (at.name === "Array" && at !== node) path.unshift(0)
  }
  return path
}

/** The type at a path: the variables themselves for an empty one, undefined for an unknown one. */
function typeAt(variables, path) {
  const [name, ...inner] = path
  if (name === undefined) return variables
  return inner.reduce(inside, variables.find((variable) => variable.name === name)?.type)
}

function inside(type, step) {
  const plain = type && getNullableType(type)
  if (isListType(plain)) return step === 0 ? plain.ofType : inside(plain.ofType, step)
  return isInputObjectType(plain) ? plain.getFields()[step]?.type : undefined
}

function names(type, taken) {
  const found = Array.isArray(type) ? type : fieldsOf(type)
  return found
    .filter(({ name }) => !taken.has(name))
    .map(({ name, type, description, required, deprecationReason }) => ({
      label: `"${name}"`,
      detail: String(type),
      type: deprecationReason ? "deprecated" : undefined,
      info: [deprecationReason, description].filter(Boolean).join("\n\n") || undefined,
      boost: deprecationReason ? -50 : required ? 10 : 0,
      apply: (view, { label }, from, to) =>
        applyName(view, label, type, from, afterQuote(view, from, to)),
    }))
}

function fieldsOf(type) {
  const named = type && getNamedType(type)
  if (!isInputObjectType(named)) return []
  return Object.values(named.getFields()).map((field) => ({
    ...field,
    required: isRequiredInputField(field),
  }))
}

/** @param {any} type */
function values(type) {
  const named =
    !Array.isArray(type) && getNamedType(/** @type {import("graphql").GraphQLInputType} */ (type))
  if (isEnumType(named)) {
    return named.getValues().map(({ name, description, deprecationReason }) => ({
      label: `"${name}"`,
      detail: named.name,
      type: deprecationReason ? "deprecated" : undefined,
      info: [deprecationReason, description].filter(Boolean).join("\n\n") || undefined,
      apply: applyValue,
    }))
  }
  return named?.name === "Boolean"
    ? ["true", "false"].map((label) => ({ label, detail: "Boolean" }))
    : []
}

/** Whether a value may be any text, as far as the schema says. */
function takesText(type) {
  const named = !type || Array.isArray(type) ? null : getNamedType(type)
  return isScalarType(named) && !["Boolean", "Int", "Float"].includes(named.name)
}

/** A closing quote that came with the opening one is replaced too. */
function afterQuote({ state }, from, to) {
  return state.sliceDoc(from, from + 1) === '"' && state.sliceDoc(to, to + 1) === '"' ? to + 1 : to
}

function applyValue(view, { label }, from, to) {
  const changes = { from, to: afterQuote(view, from, to), insert: label }
  view.dispatch({
    changes,
    selection: { anchor: from + label.length },
    userEvent: "input.complete",
  })
}

/**
 * A name comes with its colon and the signs its value is written in, the caret between them.
 * @param {import("@codemirror/view").EditorView} view
 * @param {string} label
 * @param {import("graphql").GraphQLInputType} type
 * @param {number} from
 * @param {number} to
 */
function applyName(view, label, type, from, to) {
  const valued = /^\s*:/.test(view.state.sliceDoc(to, to + 10))
  const [open, close] = valued ? ["", ""] : signsOf(type)
  const insert = `${label}${valued ? "" : ": "}${open}${close}`
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length - close.length },
    userEvent: "input.complete",
  })
  if (!valued && (isEnumType(getNamedType(type)) || getNamedType(type).name === "Boolean"))
    startCompletion(view)
}

function signsOf(type) {
  const plain = getNullableType(type)
  if (isListType(plain)) return ["[", "]"]
  if (isInputObjectType(plain)) return ["{ ", " }"]
  return ["String", "ID"].includes(plain.name) ? ['"', '"'] : ["", ""]
}
