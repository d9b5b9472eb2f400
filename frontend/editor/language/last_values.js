// Values of earlier answers among the variables: "{{last.downloadUrl}}". The app puts them in when it
// sends the operation (client/playground/last_values.py).

import { StateEffect, StateField } from "@codemirror/state"

const PLACEHOLDER = /^\{\{\s*last\.[\w.]+\s*\}\}$/

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
  return PLACEHOLDER.test(text)
}

/** What a value may be completed to. */
export function lastValues(state) {
  const names = state.field(lastNamesField, false) ?? []
  return names.map((name) => ({ label: `"{{last.${name}}}"`, boost: -20 }))
}
