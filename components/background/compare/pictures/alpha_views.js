// The alpha of a cut-out as a matte and as a tint over the original, computed once per cut.

import { element } from "../../temp-file-workbench.toolkit/elements.js"
import { mattePixels, spotOf, tintPixels } from "./pixels.js"

const drawnFrom = new WeakMap()

export class AlphaViews {
  constructor() {
    this.matte = drawing()
    this.tint = drawing()
    this.image = null
    this.pixels = null
  }

  /** @param image that is decoded; for the same one a second time costs nothing */
  drawMatte(image) {
    paint(this.matte, this.read(image), mattePixels)
  }

  drawTint(image) {
    paint(this.tint, this.read(image), tintPixels)
  }

  /** What became of a place of the picture: "kept", "removed" or "partly". */
  spot(image, point) {
    return spotOf(this.read(image), point)
  }

  read(image) {
    if (this.image === image) return this.pixels
    const canvas = element("canvas", { width: image.naturalWidth, height: image.naturalHeight })
    const context = canvas.getContext("2d", { willReadFrequently: true })
    context.drawImage(image, 0, 0)
    this.image = image
    this.pixels = context.getImageData(0, 0, canvas.width, canvas.height)
    return this.pixels
  }
}

function drawing() {
  const canvas = element("canvas", { className: "layer" })
  canvas.role = "img"
  return canvas
}

function paint(canvas, pixels, pixelsOf) {
  if (drawnFrom.get(canvas) === pixels) return
  drawnFrom.set(canvas, pixels)
  const { width, height, data } = pixels
  Object.assign(canvas, { width, height })
  canvas.getContext("2d").putImageData(new ImageData(pixelsOf(data), width, height), 0, 0)
}
