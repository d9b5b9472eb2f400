// Strokes over a picture. They are told apart without colour: keep is hatched upwards and marked +,
// remove is hatched downwards and marked −.

import { element } from "../../temp-file-workbench.toolkit/elements.js"

const TILE = 20 // CSS pixels
const THINNEST = 2 // CSS pixels
const WASHES = { keep: "rgb(0 105 45 / 55%)", remove: "rgb(195 0 40 / 55%)" }

/** Two canvases of a pane: finished strokes, and the one being painted, which changes more often. */
export class BrushLayer {
  constructor() {
    this.finished = element("canvas", { className: "strokes" })
    this.current = element("canvas", { className: "strokes" })
    for (const canvas of [this.finished, this.current]) canvas.ariaHidden = "true"
  }

  /**
   * @param {object[]} strokes
   * @param {{ pane: object, rectangle: object }} place the pane's size, and where the picture lies in it
   */
  draw(strokes, place) {
    const where = JSON.stringify([place, window.devicePixelRatio])
    if (this.drawn === strokes && this.where === where) return
    this.drawn = strokes
    this.where = where
    paint(this.finished, strokes, place)
  }

  drawCurrent(stroke, place) {
    paint(this.current, stroke ? [stroke] : [], place)
  }
}

function paint(canvas, strokes, place) {
  const context = cleared(canvas, place.pane)
  if (!strokes.length) return
  const patterns = { keep: hatch(context, "keep", place), remove: hatch(context, "remove", place) }
  for (const stroke of strokes) paintOne(context, stroke, patterns[stroke.mode], place)
}

function cleared(canvas, pane) {
  const ratio = window.devicePixelRatio
  const [width, height] = [Math.round(pane.width * ratio), Math.round(pane.height * ratio)]
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
  const context = canvas.getContext("2d")
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, pane.width, pane.height)
  return context
}

/** The later stroke takes the place of what is under it. */
function paintOne(context, { points, radius }, pattern, { rectangle }) {
  const path = new Path2D()
  /** @returns {[number, number]} */
  const at = ([x, y]) => [rectangle.x + x * rectangle.width, rectangle.y + y * rectangle.height]
  path.moveTo(...at(points[0]))
  for (const point of points.length > 1 ? points.slice(1) : points) path.lineTo(...at(point))
  context.lineCap = context.lineJoin = "round"
  context.lineWidth = Math.max(2 * radius * Math.max(rectangle.width, rectangle.height), THINNEST)
  context.globalCompositeOperation = "destination-out"
  context.strokeStyle = "#000"
  context.stroke(path)
  context.globalCompositeOperation = "source-over"
  context.strokeStyle = pattern
  context.stroke(path)
}

/** A pattern that sticks to the picture as that moves. */
function hatch(context, mode, { rectangle }) {
  const ratio = window.devicePixelRatio
  const pattern = context.createPattern(tile(mode, ratio), "repeat")
  pattern.setTransform(new DOMMatrix().translate(rectangle.x, rectangle.y).scale(1 / ratio))
  return pattern
}

/** The lines go on in the next tile; the mark is in the middle, between them. */
function tile(mode, ratio) {
  const canvas = element("canvas", { width: TILE * ratio, height: TILE * ratio })
  const context = canvas.getContext("2d")
  context.scale(ratio, ratio)
  context.fillStyle = WASHES[mode]
  context.fillRect(0, 0, TILE, TILE)
  context.strokeStyle = "#fff"
  context.lineWidth = 1
  context.stroke(new Path2D(mode === "keep" ? "M-2 12L12-2M8 22L22 8" : "M8-2L22 12M-2 8L12 22"))
  context.lineWidth = 2.5
  context.stroke(new Path2D(mode === "keep" ? "M5.5 10h9M10 5.5v9" : "M5.5 10h9"))
  return canvas
}
