// How many requests with bytes of files are on their way at once, of all files of this page load.

import { RateCap } from "./pace.js"

/** @import { Plan, Settings } from "../transfer.js" */

/** One fewer than the HTTP/1.1 connections that browsers open to an origin: the page needs one too. */
export const MOST_WIRES = 5

export class Wires {
  busy = 0
  cap = new RateCap()

  /**
   * @param {Settings} settings
   * @param {() => boolean} isAwaited whether a file that goes in one PUT waits for a wire
   */
  constructor(settings, isAwaited) {
    this.settings = settings
    this.isAwaited = isAwaited
  }

  /** With a rate cap one part goes at a time: what a browser has begun it sends at full speed. */
  get free() {
    return Math.max(0, (this.settings.rateCap > 0 ? 1 : MOST_WIRES) - this.busy)
  }

  /**
   * How many of the free ones a file in parts leaves to others.
   * @param {Plan | null} plan its plan
   */
  keptFrom(plan) {
    return plan?.kind === "multipart" && this.isAwaited() ? 1 : 0
  }
}
