// Tells Python what is typed: when typing pauses, when the editor is left, and with every run. What it
// does not hear of, because the app is away or begins anew, it is told again.

const PAUSE = 500 // milliseconds without a keystroke
const PATIENCE = 3000 // milliseconds until it is told again

export class Reporter {
  /** @type {Record<string, number>} */
  last = { draft: 0, run: 0 } // the number of the last of each kind that was told; they only rise
  unheard = new Map() // of each kind, what Python has not said it heard

  constructor(read, tell) {
    this.read = read
    this.tell = tell
  }

  /** Something changed: tell of it once typing pauses. */
  changed() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.flush(), PAUSE)
  }

  /** Tell at once of what is not told yet. */
  flush() {
    if (this.timer !== undefined) this.send("draft")
  }

  /** What is typed goes with the run, so it needs no message of its own, which could overtake it. */
  run() {
    this.send("run")
  }

  send(kind) {
    this.settle()
    this.number(kind)
    const { draft, run } = this.last
    this.unheard.set(kind, { ...this.read(), draft_id: draft, run_id: run })
    this.tell(kind, this.unheard.get(kind))
    this.waitForHearing()
  }

  /** @param {Record<string, number>} heard the numbers of what Python has heard last, by kind */
  heard(heard) {
    for (const kind of this.unheard.keys())
      if (heard[kind] >= this.last[kind]) this.unheard.delete(kind)
    if (!this.unheard.size) clearTimeout(this.repeating)
  }

  waitForHearing() {
    clearTimeout(this.repeating)
    this.repeating = setTimeout(() => {
      for (const kind of this.unheard.keys()) this.repeat(kind)
      this.waitForHearing()
    }, PATIENCE)
  }

  /**
   * A run keeps its number, by which it is run once. A draft gets another one: of a value that stayed as
   * it was since the app began, Streamlit tells nobody.
   */
  repeat(kind) {
    const content = { ...this.unheard.get(kind) }
    if (kind === "draft") content.draft_id = this.number(kind)
    this.unheard.set(kind, content)
    this.tell(kind, content)
  }

  /**
   * The text is another version now. Python took no run of the one before that it has not said it heard,
   * so that is told again under its number, as it is now.
   */
  renew(brought) {
    this.unheard.delete("draft")
    if (!this.unheard.has("run")) return
    this.unheard.set("run", brought(this.unheard.get("run")))
    this.tell("run", this.unheard.get("run"))
  }

  number(kind) {
    this.last[kind] = Math.max(this.last[kind] + 1, Date.now())
    return this.last[kind]
  }

  /** There is nothing left to tell for the first time. */
  settle() {
    clearTimeout(this.timer)
    this.timer = undefined
  }

  close() {
    clearTimeout(this.timer)
    clearTimeout(this.repeating)
  }
}
