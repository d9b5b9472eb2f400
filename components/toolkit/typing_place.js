// Where on the page an event would type text.

const TEXT_INPUTS = new Set([
  "text",
  "search",
  "url",
  "tel",
  "email",
  "password",
  "number",
  "date",
  "datetime-local",
  "month",
  "time",
  "week",
])

/**
 * "plain" in a field that takes text, "rich" in what takes formatted text too (contenteditable: the
 * editor), "" elsewhere. Looks into shadow roots.
 *
 * @param {Event} event
 */
export function typingPlaceOf(event) {
  for (const node of event.composedPath()) {
    if (node.isContentEditable) return "rich"
    if (isTextField(node)) return "plain"
  }
  return ""
}

function isTextField({ localName, type, readOnly, disabled }) {
  if (readOnly || disabled) return false
  return localName === "textarea" || (localName === "input" && TEXT_INPUTS.has(type))
}
