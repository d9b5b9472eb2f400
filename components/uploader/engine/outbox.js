// What Python is told, one event at a time: the next is delivered when it has acknowledged the last.

import { PAGE_LOAD } from "./page_load.js"

const RESEND_AFTER = 5000 // milliseconds until an event that nobody acknowledged is sent again

export class Outbox {
  constructor() {
    this.events = []
    this.count = 0
    this.deliver = null // set by the tray: takes an event to Python
    setInterval(() => this.flush(), RESEND_AFTER)
  }

  /** Queue an event for Python; returns the name by which it is acknowledged and answered. */
  post(event) {
    this.count += 1
    const name = `${PAGE_LOAD}:${this.count}`
    this.events.push({ ...event, holder: PAGE_LOAD, event: name })
    if (this.events.length === 1) this.flush()
    return name
  }

  acknowledge(name) {
    if (this.events[0]?.event === name) this.events.shift()
    this.flush()
  }

  flush() {
    if (this.events.length && this.deliver) this.deliver(this.events[0])
  }
}
