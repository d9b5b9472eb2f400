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
    if (node instanceof HTMLElement && node.isContentEditable) return "rich"
    if (isTextField(node)) return "plain"
  }
  return ""
}

/** @param {EventTarget} node */
function isTextField(node) {
  if (node instanceof HTMLTextAreaElement) return !node.readOnly && !node.disabled
  if (!(node instanceof HTMLInputElement) || node.readOnly || node.disabled) return false
  return TEXT_INPUTS.has(node.type)
}
