// Values of earlier answers among the variables: "{{last.downloadUrl}}". The app puts them in when it
// sends the operation (client/playground/last_values.py).

import { StateEffect, StateField } from "@codemirror/state"

// As in last_values.py, whose white space is that of ASCII too.
const PLACEHOLDER = /\{\{[ \t\n\r\f\v]*last\.[\w.]*[ \t\n\r\f\v]*\}\}/g
const WHOLE = new RegExp(`^${PLACEHOLDER.source}$`)
const NEAR_MISS = /\{\{\s*last(?!\w)([^{}]*)\}{0,2}|\{\s*last\.([^{}]*)\}/i
const BEGUN = /\{\{[ \t]*[\w.]*$/
const BEGUN_STRING = /^\{{1,2}[ \t]*[\w.]*$/
const PLAIN_STRING = /^[\w$]*$/
const REST = /^[\w.]*(?:[ \t]*\}{1,2})?/
const REST_OF_STRING = /^[\w.]*[ \t]*\}{0,2}"/

/** @type {import("@codemirror/state").StateEffectType<string[]>} */
export const setLastNames = StateEffect.define()

/**
 * The names that `last.` can be followed by.
 * @type {StateField<string[]>}
 */
export const lastNamesField = StateField.define({
  create: () => [],
  update: (names, { effects }) =>
    effects.reduce((last, effect) => (effect.is(setLastNames) ? effect.value : last), names),
})

/** Whether a string stands for a value, whose type is not known before it is put in. */
export function isPlaceholder(text) {
  return WHOLE.test(text)
}

/**
 * Where a string has something that looks like a placeholder and is none, so that it is sent as it is: the
 * placeholder that may be meant, by the names there are; else undefined.
 */
export function nearMiss(text, names) {
  const found = NEAR_MISS.exec(text.replaceAll(PLACEHOLDER, ""))
  if (!found) return undefined
  const path = (found[1] ?? found[2])
    .replace(/\[\d*\]/g, "") // of a list its first item is taken in any case
    .replace(/[-\s]+(\w)/g, (_, letter) => letter.toUpperCase())
    .replace(/[^\w.]/g, "")
    .replace(/^\.+|\.+$/g, "")
  const meant = names.find((name) => name.toLowerCase() === path.toLowerCase())
  return `{{last.${meant ?? (path || names[0] || "name")}}}`
}

/**
 * What is begun at an offset, in its line: `from` is where it begins, `isPlaceholder` whether that is with
 * braces, `isPart` whether it is a placeholder within a longer string. Null within a string that is something
 * else: what is completed there would end the string.
 */
export function begunAt(state, offset) {
  const line = state.doc.lineAt(offset)
  const [before, after] = [
    line.text.slice(0, offset - line.from),
    line.text.slice(offset - line.from),
  ]
  const quote = openQuote(before)
  const braces = BEGUN.exec(before)
  if (quote < 0) {
    const from = braces ? braces.index : /[\w$]*$/.exec(before).index
    return { from: line.from + from, isPlaceholder: Boolean(braces), isPart: false }
  }
  const content = before.slice(quote + 1)
  const isPlaceholder = BEGUN_STRING.test(content)
  if (
    (isPlaceholder || PLAIN_STRING.test(content)) &&
    (REST_OF_STRING.test(after) || !closed(after))
  )
    return { from: line.from + quote, isPlaceholder, isPart: false }
  return braces && { from: line.from + braces.index, isPlaceholder: true, isPart: true }
}

/** Where the string that a line ends in begins; -1 where it ends in none. No string has two lines. */
function openQuote(before) {
  let quote = -1
  for (let at = 0; at < before.length; at++) {
    if (before[at] === '"') quote = quote < 0 ? at : -1
    else if (before[at] === "\\" && quote >= 0) at++
  }
  return quote
}

function closed(after) {
  return /^(?:[^"\\]|\\.)*"/.test(after)
}

/** What a value may be completed to: of a placeholder that is begun, those that go on as it does. */
export function lastValues(state, { from, isPlaceholder, isPart }, offset) {
  const names = state.field(lastNamesField, false) ?? []
  const begun = isPlaceholder ? state.sliceDoc(from, offset).replace(/^"?\{+\s*/, "") : ""
  const [open, close] = isPart ? ["{{", "}}"] : ['"{{', '}}"']
  return names
    .filter((name) => goesOnAs(name, begun.toLowerCase()))
    .map((name) => ({ label: `${open}last.${name}${close}`, boost: -20, apply }))
}

/** With or without `last.`: whoever begins with a name means the placeholder of it. */
function goesOnAs(name, begun) {
  const lower = name.toLowerCase()
  return `last.${lower}`.startsWith(begun) || lower.startsWith(begun)
}

/** Put a placeholder in the place of what is there of one, so that there is one with its signs. */
function apply(view, { label }, from, to) {
  const changes = { from, to: endOf(view.state, label, from, to), insert: label }
  view.dispatch({
    changes,
    selection: { anchor: from + label.length },
    userEvent: "input.complete",
  })
}

function endOf(state, label, from, to) {
  const after = state.sliceDoc(to, state.doc.lineAt(to).to)
  if (!label.startsWith('"')) return to + REST.exec(after)[0].length
  const isString = state.sliceDoc(from, from + 1) === '"'
  const rest = isString && REST_OF_STRING.exec(after)
  if (rest) return to + rest[0].length
  const begun = state.sliceDoc(from, to)
  const braces = begun.includes("{{") && /^[\w.]*[ \t]*\}\}/.exec(after)
  return braces && !areNeeded(state, from, to) ? to + braces[0].length : to
}

/** Whether all braces behind are those of objects: none came with the ones that are begun. */
function areNeeded(state, from, to) {
  const around = state.sliceDoc(0, from) + state.sliceDoc(to)
  return around.split("{").length >= around.split("}").length
}
