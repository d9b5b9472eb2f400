// The before/after viewer. It paints by itself; Python hears of finished strokes, of a chosen
// backdrop, and of a zoom that the previews are too coarse for.

import { Announcer } from "../temp-file-workbench.toolkit/announcer.js"
import { element, setText } from "../temp-file-workbench.toolkit/elements.js"
import { sentence } from "../temp-file-workbench.toolkit/format.js"
import { whenGone } from "../temp-file-workbench.toolkit/when_gone.js"
import { BackdropChoice } from "./pictures/backdrops.js"
import { Brush } from "./brush/brush.js"
import { Chips } from "./chips.js"
import { Divider } from "./divider.js"
import { Gestures } from "./gestures.js"
import { PictureKeys, viewerKeys } from "./keyboard.js"
import { Stage } from "./stage.js"
import { Viewport } from "./viewport.js"
import { ZoomControls } from "./zoom_controls.js"

const ZOOM_STEP = 1.5
const NEAR = 24 // CSS pixels from the divider that still take hold of it
const views = new WeakMap()

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const view = views.get(parentElement) ?? new Compare(parentElement, data)
  views.set(parentElement, view)
  view.update(data, { state: setStateValue, trigger: setTriggerValue })
  return whenGone(parentElement, () => view.remove())
}

class Compare {
  constructor(parent, data) {
    this.words = data.words
    this.live = element("p", { className: "only-heard" })
    this.live.role = "status"
    this.announcer = new Announcer(this.live)
    this.addPicture()
    this.addControls(data)
    this.root = element(
      "div",
      { className: "compare" },
      this.top,
      this.stage.element,
      this.below,
      this.backdrop.element,
      this.brush.controls.element,
      this.live,
    )
    viewerKeys(this.root, {
      mode: (number) => this.show(Object.keys(this.words.modes)[number - 1]),
      zoom: this.zoomActions,
      undo: () => this.brush.list.undo(),
      redo: () => this.brush.list.redo(),
    })
    parent.append(this.root)
    this.setMode("slider")
    this.sizes = new ResizeObserver(() => this.viewport.resize())
    this.sizes.observe(this.stage.first.element)
  }

  addPicture() {
    const { words } = this
    this.divider = new Divider(words, () => this.draw())
    this.stage = new Stage(words, this.divider.line, () => this.draw())
    this.viewport = new Viewport(this.stage, () => this.draw())
    this.brush = new Brush(words, this.stage, this.viewport, {
      report: (strokes) => this.report("strokes", strokes),
      say: (text, replaces) => this.announcer.say(text, replaces),
      changed: () => this.draw(),
    })
    this.keys = new PictureKeys(this.stage.surface, this.viewport, this.brush)
    new Gestures(this.stage.surface, {
      begin: (event) => this.begin(event),
      pinch: (by, point, dx, dy) => this.pinch(by, point, dx, dy),
      hover: (event) => this.brush.isInHand && this.brush.hover(this.pointOf(event)),
      leave: () => this.brush.leave(),
    })
  }

  addControls(data) {
    const { words } = this
    this.modes = new Chips("mode", words.view, words.modes, (mode) => this.show(mode))
    Object.keys(words.modes).forEach((mode, index) => {
      this.modes.setShortcut(mode, `${index + 1}`, sentence(words.mode_key, { number: index + 1 }))
    })
    this.zoomActions = {
      in: () => this.zoom(() => this.viewport.zoomBy(ZOOM_STEP)),
      out: () => this.zoom(() => this.viewport.zoomBy(1 / ZOOM_STEP)),
      fit: () => this.zoom(() => this.viewport.fit()),
      actual: () => this.zoom(() => this.viewport.zoomTo(1)),
    }
    this.zoomControls = new ZoomControls(words, this.zoomActions)
    this.explanation = element("p", { className: "explanation" })
    this.top = element("div", { className: "top" }, this.modes.element, this.zoomControls.element)
    this.below = element("div", { className: "below" }, this.divider.element, this.explanation)
    this.backdrop = new BackdropChoice(
      words,
      data.backdrop,
      () => this.draw(),
      (chosen) => this.report("backdrop", chosen),
    )
  }

  update(data, send) {
    const { data: old } = this
    this.data = data
    this.send = send
    this.stage.setPicture(data)
    const isOther = !old || pictureOf(old) !== pictureOf(data)
    if (isOther) this.openPicture(data)
    else if (old.version !== data.version) this.announcer.say(this.words.new_cut, "cut")
    if (data.busy && !old?.busy) this.announcer.say(this.words.working, "cut")
    this.stage.working.hidden = !data.busy
    this.stage.element.ariaBusy = String(data.busy)
    this.brush.controls.element.hidden = !data.brush
    if (!data.brush && this.brush.isInHand) this.brush.take("look")
    this.acceptStrokes(data.strokes)
    this.backdrop.offerImage(data.backdrop_image)
    this.showPictures()
    this.draw()
  }

  openPicture(data) {
    this.needsDetail = false
    this.askedFor = null
    this.brush.open(data.strokes)
    this.viewport.setPicture(data)
  }

