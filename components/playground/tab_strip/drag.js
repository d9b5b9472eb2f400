// A tab is dragged to another place with a mouse or a pen; a finger scrolls the strip, and moves a tab by the
// menu. The tabs stay where they are until it is let go: a line says where it will be.

const BEGINS_AT = 5 // pixels from where it was pressed
const EDGE = 32 // pixels at the ends of the strip in which it scrolls on
const SCROLL = 12 // pixels, with each movement there

/** @typedef {import("./slot.js").Slot} Slot */

export class Drag {
  /** @type {{ slot: Slot, from: number, pointer: number, index: number, moves: boolean } | null} */
  held = null
  wasDragged = false // a press that ended a drag is no click on the tab

  /**
   * @param {HTMLElement} scroller
   * @param {() => Slot[]} slots in their order
   * @param {(id: string, index: number) => void} drop
   * @param {() => void} letGo is called after every press
   */
  constructor(scroller, slots, drop, letGo) {
    this.scroller = scroller
    this.slots = slots
    this.drop = drop
    this.letGo = letGo
  }

  /** @param {Slot} slot */
  listenTo(slot) {
    const { tab } = slot
    tab.addEventListener("pointerdown", (event) => this.press(event, slot))
    tab.addEventListener("pointermove", (event) => this.move(event))
    tab.addEventListener("pointerup", () => this.end(true))
    tab.addEventListener("pointercancel", () => this.end(false))
    tab.addEventListener("lostpointercapture", () => this.end(false))
    tab.addEventListener(
      "click",
      (event) => {
        const isByPointer = event.detail > 0
        if (this.wasDragged && isByPointer) event.stopImmediatePropagation()
      },
      { capture: true },
    )
  }

  /**
   * @param {PointerEvent} event
   * @param {Slot} slot
   */
  press(event, slot) {
    this.wasDragged = false
    if (event.button !== 0 || event.pointerType === "touch") return
    slot.tab.setPointerCapture(event.pointerId) // so that it is known of wherever it is let go
    const index = this.slots().indexOf(slot)
    this.held = { slot, from: event.clientX, pointer: event.pointerId, index, moves: false }
  }

  /** @param {PointerEvent} event */
  move({ clientX, pointerId }) {
    const { held } = this
    if (!held || held.pointer !== pointerId) return
    if (!held.moves) {
      if (Math.abs(clientX - held.from) < BEGINS_AT) return
      held.moves = this.wasDragged = true
      held.slot.element.classList.add("held")
    }
    const { left, right } = this.scroller.getBoundingClientRect()
    if (clientX < left + EDGE) this.scroller.scrollLeft -= SCROLL
    if (clientX > right - EDGE) this.scroller.scrollLeft += SCROLL
    const others = this.slots().filter((slot) => slot !== held.slot)
    const middles = others.map(({ element }) => {
      const box = element.getBoundingClientRect()
      return box.left + box.width / 2
    })
    held.index = middles.filter((middle) => middle < clientX).length
    this.clear()
    others[held.index]?.element.classList.add("drop-before")
    if (held.index === others.length) others.at(-1)?.element.classList.add("drop-after")
  }

  /** @param {boolean} isDropped */
  end(isDropped) {
    const { held } = this
    if (!held) return
    this.held = null
    held.slot.element.classList.remove("held")
    this.clear()
    if (isDropped && held.moves) this.drop(held.slot.id, held.index)
    this.letGo()
  }

  clear() {
    for (const { element } of this.slots()) element.classList.remove("drop-before", "drop-after")
  }
}
