// What all files of a page come to, however many of them are on their way at once.

import { Speed } from "./speed.js"

/**
 * @import { Clock } from "./clock.js"
 * @import { State } from "./states.js"
 * @import { Transfer } from "./transfer.js"
 */

/**
 * States of what goes on by itself; what is paused or failed waits for a person.
 * @type {ReadonlySet<State>}
 */
const GO_ON = new Set(["queued", "planning", "sending", "completing"])

/**
 * The rate is measured over all files rather than added up: a small file is through before it has one.
 */
export class Together {
  sent = 0
  confirmed = 0
  bytes = 0
  /** @type {number | null} */
  rate = null // bytes per second, or null while there is too little to tell
  /** @type {number | null} */
  secondsLeft = null
  moved = 0 // bytes that had left at the last look, by all there are

  /** @param {Clock} clock */
  constructor(clock) {
    this.speed = new Speed(clock)
  }

  /**
   * See how they stand now.
   * @param {Transfer[]} transfers
   */
  look(transfers) {
    const sum = (/** @type {(transfer: Transfer) => number} */ value, all = transfers) =>
      all.reduce((total, transfer) => total + value(transfer), 0)
    const counted = transfers.filter(({ state }) => state !== "cancelled")
    this.sent = sum(({ sent }) => sent, counted)
    this.confirmed = sum(({ confirmed }) => confirmed, counted)
    this.bytes = sum(({ size }) => size, counted)
    this.measure(sum(({ speed }) => speed.total))
    const going = transfers.filter(({ state }) => GO_ON.has(state))
    this.rate = this.rateOf(going)
    this.secondsLeft = this.rate ? sum(({ left }) => left, going) / this.rate : null
  }

  /**
   * A transfer that is gone from the page takes its bytes along.
   * @param {number} moved
   */
  measure(moved) {
    if (moved > this.moved) this.speed.moved(moved - this.moved)
    this.moved = moved
  }

  /** @param {Transfer[]} going */
  rateOf(going) {
    const sending = going.filter(({ state }) => state === "sending")
    if (!sending.length || this.speed.isQuiet) return null
    const cap = sending[0].settings.rateCap
    return cap > 0 ? Math.min(this.speed.rate ?? cap, cap) : this.speed.rate
  }
}