  /** Streamlit keeps what was reported last, so it is told when Python's list takes its place. */
  acceptStrokes(strokes) {
    this.brush.list.accept(strokes)
    const held = this.brush.list.strokes
    const isOld = this.reported && JSON.stringify(this.reported) !== JSON.stringify(held)
    if (isOld) this.report("strokes", held)
  }

  report(name, value) {
    if (name === "strokes") this.reported = value
    this.send.state(name, value)
  }

  /** The previews, and once the zoom is beyond them the full pictures too. */
  showPictures() {
    const { before, after, before_full, after_full } = this.data
    this.stage.before.show(this.needsDetail && before_full ? [before, before_full] : [before])
    this.stage.after.show(this.needsDetail && after_full ? [after, after_full] : [after])
  }

  seeDetail() {
    const { preview } = this.stage.before
    const { view, size } = this.viewport
    const isBeyond =
      preview && size.width > preview.naturalWidth && view.scale * size.width > preview.naturalWidth
    if (!isBeyond) return
    if (!this.needsDetail) {
      this.needsDetail = true
      this.showPictures()
    }
    const { version, before_full, after_full } = this.data
    if (this.askedFor === version || (before_full && after_full)) return
    this.askedFor = version
    this.send.trigger("detail", version)
  }

  show(mode) {
    this.setMode(mode)
    this.announcer.say(sentence(this.words.mode_shown, { mode: this.words.modes[mode] }), "mode")
  }

  setMode(mode) {
    this.modes.select(mode)
    this.stage.setMode(mode)
    setText(this.explanation, this.words.captions[mode])
    this.divider.element.hidden = mode !== "slider"
    this.viewport.resize()
  }

  zoom(act) {
    act()
    this.announcer.say(sentence(this.words.zoom_shown, { percent: this.viewport.percent }), "zoom")
  }

  pinch(by, point, dx, dy) {
    const pane = this.stage.paneAt(point)
    this.zoom(() => {
      this.viewport.pan(dx, dy)
      if (by !== 1) this.viewport.zoomBy(by, { x: point.x - pane.x, y: point.y - pane.y })
    })
  }

  /** What a pointer that went down begins: move the picture, paint, or move the divider. */
  begin(event) {
    const pane = this.stage.paneAt({ x: event.clientX, y: event.clientY })
    const pointOf = ({ clientX, clientY }) => ({ x: clientX - pane.x, y: clientY - pane.y })
    const wantsToPan = event.button === 1 || this.keys.holdsSpace
    if (event.button > 1) return null
    if (this.brush.isInHand && !wantsToPan) return this.brush.begin(event, pointOf)
    const isAtDivider = this.stage.mode === "slider" && !wantsToPan
    const isNear = Math.abs(pointOf(event).x - this.dividerX) <= NEAR
    if (isAtDivider && (isNear || !this.viewport.isCropped))
      return this.beginDividing(event, pointOf)
    return this.viewport.isCropped ? this.beginPanning(event) : null
  }

  beginDividing(event, pointOf) {
    const follow = (at) => {
      const { left, width } = this.viewport.span
      this.divider.set(((pointOf(at).x - left) / width) * 100)
    }
    let last = event
    if (event.pointerType === "mouse") follow(event)
    return {
      move: (events) => {
        last = events.at(-1)
        follow(last)
      },
      end: () => {
        follow(last)
        this.announcer.say(this.divider.valueText, "divider")
      },
      cancel: () => {},
    }
  }

  beginPanning(event) {
    let last = event
    this.keys.holdsSpace = false
    return {
      move: (events) => {
        const at = events.at(-1)
        this.viewport.pan(at.clientX - last.clientX, at.clientY - last.clientY)
        last = at
      },
      end: () => {},
      cancel: () => {},
    }
  }

  pointOf({ clientX, clientY }) {
    const pane = this.stage.paneAt({ x: clientX, y: clientY })
    return { x: clientX - pane.x, y: clientY - pane.y }
  }

  get dividerX() {
    const { left, width } = this.viewport.span
    return left + (width * this.divider.value) / 100
  }

  /** Draw once per frame, however much has changed since the last one. */
  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null
      if (this.data) this.drawNow()
    })
  }

  drawNow() {
    const { stage, viewport, brush } = this
    stage.place(viewport.view.scale, viewport.size, viewport.rectangle)
    stage.divide(this.dividerX)
    this.divider.align(viewport.span)
    stage.backdrop.show(this.backdrop.chosen, {
      image: this.data.backdrop_image,
      blur: this.data.before,
    })
    stage.surface.dataset.drag = brush.isInHand
      ? "paint"
      : viewport.isCropped
        ? "pan"
        : stage.mode === "slider"
          ? "divide"
          : "none"
    stage.element.toggleAttribute("data-painting", brush.isInHand)
    brush.draw()
    this.zoomControls.update(viewport.percent)
    this.seeDetail()
  }

  remove() {
    cancelAnimationFrame(this.frame)
    this.sizes.disconnect()
    this.announcer.stop()
    this.root.remove()
  }
}

/** What tells one picture from another; links to the same one may differ in their query. */
function pictureOf({ name, width, height, before }) {
  return JSON.stringify([name, width, height, before.split("?")[0]])
}
