// Tells Python what the person wants. Each wish has a number, and all that Python has not said it heard are
// told together: of what comes close together Streamlit keeps the last message only.

const PATIENCE = 3000 // milliseconds until they are told again: the app may have been away

/** @typedef {{ kind: string, tab?: string, name?: string, before?: string }} Wish */

export class Wishes {
  /** @type {(told: object) => void} */
  tell = () => {} // set by each run
  /** @type {(Wish & { number: number })[]} */
  unheard = []
  last = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer

  /** @param {Wish} wish */
  add(wish) {
    this.last = Math.max(this.last + 1, Date.now()) // they rise from one load of the page to the next
    this.unheard.push({ ...wish, number: this.last })
    this.send()
  }

  send() {
    this.tell({ at: Date.now(), wishes: this.unheard })
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.send(), PATIENCE)
  }

  /** @param {number} number of the last wish that Python has heard */
  heard(number) {
    this.unheard = this.unheard.filter((wish) => wish.number > number)
    if (!this.unheard.length) this.stop()
  }

  stop() {
    clearTimeout(this.timer)
  }
}
