// One of the two places that a picture is seen in: strokes and cursor over it, a label in its corner.

import { element } from "../temp-file-workbench.toolkit/elements.js"
import { BrushLayer } from "./brush/brush_layer.js"

const SMALLEST_CURSOR = 8 // CSS pixels

export class Pane {
  constructor(name, label) {
    this.brush = new BrushLayer()
    this.cursor = element("div", { className: "cursor", hidden: true })
    this.label = element("span", { className: `label ${name}`, textContent: label })
    this.element = element(
      "div",
      { className: `pane ${name}` },
      this.brush.finished,
      this.brush.current,
      this.cursor,
      this.label,
    )
    for (const drawn of [this.cursor, this.label]) drawn.ariaHidden = "true"
  }

  /**
   * @param {{ mode: string, x: number, y: number, diameter: number, byKeys: boolean } | null} spot in CSS
   *   pixels of the pane
   */
  showCursor(spot) {
    this.cursor.hidden = !spot
    if (!spot) return
    const diameter = Math.max(spot.diameter, SMALLEST_CURSOR)
    this.cursor.dataset.brush = spot.mode
    this.cursor.classList.toggle("by-keys", spot.byKeys)
    Object.assign(this.cursor.style, { width: `${diameter}px`, height: `${diameter}px` })
    this.cursor.style.transform = `translate(${spot.x - diameter / 2}px, ${spot.y - diameter / 2}px)`
  }
}
