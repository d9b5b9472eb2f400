// How much of a file is there: the bar of a card, and the percentage that every place shows alike.

import { element } from "./elements.js"
import { sentence } from "./format.js"

/**
 * Whole percent confirmed. All bytes there is not yet done: the store still has to put them together.
 * @param {{ state: string, confirmed: number, size: number }} transfer
 */
export function percentOf({ state, confirmed, size }) {
  return state === "done" ? 100 : Math.min(99, Math.floor((100 * confirmed) / Math.max(size, 1)))
}

export class ProgressBar {
  /**
   * @param {string} name
   * @param {Record<string, any>} words
   */
  constructor(name, words) {
    this.confirmed = element("span", { className: "confirmed" })
    this.moving = element("span", { className: "moving" })
    this.element = element("div", { className: "bar" }, this.confirmed, this.moving)
    this.element.role = "progressbar"
    this.element.ariaLabel = sentence(words.overall_progress, { name })
  }

  /**
   * @param {number} percent
   * @param {number} moving percent on their way on top of those confirmed
   */
  update(percent, moving = 0) {
    this.element.ariaValueNow = String(percent)
    this.confirmed.style.width = `${percent}%`
    this.moving.style.width = `${Math.min(100 - percent, moving).toFixed(2)}%`
  }
}
