// Digests of what a transfer sends: MD5 of the parts, some parts ahead, and SHA-256 of the whole.

import { Hasher, NoHashing, sharedHasher } from "./hasher.js"

/** @typedef {{ number: number, start: number, end: number }} Range of a part */

const PIECE = 1 << 24 // bytes of a source that are handed to the worker at once

let files = 0

/** MD5 of parts of one file in hex, made in the order asked for. */
export class PartDigests {
  /** @type {Map<number, Promise<string | null>>} */
  known = new Map()

  /**
   * @param {Blob} source
   * @param {string | null} ofOnly the MD5 of its only part, where it is known already
   */
  constructor(source, ofOnly = null) {
    this.source = source
    files += 1
    this.group = `file ${files}`
    if (ofOnly) this.known.set(1, Promise.resolve(ofOnly))
  }

  /**
   * MD5 of a part; null in a browser that cannot hash. Rejects with Unreadable.
   * @param {Range} part
   */
  of(part) {
    const known = this.known.get(part.number) ?? this.make(part)
    this.known.set(part.number, known)
    return known
  }

  /**
   * Begin with parts whose turn comes soon. What goes wrong shows when their turn has come.
   * @param {Range[]} parts
   */
  prepare(parts) {
    for (const part of parts) this.of(part).catch(() => {})
  }

  /** @param {Range} part */
  async make(part) {
    try {
      const bytes = this.source.slice(part.start, part.end)
      return await sharedHasher().digest("md5", [bytes], this.group)
    } catch (error) {
      if (error instanceof NoHashing) return null
      this.known.delete(part.number)
      throw error
    }
  }
}

/** SHA-256 of a whole source, made once. */
export class WholeDigest {
  /** @type {Hasher | null} */
  hasher = null
  /** @type {Promise<string | null> | null} */
  made = null

  /**
   * @param {Blob} source
   * @param {number} size
   */
  constructor(source, size) {
    this.source = source
    this.size = size
  }

  /** The digest in hex; null in a browser that cannot hash. Rejects with Unreadable or Closed. */
  get() {
    this.made ??= this.make()
    return this.made
  }

  close() {
    this.hasher?.close()
  }

  async make() {
    const hasher = new Hasher()
    this.hasher = hasher
    try {
      return await hasher.digestAll("sha256", this.source, this.size, PIECE)
    } catch (error) {
      if (error instanceof NoHashing) return null
      throw error
    } finally {
      hasher.close()
    }
  }
}

/**
 * A digest in hex as the base64 that Content-MD5 wants (RFC 1864).
 * @param {string} hex
 */
export function base64Of(hex) {
  return btoa(hex.replace(/../g, (byte) => String.fromCharCode(parseInt(byte, 16))))
}
