// Files out of a paste, where they are what is meant.
//
// Who copies cells in a spreadsheet, or a paragraph in a text program, has a picture of it in the
// clipboard as well: there the text is meant, and most of all where text can be typed.

import { typingPlaceOf } from "./typing_place.js"

/**
 * The files of a paste; none where its text is what is meant, or somebody else has taken it.
 *
 * @param {ClipboardEvent} event
 * @returns {File[]}
 */
export function pastedFiles(event) {
  const { clipboardData } = event
  const files = [...(clipboardData?.files ?? [])]
  if (!clipboardData || !files.length || event.defaultPrevented) return []
  const text = clipboardData.getData("text/plain")
  const place = typingPlaceOf(event)
  if (place === "rich" && clipboardData.types.includes("text/html")) return []
  if (text && (place || !isNamesOf(files, text))) return []
  return files
}

/**
 * File managers (Finder, Nautilus) put names or paths of the files beside them, as text.
 * @param {File[]} files
 * @param {string} text
 */
function isNamesOf(files, text) {
  const names = new Set(files.map(({ name }) => name))
  const lines = text.split(/\r?\n/).filter(Boolean)
  return lines.every((line) => names.has(line.slice(line.lastIndexOf("/") + 1)))
}
