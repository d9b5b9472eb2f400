// The problems of a pane in words, for those who do not see or cannot point at the marks.

import { forEachDiagnostic, setDiagnosticsEffect } from "@codemirror/lint"

import { button, element, sentence } from "./elements.js"
import { placeOf } from "./language/positions.js"

const MOST = 3

export class Problems {
  constructor(words) {
    this.words = words
    this.root = element("ul", { className: "problems", hidden: true })
  }

  /** Draw the marks that an update of the pane brought. */
  update({ transactions, view }) {
    if (
      !transactions.some(({ effects }) => effects.some((effect) => effect.is(setDiagnosticsEffect)))
    )
      return
    const found = []
    forEachDiagnostic(view.state, (diagnostic, from) => found.push({ ...diagnostic, from }))
    const shown = found.slice(0, MOST).map((problem) => this.row(problem, view))
    if (found.length > MOST)
      shown.push(element("li", {}, sentence(this.words.more, { count: found.length - MOST })))
    this.root.replaceChildren(...shown)
    this.root.hidden = !found.length
  }

  row({ from, message, severity }, view) {
    const { line, column } = placeOf(view.state.doc, from)
    const text = sentence(this.words.problem, { line, column, message })
    const go = () => {
      view.dispatch({
        selection: { anchor: Math.min(from, view.state.doc.length) },
        scrollIntoView: true,
      })
      view.focus()
    }
    const row = element("li", {}, button(text, go))
    row.dataset.severity = severity
    return row
  }
}
