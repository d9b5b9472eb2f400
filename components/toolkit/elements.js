// Making elements. What people and stores say only ever becomes text, never markup.

import { withoutTurns } from "./format.js"

/** @type {Record<string, string>} */
const ICONS = { waiting: "○", sending: "↑", retrying: "↻", done: "✓", failed: "✕", cancelled: "–" }
const SVG = "http://www.w3.org/2000/svg"

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} properties
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} attributes
 * @param {(Node | string)[]} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value))
  made.append(...children)
  return made
}

/**
 * @param {string} text
 * @param {(event: MouseEvent) => void} act
 * @param {string} className
 */
export function button(text, act, className = "") {
  const control = element("button", { type: "button", textContent: text, className })
  control.addEventListener("click", act)
  return control
}

/**
 * A sign beside a word that says the same, so it is hidden from screen readers.
 * @param {string} status
 */
export function icon(status) {
  const sign = element("span", { className: "icon", textContent: ICONS[status] })
  sign.ariaHidden = "true"
  return sign
}

/**
 * A file's name where people read it, set apart from the words beside it. Signs that turn the
 * direction of reading are left out: with one of them "photo[202e]gpj.exe" reads "photoexe.jpg"
 * (Unicode Standard Annex 9, 2; https://trojansource.codes).
 * @param {string} name
 * @param {string} title what a pointer on it is told
 */
export function fileName(name, title = name) {
  return element("bdi", { textContent: withoutTurns(name), title: withoutTurns(title) })
}

/**
 * Set a text only where it differs, so that nothing is laid out or read out again.
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text
}

/**
 * The element that has the keyboard, within the same shadow root.
 * @param {Node} node
 * @returns {HTMLElement | null}
 */
export function focused(node) {
  return /** @type {any} */ (node.getRootNode()).activeElement
}
