// How long links still live, and from when on a page warns of their end.

import { clock, duration, sentence } from "./format.js"

export const SOON = 600 // seconds before the end

/**
 * How near a link's end is, and the sentence that says so.
 * @param {number} deadline seconds since 1970
 * @param {number} now the same
 * @param {{ far: string, soon: string, over: string }} words
 */
export function endOf(deadline, now, words) {
  const left = deadline - now
  /** @type {keyof typeof words} */
  const how = left <= 0 ? "over" : left < SOON ? "soon" : "far"
  return { how, text: sentence(words[how], { time: duration(left), clock: clock(deadline) }) }
}
