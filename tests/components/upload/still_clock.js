// A clock for tests: it stands still until it is moved.

import { Clock } from "../../../components/upload/uploader/engine/clock.js"

const STARTED = 1_800_000_000_000 // milliseconds since 1970

/** Let everything that waits for no timer happen. */
export async function rest() {
  for (let i = 0; i < 8; i += 1) await new Promise((resolve) => setImmediate(resolve))
}

export class StillClock extends Clock {
  time = 0
  /** @type {{ at: number, every: number, act: () => void }[]} */
  timers = []

  now() {
    return this.time
  }

  date() {
    return STARTED + this.time
  }

  /**
   * @param {number} milliseconds
   * @param {() => void} act
   * @returns {any} what `stop` takes
   */
  after(milliseconds, act) {
    return this.add(milliseconds, 0, act)
  }

  /**
   * @param {number} milliseconds
   * @param {() => void} act
   * @returns {any} what `stop` takes
   */
  every(milliseconds, act) {
    return this.add(milliseconds, milliseconds, act)
  }

  /** @param {any} timer */
  stop(timer) {
    this.timers = this.timers.filter((one) => one !== timer)
  }

  /** Move on at once, past what is due on the way. @param {number} milliseconds */
  tick(milliseconds) {
    const end = this.time + milliseconds
    while (this.runNext(end));
    this.time = end
  }

  /** The same, with time for what follows from each timer. @param {number} milliseconds */
  async pass(milliseconds) {
    const end = this.time + milliseconds
    do await rest()
    while (this.runNext(end))
    this.time = end
    await rest()
  }

  /**
   * @param {number} milliseconds
   * @param {number} every
   * @param {() => void} act
   */
  add(milliseconds, every, act) {
    const timer = { at: this.time + Math.max(0, milliseconds), every, act }
    this.timers.push(timer)
    return timer
  }

  /** Run the first timer that is due until then. @param {number} end */
  runNext(end) {
    const due = this.timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)
    const [first] = due
    if (!first) return false
    this.time = Math.max(this.time, first.at)
    if (first.every) first.at += first.every
    else this.stop(first)
    first.act()
    return true
  }
}
