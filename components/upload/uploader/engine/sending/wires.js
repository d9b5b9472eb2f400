// How many requests with bytes of files are on their way at once, of all files of this page load.

/** @import { Settings } from "../transfer.js" */

/** One fewer than the HTTP/1.1 connections that browsers open to an origin: the page needs one too. */
export const MOST_WIRES = 5

export class Wires {
  busy = 0

  /** @param {Settings} settings */
  constructor(settings) {
    this.settings = settings
  }

  /** With a rate cap one part goes at a time: what a browser has begun it sends at full speed. */
  get free() {
    return Math.max(0, (this.settings.rateCap > 0 ? 1 : MOST_WIRES) - this.busy)
  }
}
