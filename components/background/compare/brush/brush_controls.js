// Which brush, how large, and taking strokes back.

import { button, element, setText } from "../../temp-file-workbench.toolkit/elements.js"
import { counted, sentence } from "../../temp-file-workbench.toolkit/format.js"
import { Chips } from "../chips.js"

const SIZES = { min: 0.5, max: 20, step: 0.5 } // diameter, in per cent of the picture's long side
const FIRST_SIZE = 4

export class BrushControls {
  /**
   * @param {Record<string, any>} words
   * @param {Record<"size" | "undo" | "redo" | "clear", () => void> & { tool(name: string): void }} act
   */
  constructor(words, act) {
    this.words = words
    this.chips = new Chips("tool", words.brush, words.tools, act.tool)
    for (const tool of ["keep", "remove"]) this.chips.decorate(tool, `sign ${tool}`)
    this.chips.select("look")
    this.size = element("input", { type: "range", ...SIZES, value: FIRST_SIZE })
    this.size.addEventListener("input", () => {
      this.update()
      act.size()
    })
    this.sizeText = element("span", { className: "value" })
    this.undo = button(words.undo, act.undo)
    this.redo = button(words.redo, act.redo)
    this.clear = button(words.clear, act.clear)
    this.clear.ariaLabel = words.clear_label
    this.count = element("span", { className: "count" })
    const label = element(
      "label",
      { className: "brush-size" },
      element("span", { textContent: words.brush_size }),
      this.size,
      this.sizeText,
    )
    const steps = element(
      "span",
      { className: "steps" },
      this.undo,
      this.redo,
      this.clear,
      this.count,
    )
    this.element = element("div", { className: "brush" }, this.chips.element, label, steps)
    this.update()
  }

  /** Radius of the brush, relative to the long side. */
  get radius() {
    return Number(this.size.value) / 200
  }

  update() {
    const percent = Number(this.size.value)
    this.size.setAttribute("aria-valuetext", sentence(this.words.brush_size_value, { percent }))
    this.size.style.setProperty("--part", String((percent - SIZES.min) / (SIZES.max - SIZES.min)))
    setText(this.sizeText, `${percent} %`)
  }

  /** Buttons that can do nothing say so without giving up the keyboard. */
  showHistory({ strokes, past, future }) {
    this.undo.ariaDisabled = String(!past.length)
    this.redo.ariaDisabled = String(!future.length)
    this.clear.ariaDisabled = String(!strokes.length)
    setText(this.count, strokes.length ? counted(this.words.stroke_count, strokes.length) : "")
  }
}
