// How much of a file is there: the bar of a card, and the percentage that every place shows alike.

import { element } from "./elements.js"
import { sentence } from "./format.js"

/**
 * Whole percent of a transfer that are sent. All bytes out is not yet done: the store still has to
 * confirm them and to put them together.
 * @param {{ state: string, sent: number, size: number }} transfer
 */
export function percentOf({ state, sent, size }) {
  return state === "done" ? 100 : Math.min(99, Math.floor((100 * sent) / Math.max(size, 1)))
}

/** A dark stretch for what the store has confirmed, and a lighter one for what is only sent. */
export class ProgressBar {
  /**
   * @param {string} name
   * @param {Record<string, any>} words
   */
  constructor(name, words) {
    this.confirmed = element("span", { className: "confirmed" })
    this.sent = element("span", { className: "sent" })
    this.element = element("div", { className: "bar" }, this.confirmed, this.sent)
    this.element.role = "progressbar"
    this.element.ariaLabel = sentence(words.overall_progress, { name })
  }

  /**
   * @param {number} percent that are sent
   * @param {number} confirmed percent of the whole that the store has, not more
   * @param {string} text which says both, to who does not see the bar
   */
  update(percent, confirmed = percent, text = `${percent} %`) {
    this.element.ariaValueNow = String(percent)
    this.element.ariaValueText = text
    this.confirmed.style.width = `${confirmed}%`
    this.sent.style.width = `${percent - confirmed}%`
  }
}
