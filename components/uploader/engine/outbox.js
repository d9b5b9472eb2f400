// What Python is told, one event at a time: the next is delivered when it has acknowledged the last.
//
// Streamlit takes one wish at a time, too. An event that follows a click on another page's link calls
// the person back to the page they leave, so it is held until they have arrived; a click that follows
// an event may take its place, so the event is delivered again on arrival.

import { PAGE_LOAD } from "./page_load.js"

const RESEND_AFTER = 5000 // milliseconds until an event that nobody acknowledged is sent again
const LOOK_EVERY = 100 // milliseconds between two looks at whether another page is there
const LONGEST_WAIT = 80_000 // milliseconds; each time in vain doubles the wait up to this

export class Outbox {
  constructor() {
    this.events = []
    this.count = 0
    this.way = null
    this.wait = RESEND_AFTER
    this.timer = 0 // runs while an event is out or held
    this.leaving = false // the page, for another one
  }

  /** What takes an event to Python, set by the tray; null while there is no tray. */
  get deliver() {
    return this.way
  }

  set deliver(deliver) {
    if (!deliver || !this.way) this.rest()
    this.way = deliver
  }

  /** Queue an event for Python; returns the name by which it is acknowledged and answered. */
  post(event) {
    this.count += 1
    const name = `${PAGE_LOAD}:${this.count}`
    this.events.push({ ...event, holder: PAGE_LOAD, event: name })
    if (!this.timer) this.flush()
    return name
  }

  /** Hold back what is to be delivered until another page is there, or does not come. */
  leave() {
    this.rest()
    this.leaving = true
    this.look()
  }

  acknowledge(name) {
    if (this.events[0]?.event === name) {
      this.events.shift()
      if (!this.leaving) this.rest()
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
    this.look()
    this.way(this.events[0])
  }

  /** Deliver again when another page is there; this one has its time to answer. */
  look() {
    const place = location.pathname
    const end = performance.now() + this.wait
    this.timer = setInterval(() => {
      const hasArrived = location.pathname !== place
      if (!hasArrived && performance.now() < end) return
      this.wait = hasArrived ? RESEND_AFTER : Math.min(2 * this.wait, LONGEST_WAIT)
      this.flush()
    }, LOOK_EVERY)
  }

  rest() {
    this.stop()
    this.wait = RESEND_AFTER
  }

  stop() {
    clearInterval(this.timer)
    this.timer = 0
    this.leaving = false
  }
}
