// Digests of what a transfer sends: MD5 of the parts, some parts ahead, and SHA-256 of the whole.

import { Hasher, NoHashing } from "./hasher.js"

const PIECE = 1 << 24 // bytes of a source that are handed to the worker at once

/** MD5 of parts in hex, made in the order asked for. */
export class PartDigests {
  constructor(source) {
    this.source = source
    this.hasher = null
    this.known = new Map()
  }

  /** MD5 of a part; null in a browser that cannot hash. Rejects with Unreadable or Closed. */
  of(part) {
    if (!this.known.has(part.number)) this.known.set(part.number, this.make(part))
    return this.known.get(part.number)
  }

  /** Begin with parts whose turn comes soon. What goes wrong shows when their turn has come. */
  prepare(parts) {
    for (const part of parts) this.of(part).catch(() => {})
  }

  /** Stop hashing. Asked again, it starts anew with what it had not finished. */
  close() {
    this.hasher?.close()
    this.hasher = null
  }

  async make(part) {
    this.hasher ??= new Hasher()
    try {
      return await this.hasher.digest("md5", [this.source.slice(part.start, part.end)])
    } catch (error) {
      if (error instanceof NoHashing) return null
      this.known.delete(part.number)
      throw error
    }
  }
}

/** SHA-256 of a whole source, made once. */
export class WholeDigest {
  constructor(source, size) {
    this.source = source
    this.size = size
    this.hasher = null
    this.made = null
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
    this.hasher = new Hasher()
    try {
      return await this.hasher.digestAll("sha256", this.source, this.size, PIECE)
    } catch (error) {
      if (error instanceof NoHashing) return null
      throw error
    } finally {
      this.hasher.close()
    }
  }
}

/** A digest in hex as the base64 that Content-MD5 wants (RFC 1864). */
export function base64Of(hex) {
  return btoa(hex.replace(/../g, (byte) => String.fromCharCode(parseInt(byte, 16))))
}
