// The keep and remove brushes: painting by pointer, or with a crosshair that the arrow keys move.

import { setText } from "../../temp-file-workbench.toolkit/elements.js"
import { counted, sentence } from "../../temp-file-workbench.toolkit/format.js"
import { BrushControls } from "./brush_controls.js"
import { MOST_STROKES, stroke, StrokeList } from "./stroke_list.js"

const STEP = 0.01 // of width or height
const LARGE_STEP = 0.05
const NONE = []
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

export class Brush {
  /** @param act `report(strokes)` tells Python, `say(text, replaces)` the person, `changed()` redraws */
  constructor(words, stage, viewport, act) {
    this.words = words
    this.stage = stage
    this.viewport = viewport
    this.act = act
    this.tool = "look"
    this.pointer = null
    this.crosshair = null
    this.isByKeys = false
    this.painted = null
    this.list = new StrokeList((strokes) => this.listChanged(strokes))
    this.controls = new BrushControls(words, {
      tool: (tool) => this.take(tool),
      size: () => act.changed(),
      undo: () => this.list.undo(),
      redo: () => this.list.redo(),
      clear: () => this.list.strokes.length && this.list.clear(),
    })
  }

  get isInHand() {
    return this.tool !== "look"
  }

  take(tool) {
    this.tool = tool
    this.isByKeys = false
    this.controls.chips.select(tool)
    this.act.say(this.words.tool_chosen[tool], "tool")
    this.act.changed()
  }

  listChanged(strokes) {
    this.act.report(strokes)
    this.act.say(counted(this.words.stroke_count, strokes.length), "strokes")
    this.act.changed()
  }

  /** A drag that paints, for `Gestures`. @param pointOf gives an event's point of the pane */
  begin(event, pointOf) {
    if (this.isFull()) return null
    this.isByKeys = false
    this.painted = {
      mode: this.tool,
      radius: this.controls.radius,
      points: [this.placeOf(pointOf(event))],
    }
    this.act.changed()
    return {
      move: (events) => this.extend(events.map(pointOf)),
      end: () => this.finish(),
      cancel: () => this.drop(),
    }
  }

  extend(points) {
    this.painted.points.push(...points.map((point) => this.placeOf(point)))
    this.pointer = points.at(-1)
    this.act.changed()
  }

  finish() {
    const { mode, radius, points } = this.painted
    this.painted = null
    this.list.add(stroke(mode, radius, points, this.viewport.size))
  }

  drop() {
    this.painted = null
    this.act.changed()
  }

  placeOf(point) {
    return this.viewport.placeAt(point).map(inside)
  }

  hover(point) {
    this.pointer = point
    this.isByKeys = false
    this.act.changed()
  }

  leave() {
    this.pointer = null
    this.act.changed()
  }

  /** Another picture: nothing painted, the crosshair nowhere yet. */
  open(strokes) {
    this.list.reset(strokes)
    this.crosshair = null
    this.isByKeys = false
  }

  /** Show the crosshair where it was left, at first in the middle of what is seen. */
  showCrosshair() {
    const { width, height } = this.stage.pane
    this.crosshair ??= this.placeOf({ x: width / 2, y: height / 2 })
    this.isByKeys = true
    this.act.changed()
  }

  hideCrosshair() {
    this.isByKeys = false
    this.act.changed()
  }

  /** Move the crosshair; say whether the key was one that does. */
  moveCrosshair({ key, shiftKey }) {
    const way = WAYS[key]
    if (!way) return false
    this.showCrosshair()
    const step = shiftKey ? LARGE_STEP : STEP
    this.crosshair = this.crosshair.map((value, axis) => inside(value + way[axis] * step))
    this.viewport.reveal(this.crosshair)
    this.sayCrosshair()
    return true
  }

  sayCrosshair() {
    const { preview } = this.stage.after
    if (!preview) return
    const [across, down] = this.crosshair.map((value) => Math.round(value * 100))
    const state = this.words.spot[this.stage.alpha.spot(preview, this.crosshair)]
    this.act.say(sentence(this.words.crosshair, { across, down, state }), "crosshair")
  }

  /** Whether no more strokes are taken, which is said then. */
  isFull() {
    if (this.list.isFull)
      this.act.say(sentence(this.words.too_many_strokes, { count: MOST_STROKES }), "strokes")
    return this.list.isFull
  }

  /** Paint a dot at the crosshair. */
  dab() {
    if (!this.isByKeys || this.isFull()) return
    this.list.add(stroke(this.tool, this.controls.radius, [this.crosshair], this.viewport.size))
  }

  draw() {
    const { stage, viewport, controls } = this
    const place = { pane: stage.pane, rectangle: viewport.rectangle }
    for (const pane of stage.shownPanes) {
      pane.brush.draw(this.isInHand ? this.list.strokes : NONE, place)
      pane.brush.drawCurrent(this.painted, place)
      pane.showCursor(this.isInHand ? this.cursor(place.rectangle) : null)
    }
    controls.showHistory(this.list)
    setText(stage.hint, this.isInHand ? this.words.surface_brush_hint : this.words.surface_hint)
  }

  cursor({ x, y, width, height }) {
    const [across, down] = this.crosshair ?? []
    const at = this.isByKeys ? { x: x + across * width, y: y + down * height } : this.pointer
    const diameter = 2 * this.controls.radius * Math.max(width, height)
    return at && { ...at, mode: this.tool, diameter, byKeys: this.isByKeys }
  }
}

function inside(value) {
  return Math.min(Math.max(value, 0), 1)
}
