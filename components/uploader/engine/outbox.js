// What Python is told, one event at a time: the next is delivered when it has acknowledged the last.

import { PAGE_LOAD } from "./page_load.js"

const RESEND_AFTER = 5000 // milliseconds until an event that nobody acknowledged is sent again
const LONGEST_WAIT = 80_000 // milliseconds; each time in vain doubles the wait up to this

export class Outbox {
  constructor() {
    this.events = []
    this.count = 0
    this.way = null
    this.wait = RESEND_AFTER
    this.timer = 0 // runs while an event is out
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

  acknowledge(name) {
    if (this.events[0]?.event === name) {
      this.events.shift()
      this.rest()
    }
    if (!this.timer) this.flush()
  }

  clear() {
    this.events = []
    this.rest()
  }

  flush() {
    this.timer = 0
    if (!this.events.length || !this.way) return
    this.timer = setTimeout(() => {
      this.wait = Math.min(2 * this.wait, LONGEST_WAIT)
      this.flush()
    }, this.wait)
    this.way(this.events[0])
  }

  rest() {
    clearTimeout(this.timer)
    this.timer = 0
    this.wait = RESEND_AFTER
  }
}
