// Which part of the picture is seen, and how large: the same in every mode and in both panes.

import {
  fitted,
  isCropped,
  panned,
  pixelAt,
  rectangle,
  revealing,
  settled,
  visibleSpan,
  zoomed,
} from "./geometry.js"

export class Viewport {
  /**
   * @param {import("./stage.js").Stage} stage whose panes are looked through
   * @param {() => void} changed is called after every move
   */
  constructor(stage, changed) {
    this.stage = stage
    this.changed = changed
    this.size = { width: 1, height: 1 }
    this.view = fitted({ width: 1, height: 1 }, this.size)
  }

  setPicture({ width, height }) {
    this.size = { width, height }
    this.fit()
  }

  fit() {
    this.look(fitted(this.stage.pane, this.size))
  }

  /** @param point of the pane that stays where it is, its middle if left out */
  zoomBy(factor, point) {
    this.zoomTo(this.view.scale * factor, point)
  }

  /** @param scale CSS pixels per pixel of the full picture */
  zoomTo(scale, point) {
    this.look(zoomed(this.view, this.stage.pane, this.size, scale, point))
  }

  pan(dx, dy) {
    this.look(panned(this.view, this.stage.pane, this.size, dx, dy))
  }

  /** Have a place of the picture (0 to 1) in sight. */
  reveal([x, y]) {
    const pixel = { x: x * this.size.width, y: y * this.size.height }
    if (this.isCropped) this.look(revealing(this.view, this.stage.pane, this.size, pixel))
  }

  /** The panes have another size. */
  resize() {
    this.look(settled(this.view, this.stage.pane, this.size))
  }

  look(view) {
    this.view = view
    this.changed()
  }

  get percent() {
    return Math.round(this.view.scale * 100)
  }

  get isCropped() {
    return isCropped(this.view, this.stage.pane, this.size)
  }

  get rectangle() {
    return rectangle(this.view, this.stage.pane, this.size)
  }

  get span() {
    return visibleSpan(this.view, this.stage.pane, this.size)
  }

  /** The place of the picture (0 to 1, beyond it outside) under a point of the pane. */
  placeAt(point) {
    const { x, y } = pixelAt(this.view, this.stage.pane, point)
    return [x / this.size.width, y / this.size.height]
  }
}
