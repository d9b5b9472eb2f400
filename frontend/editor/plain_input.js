// Odd characters (odd_characters.js) in the panes: what is typed or pasted is made plain at once,
// where it is not in a string; the others are shown, and put right on demand.

import { isolateHistory } from "@codemirror/commands"
import { EditorState } from "@codemirror/state"
import { highlightSpecialChars } from "@codemirror/view"

import { element } from "./elements.js"
import { hasOdd, nameOf, oddCharacters } from "./language/odd_characters.js"

const LOOK_LIKE_SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060-\u2064\u3000]/g

/** Makes input plain, in the same step of undo, and shows what cannot be seen. */
export const plainInput = (language, words) => [
  EditorState.transactionFilter.of((transaction) => {
    const changes = changesOf(transaction, language)
    return changes.length ? [transaction, { changes, sequential: true }] : transaction
  }),
  highlightSpecialChars({
    addSpecialChars: LOOK_LIKE_SPACES,
    render: (code, _description, placeholder) =>
      shown(nameOf(String.fromCodePoint(code), words), placeholder),
  }),
]

/** Make everything in a pane plain that has to be. */
export function makePlain(view, language) {
  const changes = oddCharacters(view.state.doc.toString(), language)
  if (changes.length) view.dispatch({ changes, annotations: isolateHistory.of("full") })
}

/** An input method that is composing would be cut short; the marks help then. */
function changesOf(transaction, language) {
  if (!transaction.isUserEvent("input") || transaction.isUserEvent("input.type.compose")) return []
  const put = []
  let odd = false
  transaction.changes.iterChanges((_fromA, _toA, from, to, inserted) => {
    put.push([from, to])
    odd ||= hasOdd(inserted.toString())
  })
  if (!odd) return []
  const isPut = ({ from, to }) => put.some(([start, end]) => start <= from && to <= end)
  return oddCharacters(transaction.newDoc.toString(), language).filter(isPut)
}

function shown(name, placeholder) {
  const mark = element("span", {
    className: "cm-specialChar",
    textContent: placeholder,
    title: name,
  })
  mark.role = "img"
  mark.ariaLabel = name
  return mark
}
