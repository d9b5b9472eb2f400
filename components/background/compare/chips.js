// A group of radio buttons that look like chips. Being native, they bring role, name and arrow keys.

import { element } from "../temp-file-workbench.toolkit/elements.js"

export class Chips {
  /**
   * @param label of the group, shown
   * @param options value → text
   * @param choose is given the value that the person chose
   */
  constructor(name, label, options, choose) {
    this.inputs = new Map()
    this.element = element(
      "div", // a fieldset puts its legend above the buttons in WebKit, whatever its style
      { className: `chips ${name}`, role: "group", ariaLabel: label },
      element("span", { className: "group", textContent: label, ariaHidden: "true" }),
    )
    for (const [value, text] of Object.entries(options))
      this.element.append(this.chip(name, value, text, choose))
  }

  chip(name, value, text, choose) {
    const input = element("input", { type: "radio", name, value })
    input.addEventListener("change", () => choose(value))
    this.inputs.set(value, input)
    const shown = element("span", { className: "text", textContent: text })
    shown.dataset.text = text
    const label = element("label", { className: "chip" }, input, shown)
    label.dataset.value = value
    return label
  }

  select(value) {
    this.inputs.get(value).checked = true
  }

  /** Put a sign before the text; screen readers pass it over. */
  decorate(value, className) {
    const sign = element("span", { className })
    sign.ariaHidden = "true"
    this.inputs.get(value).after(sign)
    return sign
  }

  setShortcut(value, key, title) {
    const input = this.inputs.get(value)
    input.setAttribute("aria-keyshortcuts", key)
    input.parentElement.title = title
  }

  setHidden(value, hidden) {
    this.inputs.get(value).parentElement.hidden = hidden
  }
}
