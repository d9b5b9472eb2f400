// The button that runs an operation: Cancel, with the seconds that have passed, while its answer is awaited.

import { button, element, sentence, setText } from "./elements.js"

const SECOND = 1000
const AT_ONCE = 400 // milliseconds in which most answers come: until then the button stays what it is
const ONE_CLICK = 1000 // milliseconds in which a second click is no wish to cancel
const PATIENCE = 3000 // milliseconds after which it is said that a press is not heard of

export class RunButton {
  name = "" // of the operation that it runs
  /** @type {{ name: string, begun: number } | null} */
  pressed = null // a press that Python has not heard of yet
  /** @type {{ name: string, begun: number } | null} */
  awaited = null // what Python waits for the answer of
  readOnly = false

  /** `run` and `cancel` are called when the person wants that. */
  constructor(words, ask) {
    this.words = words
    this.ask = ask
    this.root = button("", () => this.click())
    this.state = element("p", { className: "note run-state" })
    this.state.role = "status"
    this.draw()
  }

  get waiting() {
    return this.awaited ?? this.pressed
  }

  click() {
    if (!this.waiting) this.press()
    else if (Date.now() - this.waiting.begun > ONE_CLICK) this.cancel()
  }

  /** Run the operation, unless one of this tab is under way: no mutation is sent twice by a second press. */
  press() {
    if (this.readOnly) return
    if (this.waiting) return this.say(sentence(this.words.still_runs, this.waiting))
    this.pressed = { name: this.name || this.words.run, begun: Date.now() }
    this.say("")
    this.ask.run()
    this.draw()
  }

  cancel() {
    this.pressed = null
    this.awaited = null
    this.ask.cancel()
    this.draw()
  }

  /**
   * Take what Python says: what it waits for, and whether it has heard of the last press.
   * @param {{ waiting: string, waited: number, readOnly: boolean }} data
   * @param {boolean} heard
   */
  update({ waiting, waited, readOnly }, heard) {
    this.readOnly = readOnly
    if (heard) this.pressed = null
    const begun = Date.now() - waited * SECOND
    this.awaited = waiting ? { name: waiting, begun } : null
    if (heard && !waiting) this.say("")
    this.draw()
  }

  draw() {
    clearTimeout(this.timer)
    const { words, waiting, name, passed } = this
    const idle = name ? sentence(words.run_named, { name }) : words.run
    const isLong = waiting !== null && passed >= AT_ONCE
    setText(this.root, isLong ? `${words.cancel} · ${Math.floor(passed / SECOND)} s` : idle)
    this.root.className = isLong ? "cancel" : "primary"
    this.root.disabled = this.readOnly
    if (!waiting) return
    if (this.pressed && Date.now() - this.pressed.begun > PATIENCE)
      this.say(sentence(words.not_heard, this.pressed))
    this.timer = setTimeout(() => this.draw(), isLong ? SECOND : AT_ONCE - passed)
  }

  /** Milliseconds that have been waited. */
  get passed() {
    return Math.max(0, Date.now() - (this.waiting?.begun ?? 0))
  }

  say(text) {
    setText(this.state, text)
  }

  remove() {
    clearTimeout(this.timer)
  }
}
