// Time and timers, as the engine asks for them. A test's clock stands still until it is moved.

/** @typedef {ReturnType<typeof setTimeout>} Timer */

/** The browser's clock, and by it the app's: deadlines are times of the app's clock, and a browser's may be minutes off. */
export class Clock {
  ahead = 0 // seconds that the app's clock is ahead of ours

  /** Milliseconds since the page was opened; never set back. */
  now() {
    return performance.now()
  }

  /** Milliseconds since 1970. */
  date() {
    return Date.now()
  }

  /** Seconds since 1970 by the app's clock. */
  appTime() {
    return this.date() / 1000 + this.ahead
  }

  /**
   * Take note of the app's time in an answer that has just come.
   * @param {number} seconds since 1970
   */
  heard(seconds) {
    this.ahead = seconds - this.date() / 1000
  }

  /**
   * Call `act` after so many milliseconds.
   * @param {number} milliseconds
   * @param {() => void} act
   * @returns {Timer}
   */
  after(milliseconds, act) {
    return setTimeout(act, milliseconds)
  }

  /**
   * Call `act` every so many milliseconds.
   * @param {number} milliseconds
   * @param {() => void} act
   * @returns {Timer}
   */
  every(milliseconds, act) {
    return setInterval(act, milliseconds)
  }

  /** @param {Timer | null} timer of `after` or, since browsers have one list of both, `every` */
  stop(timer) {
    if (timer !== null) clearTimeout(timer)
  }
}
