// The picture itself: one pane, or two side by side, with everything that lies over one another there.

import { element, setText } from "../temp-file-workbench.toolkit/elements.js"
import { sentence } from "../temp-file-workbench.toolkit/format.js"
import { AlphaViews } from "./pictures/alpha_views.js"
import { Backdrop } from "./pictures/backdrops.js"
import { Pane } from "./pane.js"
import { Picture } from "./pictures/picture.js"

const SMOOTH_UP_TO = 4 // CSS pixels per pixel of an image; above that its pixels are shown as squares
const WITH_ORIGINAL = ["slider", "side", "original", "difference"]
const WITH_CUTOUT = ["slider", "side", "result"]

export class Stage {
  /**
   * @param line the divider's line
   * @param changed is called when another image is on show, or could not be
   */
  constructor(words, line, changed) {
    this.words = words
    this.line = line
    this.mode = "slider"
    this.before = new Picture(() => this.loaded(changed))
    this.after = new Picture(() => this.loaded(changed))
    this.alpha = new AlphaViews()
    this.backdrop = new Backdrop()
    this.plain = new Backdrop()
    this.plain.show({ kind: "checkerboard" }, {})
    this.addPanes()
    this.addSurface()
    this.element = element(
      "figure",
      { className: "stage" },
      this.panes,
      this.surface,
      this.working,
      this.notice,
      this.caption,
    )
  }

  addPanes() {
    const { words, alpha } = this
    this.original = element(
      "div",
      { className: "side" },
      this.plain.element,
      this.before.element,
      alpha.tint,
    )
    this.cutout = element("div", { className: "side" }, this.backdrop.element, this.after.element)
    this.first = new Pane("first", words.before_label)
    this.second = new Pane("second", words.after_label)
    this.cutoutLabel = element("span", {
      className: "label second",
      textContent: words.after_label,
    })
    this.cutoutLabel.ariaHidden = "true"
    this.first.element.prepend(this.original, this.cutout, alpha.matte, this.line)
    this.first.element.append(this.cutoutLabel)
    this.panes = element("div", { className: "panes" }, this.first.element, this.second.element)
  }

  addSurface() {
    this.hint = element("span", { className: "only-heard", id: "surface-hint" })
    this.surface = element("div", { className: "surface", tabIndex: 0 }, this.hint)
    this.surface.role = "application"
    this.surface.setAttribute("aria-describedby", "surface-hint")
    this.working = element("p", {
      className: "working",
      textContent: this.words.working,
      hidden: true,
    })
    this.notice = element("p", { className: "notice" })
    this.notice.role = "alert"
    this.caption = element("figcaption", { className: "only-heard" })
  }

  loaded(changed) {
    const problem = this.before.problem ?? this.after.problem
    setText(this.notice, problem ? this.words[problem] : "")
    this.drawAlpha()
    changed()
  }

  /** Say whose picture it is, and how large it is. */
  setPicture({ name, width, height }) {
    const { words } = this
    this.before.element.alt = sentence(words.before, { name })
    this.after.element.alt = sentence(words.after, { name })
    this.surface.ariaLabel = sentence(words.surface, { name })
    this.alpha.matte.ariaLabel = sentence(words.matte, { name })
    this.alpha.tint.ariaLabel = sentence(words.difference, { name })
    setText(this.caption, sentence(words.figure, { name }))
    this.element.style.setProperty("--ratio", String(width / height))
    this.element.dataset.shape = width > height ? "wide" : "tall"
  }

  setMode(mode) {
    this.mode = mode
    this.element.dataset.mode = mode
    if (mode === "side") this.second.element.prepend(this.cutout)
    else this.original.after(this.cutout)
    this.second.element.hidden = mode !== "side"
    this.original.hidden = !WITH_ORIGINAL.includes(mode)
    this.cutout.hidden = !WITH_CUTOUT.includes(mode)
    this.alpha.matte.hidden = mode !== "matte"
    this.alpha.tint.hidden = mode !== "difference"
    this.line.hidden = mode !== "slider"
    this.drawAlpha()
  }

  drawAlpha() {
    const { preview } = this.after
    if (preview && this.mode === "matte") this.alpha.drawMatte(preview)
    if (preview && this.mode === "difference") this.alpha.drawTint(preview)
  }

  /** The size of a pane, in CSS pixels; both are of the same size. */
  get pane() {
    const { clientWidth, clientHeight } = this.first.element
    return { width: Math.max(clientWidth, 1), height: Math.max(clientHeight, 1) }
  }

  /** The rectangle, in the window, of the pane that a point of the window is in. */
  paneAt({ x, y }) {
    const second = this.second.element.getBoundingClientRect()
    const within = x >= second.left && x < second.right && y >= second.top && y < second.bottom
    return within ? second : this.first.element.getBoundingClientRect()
  }

  /** Put everything that is the picture where the view has it. */
  place(scale, size, rectangle) {
    for (const layer of [
      this.before.element,
      this.after.element,
      this.alpha.tint,
      this.alpha.matte,
    ]) {
      const pixels = layer instanceof HTMLImageElement ? layer.naturalWidth : layer.width
      layer.style.width = `${size.width}px`
      layer.style.height = `${size.height}px`
      layer.style.transform = `translate(${rectangle.x}px, ${rectangle.y}px) scale(${scale})`
      layer.style.imageRendering = (scale * size.width) / pixels > SMOOTH_UP_TO ? "pixelated" : ""
    }
    this.backdrop.place(rectangle)
    this.plain.place(rectangle)
    this.placeLabels(rectangle)
  }

  /** Labels are in the corners of what is seen of the picture. */
  placeLabels({ x, y, width }) {
    const { style } = this.element
    style.setProperty("--seen-left", `${Math.max(x, 0)}px`)
    style.setProperty("--seen-right", `${Math.max(this.pane.width - x - width, 0)}px`)
    style.setProperty("--seen-top", `${Math.max(y, 0)}px`)
  }

  /** Show the original left of `x` (CSS pixels of the pane) and the cut-out right of it, if any. */
  divide(x) {
    const divided = this.mode === "slider"
    this.original.style.clipPath = divided ? `inset(0 calc(100% - ${x}px) 0 0)` : ""
    this.cutout.style.clipPath = divided ? `inset(0 0 0 ${x}px)` : ""
    this.line.style.transform = `translateX(${x}px)`
  }

  get shownPanes() {
    return this.mode === "side" ? [this.first, this.second] : [this.first]
  }
}
