// Zoom in, zoom out, fit, 1:1, and what the zoom is.

import { button, element, setText } from "../temp-file-workbench.toolkit/elements.js"
import { sentence } from "../temp-file-workbench.toolkit/format.js"

export class ZoomControls {
  /**
   * @param {Record<string, any>} words
   * @param {Record<"in" | "out" | "fit" | "actual", () => void>} act
   */
  constructor(words, act) {
    this.words = words
    this.value = element("span", { className: "value" })
    this.out = this.control("out", "−", words.zoom_out, "-", act)
    this.in = this.control("in", "+", words.zoom_in, "+", act)
    const fit = this.control("fit", words.fit, words.fit_label, "0", act)
    const actual = this.control("actual", words.actual, words.actual_label, "a", act)
    this.element = element("div", { className: "zoom" }, this.out, this.value, this.in, fit, actual)
    this.element.role = "group"
    this.element.ariaLabel = words.zoom
  }

  control(name, text, label, key, act) {
    const made = button(text, act[name], name)
    made.ariaLabel = label
    made.title = `${label} (${this.words.zoom_keys[name]})`
    made.setAttribute("aria-keyshortcuts", key)
    return made
  }

  update(percent) {
    setText(this.value, sentence(this.words.zoom_value, { percent }))
  }
}
