// What each try of a part was answered.

import { element } from "../../temp-file-workbench.toolkit/elements.js"
import { exactClock, exactSeconds, sentence } from "../../temp-file-workbench.toolkit/format.js"

/** A table of the tries of one part, oldest first. */
export function triesTable(part, history, words) {
  const caption = element("caption", {
    className: "only-heard",
    textContent: sentence(words.tries_of, { part: part.number }),
  })
  const head = element(
    "tr",
    {},
    ...words.tries_columns.map((title) => element("th", { scope: "col", textContent: title })),
  )
  const rows = history
    .filter((one) => one.part === part.number)
    .map((one, index) => tryRow(one, index, words))
  return element(
    "table",
    { className: "tries-table" },
    caption,
    element("thead", {}, head),
    element("tbody", {}, ...rows),
  )
}

function tryRow(one, index, words) {
  const answer = one.status || words.no_answer
  const values = [
    exactClock(one.started),
    exactSeconds(one.seconds),
    answer,
    one.code,
    one.request_id,
    words.routes[one.route],
  ]
  const cells = values.map((value) => element("td", { textContent: value || "–" }))
  return element("tr", {}, element("th", { scope: "row", textContent: index + 1 }), ...cells)
}
