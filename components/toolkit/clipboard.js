// Copying text. Where the clipboard is blocked (http on another host), a selected field still copies.

/**
 * Whether the text is on the clipboard now; `near` is where a field may stand for a moment.
 * @param {string} text
 * @param {HTMLElement} near
 */
export async function copyText(text, near) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error
    return copyFromField(text, near)
  }
}

/**
 * @param {string} text
 * @param {HTMLElement} near
 */
function copyFromField(text, near) {
  const field = near.appendChild(document.createElement("textarea"))
  field.className = "only-heard"
  field.value = text
  field.select()
  const copied = document.execCommand("copy")
  field.remove()
  return copied
}
