// Cuts a file into parts.
//
// A person may choose how large they are: then the plan has all of them, and nothing is left to cut. Else
// the next one is cut when its turn comes, as large as suits what the line carries by then.

import { Part } from "../part.js"

/** @import { Plan } from "../transfer.js" */

const MEBIBYTE = 1024 * 1024
const FIRST = 16 * MEBIBYTE // as long as nothing is known of the line
const MOST = 64 * MEBIBYTE // each is hashed before it is sent
const SECONDS = 4 // that a part is to take

export class Cutter {
  /** @type {Part[]} */
  parts = [] // that are cut, in order
  number = 0 // of the last one
  at = 0 // where it ends

  /**
   * @param {Plan} plan
   * @param {number} size bytes of the file
   */
  constructor({ urls, parts, leastPart, mostPart }, size) {
    this.urls = urls
    this.leastPart = leastPart
    this.mostPart = mostPart
    this.size = size
    for (const [number, start, end, etag] of parts) {
      if (!this.reach(number, start)) continue
      this.add(number, end, etag)
    }
  }

  /** Bytes that no part has yet. */
  get left() {
    return this.size - this.at
  }

  /**
   * Cut what lies before a part that the store has, into as many parts as there are numbers for it: so
   * many were cut there once, and each was large enough. False where the part does not fit to those before.
   * @param {number} number
   * @param {number} start
   */
  reach(number, start) {
    const from = this.at
    const count = number - this.number - 1
    if (start < from || count < 0 || (start > from && count === 0)) return false
    for (let i = 1; i <= count && start > from; i += 1)
      this.add(this.number + 1, from + Math.round(((start - from) * i) / count))
    return true
  }

  /**
   * Cut the next part; null when nothing is left.
   *
   * The URLs suffice for what is left, and small parts at the end let all wires end together.
   * @param {number} rate bytes per second that one wire carries; 0 as long as that is not known
   * @param {number} wires parts at once
   */
  cut(rate, wires) {
    if (!this.left) return null
    const wanted = Math.min(rate ? SECONDS * rate : FIRST, MOST, this.left / wires)
    const least = Math.max(this.leastPart, this.left / (this.urls.length - this.number))
    const bytes = Math.max(Math.floor(wanted / MEBIBYTE) * MEBIBYTE, Math.ceil(least))
    return this.add(this.number + 1, this.at + Math.min(bytes, this.left, this.mostPart))
  }

  /**
   * @param {number} number
   * @param {number} end
   * @param {string | null} etag
   */
  add(number, end, etag = null) {
    const part = new Part({ number, start: this.at, end, url: this.urls[number - 1] }, etag)
    this.parts.push(part)
    this.number = number
    this.at = end
    return part
  }
}
