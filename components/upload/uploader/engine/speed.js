// How fast a transfer gets on, from what the store has confirmed.

const NEEDS = 3000 // milliseconds of data before a rate is worth showing
const WINDOW = 30_000 // milliseconds a rate looks back

export class Speed {
  constructor() {
    this.marks = []
  }

  /** Begin to measure, with this many bytes there already. */
  restart(bytes) {
    this.marks = []
    this.mark(bytes)
  }

  /** Note how many bytes are there now. */
  mark(bytes) {
    this.marks.push({ at: performance.now(), bytes })
  }

  /** Bytes per second, or null while there is too little to tell. */
  get rate() {
    const now = performance.now()
    const last = this.marks.at(-1)
    const first = this.marks.find(({ at }) => now - at < WINDOW) ?? last
    if (!first || now - this.marks[0].at < NEEDS || last.bytes === first.bytes) return null
    return (last.bytes - first.bytes) / ((now - first.at) / 1000)
  }
}
