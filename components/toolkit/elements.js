// Making elements. What people and stores say only ever becomes text, never markup.

const ICONS = { waiting: "○", sending: "↑", retrying: "↻", done: "✓", failed: "✕", cancelled: "–" }
const SVG = "http://www.w3.org/2000/svg"

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}

export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}

export function button(text, act, className = "") {
  const control = element("button", { type: "button", textContent: text, className })
  control.addEventListener("click", act)
  return control
}

/** A sign beside a word that says the same, so it is hidden from screen readers. */
export function icon(status) {
  const sign = element("span", { className: "icon", textContent: ICONS[status] })
  sign.ariaHidden = "true"
  return sign
}

/** Set a text only where it differs, so that nothing is laid out or read out again. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text
}

/** The element that has the keyboard, within the same shadow root. */
export function focused(node) {
  return node.getRootNode().activeElement
}
