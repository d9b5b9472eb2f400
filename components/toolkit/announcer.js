// The one polite live region of the page. What happens close together is said together, and of the
// progress of one file only the latest is said.

const GAP = 500 // milliseconds between two changes, so that a screen reader gets to read each

export class Announcer {
  /** @type {{ text: string, replaces: string | null }[]} */
  waiting = []
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element
  }

  /**
   * Say a text once; with `replaces`, it takes the place of what still waits under that name.
   * @param {string} text
   * @param {string | null} replaces
   */
  say(text, replaces = null) {
    this.waiting = this.waiting.filter(
      (message) => replaces === null || message.replaces !== replaces,
    )
    this.waiting.push({ text, replaces })
    if (!this.timer) this.speak()
  }

  speak() {
    this.timer = undefined
    if (!this.waiting.length) return
    this.element.textContent = this.waiting.map(({ text }) => text).join(". ")
    this.waiting = []
    this.timer = setTimeout(() => this.speak(), GAP)
  }

  stop() {
    clearTimeout(this.timer)
  }
}
