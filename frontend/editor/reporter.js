// Tells Python what is typed: when typing pauses, when the editor is left, and with every run.

const PAUSE = 500 // milliseconds without a keystroke

export class Reporter {
  constructor(read, tell) {
    this.read = read
    this.tell = tell
    this.lastRun = 0
  }

  /** Something changed: tell of it once typing pauses. */
  changed() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.flush(), PAUSE)
  }

  /** Tell at once of what is not told yet. */
  flush() {
    if (this.timer === undefined) return
    this.settle()
    this.tell("draft", { ...this.read(), run_id: this.lastRun })
  }

  /** What is typed goes with the run, so it needs no message of its own, which could overtake it. */
  run() {
    this.settle()
    this.lastRun = Math.max(this.lastRun + 1, Date.now())
    this.tell("run", { ...this.read(), run_id: this.lastRun })
  }

  /** There is nothing left to tell. */
  settle() {
    clearTimeout(this.timer)
    this.timer = undefined
  }
}
