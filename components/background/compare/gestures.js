// Mouse, pen, touch and wheel over the picture, told as drags and pinches.

const WHEEL = 0.0025 // natural logarithm of the zoom per pixel that the wheel turned
const MOST_WHEEL = 120 // pixels counted of one turn, so that coarse wheels do not jump

export class Gestures {
  /**
   * @param act `begin(event)` returns a drag `{ move(events), end(), cancel() }` or null; `pinch(by,
   *   point, dx, dy)` zooms about a point of the window and moves; `hover(event)`; `leave()`
   */
  constructor(surface, act) {
    this.surface = surface
    this.act = act
    this.pointers = new Map()
    this.drag = null
    surface.addEventListener("pointerdown", (event) => this.down(event))
    surface.addEventListener("pointermove", (event) => this.move(event))
    surface.addEventListener("pointerup", (event) => this.up(event, "end"))
    surface.addEventListener("pointercancel", (event) => this.up(event, "cancel"))
    surface.addEventListener("pointerleave", () => act.leave())
    surface.addEventListener("wheel", (event) => this.wheel(event), { passive: false })
  }

  down(event) {
    this.surface.setPointerCapture(event.pointerId)
    this.pointers.set(event.pointerId, positionOf(event))
    if (this.pointers.size === 1) this.drag = this.act.begin(event)
    else this.finish("cancel")
  }

  move(event) {
    if (!this.pointers.has(event.pointerId)) {
      this.act.hover(event)
      return
    }
    const before = this.span()
    this.pointers.set(event.pointerId, positionOf(event))
    if (this.pointers.size === 2) this.pinch(before, this.span())
    this.drag?.move(event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event])
  }

  up(event, how) {
    if (this.pointers.delete(event.pointerId)) this.finish(how)
  }

  finish(how) {
    const { drag } = this
    this.drag = null
    drag?.[how]()
  }

  pinch(before, after) {
    const by = before.length ? after.length / before.length : 1
    this.act.pinch(
      by,
      after.middle,
      after.middle.x - before.middle.x,
      after.middle.y - before.middle.y,
    )
  }

  /** Middle and length of the line between the first two pointers. */
  span() {
    const [one, other = one] = [...this.pointers.values()]
    return {
      middle: { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 },
      length: Math.hypot(one.x - other.x, one.y - other.y),
    }
  }

  /** The wheel alone scrolls the page; a pinch on a trackpad arrives as a wheel with Ctrl. */
  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    const turned = Math.min(Math.max(event.deltaY, -MOST_WHEEL), MOST_WHEEL)
    this.act.pinch(Math.exp(-turned * WHEEL), positionOf(event), 0, 0)
  }
}

function positionOf({ clientX, clientY }) {
  return { x: clientX, y: clientY }
}
