// Odd characters as problems, each by its name: that something is wrong there cannot be seen.

import { sentence } from "../elements.js"
import { nameOf, oddCharacters } from "./odd_characters.js"

/**
 * The problems of a text in a language; each offers to put all of them right.
 * @returns {import("@codemirror/lint").Diagnostic[]}
 */
export function oddProblems(text, language, words) {
  const apply = (view) =>
    view.dispatch({
      changes: oddCharacters(view.state.doc.toString(), language),
      userEvent: "input.complete",
    })
  return oddCharacters(text, language).map(({ from, to }) => ({
    from,
    to,
    severity: "error",
    message: sentence(words.odd_character, { name: nameOf(text.slice(from, to), words) }),
    actions: [{ name: words.make_plain, apply }],
  }))
}
