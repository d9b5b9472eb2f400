// How fast parts may start: how many at once, and how many bytes a second.

const HALVE_AT_MOST_EVERY = 1000 // milliseconds; answers that come together halve once
const RAISE_AFTER = 4 // confirmed parts in a row

/** How many parts may be on their way: halved when the store asks for less, raised by one at a time. */
export class Pace {
  constructor() {
    this.allowed = Infinity
    this.halvedAt = -Infinity
    this.inARow = 0
  }

  /**
   * Parts at once now, of those the person wants.
   * @param {number} wanted
   */
  limit(wanted) {
    return Math.min(this.allowed, wanted)
  }

  /**
   * @param {number} wanted
   * @param {number} now milliseconds
   */
  slowDown(wanted, now) {
    this.inARow = 0
    if (now - this.halvedAt < HALVE_AT_MOST_EVERY) return
    this.halvedAt = now
    this.allowed = Math.max(1, Math.floor(this.limit(wanted) / 2))
  }

  /** @param {number} wanted */
  confirmed(wanted) {
    this.inARow += 1
    if (this.inARow < RAISE_AFTER || this.allowed >= wanted) return
    this.inARow = 0
    this.allowed += 1
  }

  failed() {
    this.inARow = 0
  }
}

/** Keeps the average at or below a rate by letting parts wait: a browser cannot slow one down. */
export class RateCap {
  next = 0 // milliseconds, when the next part may start
  rate = 0

  /**
   * Milliseconds until the next part may start; a new rate counts from now on.
   * @param {number} rate bytes per second
   * @param {number} now milliseconds
   */
  wait(rate, now) {
    if (rate !== this.rate) {
      this.next = now
      this.rate = rate
    }
    return rate > 0 ? Math.max(0, this.next - now) : 0
  }

  /**
   * A part starts: the next one waits as long as it takes at that rate.
   * @param {number} bytes
   * @param {number} now milliseconds
   */
  started(bytes, now) {
    if (this.rate > 0) this.next = Math.max(this.next, now) + (bytes / this.rate) * 1000
  }
}
