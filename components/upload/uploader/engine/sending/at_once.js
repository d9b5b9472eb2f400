// How many parts at once a line carries, found out by trying: one more for as long as that brings more.

import { MOST_WIRES } from "./wires.js"

export const FIRST = 3
const SETTLES = 1000 // milliseconds after a change that say nothing: the new connection is still slow
const MEASURES = 2000 // milliseconds that tell of a rate: a system takes bytes in lumps
const GROWTH = 1.1 // times the rate before is more

export class AtOnce {
  count = FIRST
  rate = 0 // bytes per second before the last change
  hasAdded = false // one, at the last change
  /** @type {{ at: number, total: number } | null} */
  since = null // what the rate looks back to, once all parts are busy

  /**
   * See how it goes, and change the number once that is clear.
   * @param {boolean} allBusy whether as many parts as that send
   * @param {number} total bytes that have left by now
   * @param {number} now milliseconds
   */
  look(allBusy, total, now) {
    if (!allBusy) this.since = null
    else if (!this.since) this.since = { at: now + SETTLES, total }
    else if (now <= this.since.at) this.since.total = total
    else if (now >= this.since.at + MEASURES)
      this.judge((1000 * (total - this.since.total)) / (now - this.since.at))
  }

  /** @param {number} rate */
  judge(rate) {
    this.since = null
    if (rate > GROWTH * this.rate) {
      this.hasAdded = this.count < MOST_WIRES
      this.rate = rate
      if (this.hasAdded) this.count += 1
    } else if (this.hasAdded) {
      this.hasAdded = false
      this.count -= 1
    }
  }
}
