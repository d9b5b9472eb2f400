// How much of the original is seen in the slider: a native range input, and the line in the picture.

import { element, setText } from "../temp-file-workbench.toolkit/elements.js"
import { sentence } from "../temp-file-workbench.toolkit/format.js"

const LARGE_STEP = 10 // per cent, with Shift; Page Up and Page Down do the same by themselves
const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }

export class Divider {
  /** @param moved is called when the value changed */
  constructor(words, moved) {
    this.words = words
    this.moved = moved
    this.input = element("input", { type: "range", min: 0, max: 100, step: 1, value: 50 })
    this.input.ariaLabel = words.divider
    this.input.addEventListener("input", () => this.set(Number(this.input.value)))
    this.input.addEventListener("keydown", (event) => this.step(event))
    this.text = element("span", { className: "value" })
    this.text.ariaHidden = "true"
    this.element = element("div", { className: "divider-row" }, this.input, this.text)
    this.line = element("div", { className: "divider" }, element("span", { className: "handle" }))
    this.line.ariaHidden = "true"
    this.write(50)
  }

  get value() {
    return Number(this.input.value)
  }

  get valueText() {
    return sentence(this.words.divider_value, { percent: this.value })
  }

  /** @param percent of what is seen of the picture, from 0 to 100 */
  set(percent) {
    this.write(percent)
    this.moved()
  }

  write(percent) {
    this.input.value = String(Math.round(percent))
    this.input.setAttribute("aria-valuetext", this.valueText)
    this.input.style.setProperty("--part", String(this.value / 100))
    setText(this.text, this.valueText)
  }

  /** The input is as wide as what is seen of the picture, so that its thumb is below the line. */
  align({ left, width }) {
    this.element.style.setProperty("--left", `${left}px`)
    this.element.style.setProperty("--width", `${width}px`)
  }

  step(event) {
    const step = STEPS[event.key]
    if (!step || !event.shiftKey) return
    event.preventDefault()
    this.set(this.value + step * LARGE_STEP)
  }
}
