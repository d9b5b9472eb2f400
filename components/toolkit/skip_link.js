// A way past what stands before a place, for those who come by keyboard: seen once it has the focus. It
// stands beside Streamlit's own, which leads to the page's content.

import { button, element } from "./elements.js"

/**
 * @param {string} text
 * @param {() => HTMLElement | null} find what it leads to
 * @returns {() => void} removes it again
 */
export function addSkipLink(text, find) {
  const link = element("nav", { className: "skip-link" })
  link.ariaLabel = text
  link.append(button(text, () => find()?.focus()))
  document.body.prepend(link)
  return () => link.remove()
}
