// How fast bytes leave, by the moments at which they did.
//
// Two things must not be taken for speed. A system takes the first megabytes of a request at once,
// whatever the line carries. And it takes the rest in lumps as its buffer empties: a slow line has
// seconds without a byte between two of them, which are no pause.

/** @import { Clock } from "./clock.js" */

const WINDOW = 5000 // milliseconds a rate looks back; so long after any change it is right again
const SETTLES = 1000 // milliseconds at the start that say nothing of the line
const NEEDS = 1000 // milliseconds of data before a rate is worth showing
const PAUSE = 3000 // milliseconds without a byte or an answer that are a pause, unless lumps are rarer
const LUMPS = 3 // times the usual time between two lumps is a pause
const FADES = 0.9 // of that usual time is left at each lump

export class Speed {
  total = 0 // bytes that have left, those sent twice twice
  /** @type {{ at: number, total: number }[]} */
  marks = [] // the oldest is the one that the rate looks back to
  begun = 0 // milliseconds, when the first byte moved that counts
  usual = 0 // milliseconds between two lumps

  /** @param {Clock} clock */
  constructor(clock) {
    this.clock = clock
    this.livedAt = clock.now()
  }

  /** Begin to measure. */
  restart() {
    this.marks = []
    this.livedAt = this.clock.now()
  }

  /**
   * So many bytes more are out. After a pause, what was before it says nothing any more.
   * @param {number} bytes
   */
  moved(bytes) {
    const now = this.clock.now()
    if (this.isQuiet) this.marks = []
    this.usual = Math.max(now - this.livedAt, FADES * this.usual)
    this.livedAt = now
    this.total += bytes
    if (!this.marks.length) this.begun = now
    if (now - this.begun < SETTLES) this.marks = []
    this.marks.push({ at: now, total: this.total })
    while (this.marks.length > 2 && now - this.marks[1].at >= WINDOW) this.marks.shift()
  }

  /** An answer came: until then it was the store that took its time, and that time counts. */
  answered() {
    this.livedAt = this.clock.now()
  }

  /** Seconds since a byte left or an answer came. */
  get quiet() {
    return (this.clock.now() - this.livedAt) / 1000
  }

  /** Whether that is longer than it takes between two lumps. */
  get isQuiet() {
    return 1000 * this.quiet > Math.max(PAUSE, LUMPS * this.usual)
  }

  /** Bytes per second, or null while there is too little to tell. */
  get rate() {
    const [first, last] = [this.marks[0], this.marks.at(-1)]
    if (!first || !last || last.at - first.at < NEEDS) return null
    return (last.total - first.total) / ((last.at - first.at) / 1000)
  }
}
