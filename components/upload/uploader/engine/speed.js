// How fast a transfer gets on, from what the store has confirmed.

/** @import { Clock } from "./clock.js" */

const NEEDS = 3000 // milliseconds of data before a rate is worth showing
const WINDOW = 30_000 // milliseconds a rate looks back

export class Speed {
  /** @type {{ at: number, bytes: number }[]} */
  marks = []

  /** @param {Clock} clock */
  constructor(clock) {
    this.clock = clock
  }

  /**
   * Begin to measure, with this many bytes there already.
   * @param {number} bytes
   */
  restart(bytes) {
    this.marks = []
    this.mark(bytes)
  }

  /**
   * Note how many bytes are there now.
   * @param {number} bytes
   */
  mark(bytes) {
    this.marks.push({ at: this.clock.now(), bytes })
  }

  /** Bytes per second, or null while there is too little to tell. */
  get rate() {
    const now = this.clock.now()
    const last = this.marks.at(-1)
    if (!last || now - this.marks[0].at < NEEDS) return null
    const first = this.marks.find(({ at }) => now - at < WINDOW) ?? last
    if (last.bytes === first.bytes) return null
    return (last.bytes - first.bytes) / ((now - first.at) / 1000)
  }
}
