// What Python is told, one event at a time: the next is delivered when it has acknowledged the last.
//
// Streamlit takes one wish at a time, too: a new one puts an end to the drawing of what was clicked.
// So an event that follows a click is held for a moment. One that follows a click on another page's
// link would call the person back to the page they leave: it is held until they have arrived. There an
// event that the click may have cost is delivered again.

import { PAGE_LOAD } from "./page_load.js"

/**
 * @import { Clock, Timer } from "./clock.js"
 *
 * @typedef {{ kind: string } & Record<string, unknown>} Event what Python is told
 * @typedef {(event: Event) => void} Deliver
 */

const RESEND_AFTER = 5000 // milliseconds until an event that nobody acknowledged is sent again
const MOMENT = 1000 // milliseconds that a click has to be heard, and a new page to be known everywhere
const LONGEST_LEAVE = 20_000 // milliseconds; a page that is not there by then does not come
const LOOK_EVERY = 100 // milliseconds between two looks at whether another page is there
const LONGEST_WAIT = 80_000 // milliseconds; each time in vain doubles the wait up to this

export class Outbox {
  /** @type {Event[]} */
  events = []
  count = 0
  /** @type {Deliver | null} */
  way = null
  wait = RESEND_AFTER
  /** @type {Timer | null} */
  timer = null // runs while an event is out or held
  holding = false // for a click

  /** @param {Clock} clock */
  constructor(clock) {
    this.clock = clock
  }

  /** What takes an event to Python, set by the tray; null while there is no tray. */
  get deliver() {
    return this.way
  }

  set deliver(deliver) {
    if (!deliver || !this.way) this.rest()
    this.way = deliver
  }

  /**
   * Queue an event for Python; returns the name by which it is acknowledged and answered.
   * @param {Event} event
   */
  post(event) {
    this.count += 1
    const name = `${PAGE_LOAD}:${this.count}`
    this.events.push({ ...event, holder: PAGE_LOAD, event: name })
    if (!this.timer) this.flush()
    return name
  }

  /** Something was clicked: hold back what is not out yet. */
  giveWay() {
    if (!this.timer) this.hold(MOMENT)
  }

  /** The person is leaving for another page: hold back everything until that is there. */
  leave() {
    this.rest()
    this.hold(LONGEST_LEAVE)
  }

  /** @param {number} wait milliseconds */
  hold(wait) {
    this.look(wait)
    this.holding = true
  }

  /** @param {string} name of an event */
  acknowledge(name) {
    if (this.events[0]?.event === name) {
      this.events.shift()
      if (!this.holding) this.rest()
    }
    if (!this.timer) this.flush()
  }

  clear() {
    this.events = []
    this.rest()
  }

  flush() {
    this.stop()
    if (!this.events.length || !this.way) return
    this.look(this.wait)
    this.wait = Math.min(2 * this.wait, LONGEST_WAIT)
    this.way(this.events[0])
  }

  /**
   * Deliver what waits in so many milliseconds, or a moment after another page is there.
   * @param {number} wait
   */
  look(wait) {
    const place = location.pathname
    const end = this.clock.date() + wait
    this.timer = this.clock.every(LOOK_EVERY, () => {
      if (location.pathname !== place) this.arrive()
      else if (this.clock.date() >= end) this.flush()
    })
  }

  /** The address tells of the new page before Streamlit sends its wishes as that page's. */
  arrive() {
    this.rest()
    this.hold(MOMENT)
  }

  rest() {
    this.stop()
    this.wait = RESEND_AFTER
  }

  stop() {
    this.clock.stop(this.timer)
    this.timer = null
    this.holding = false
  }
}
