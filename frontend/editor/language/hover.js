// Documentation of what the pointer or the caret is at.

import { syntaxTree } from "@codemirror/language"
import { hoverTooltip } from "@codemirror/view"
import { getContextAtPosition, getHoverInformation } from "graphql-language-service"

import { described } from "../description.js"
import { button, element } from "../elements.js"
import { positionAt } from "./positions.js"
import { schemaField } from "./schema.js"

const WORD = /[\w$@]/

/** A tooltip with what there is to say; `open` is called with a definition to see more of it. */
export const hoverDocumentation = (words, open) =>
  hoverTooltip(({ state }, offset) => {
    const word = wordAround(state, offset)
    const text = documentationAt(state, offset)
    if (!text) return null
    const more = definitionAt(state, offset)
    const control = more ? [button(words.look_up, () => open(more))] : []
    return {
      pos: word.from,
      end: word.to,
      above: true,
      create: () => ({ dom: box(text, control) }),
    }
  })

/** The signature of what is at an offset and, below an empty line, its words; "" if nothing is. */
export function documentationAt(state, offset) {
  const word = wordAround(state, offset)
  const schema = state.field(schemaField)
  if (!word || !schema) return ""
  const found = getHoverInformation(
    schema,
    state.doc.toString(),
    positionAt(state.doc, word.to - 1),
  )
  const type = found ? null : typeNamed(state, schema, word)
  return type ? [type.name, type.description].filter(Boolean).join("\n\n") : found
}

/** The language service knows no types where variables are declared. */
function typeNamed(state, schema, { from, to }) {
  const node = syntaxTree(state).resolveInner(from, 1)
  return node.parent?.name === "NamedType" ? schema.getType(state.sliceDoc(from, to)) : undefined
}

/** The type that the explorer has a page of, and the field on it, at an offset; null if neither. */
export function definitionAt(state, offset) {
  const word = wordAround(state, offset)
  const schema = state.field(schemaField)
  if (!word || !schema) return null
  const context = getContextAtPosition(
    state.doc.toString(),
    positionAt(state.doc, word.to - 1),
    schema,
  )
  if (!context) return null
  const { typeInfo, token } = context
  const owner = typeInfo.fieldDef && typeInfo.parentType
  if (owner && /Field|Argument/.test(token.state.kind))
    return { type: String(owner), field: typeInfo.fieldDef.name }
  const type = typeInfo.type ?? typeInfo.inputType
  const name = type ? String(type).replace(/[[\]!]/g, "") : typeNamed(state, schema, word)?.name
  return name ? { type: name } : null
}

function box(text, control) {
  const [signature, ...rest] = text.split("\n")
  const code = element("code", { textContent: signature })
  return element(
    "div",
    { className: "documentation" },
    code,
    ...described(rest.join("\n")),
    ...control,
  )
}

function wordAround(state, offset) {
  const { from, text } = state.doc.lineAt(offset)
  let [start, end] = [offset - from, offset - from]
  while (start > 0 && WORD.test(text[start - 1])) start--
  while (end < text.length && WORD.test(text[end])) end++
  return start < end ? { from: from + start, to: from + end } : null
}
