// What the app has to know of a file before it is sent: how it begins, and what it is recognised by.

import { fingerprint } from "./hashing/fingerprint.js"
import { NoHashing, sharedHasher, SMALL, Unreadable } from "./hashing/hasher.js"

const HEAD_SIZE = 4096 // bytes: HEAD_SIZE of content_types/

/**
 * @typedef {object} Look
 * @property {string} head the first bytes as base64, by which Python tells the type
 * @property {string} fingerprint "" in a browser that cannot hash
 * @property {string | null} md5 of a small file, in hex: it was read anyway
 */

/** @type {WeakMap<Blob, Promise<Look>>} */
const looks = new WeakMap()

/**
 * Look at a file, once however often it is asked for. A small one is read once too, away from the page's
 * thread: each reading costs more than its bytes. Rejects with Unreadable when it can no longer be read
 * as it was chosen; asked again, it is read again.
 *
 * @param {Blob} source
 * @param {number} size as chosen
 */
export function lookAt(source, size) {
  const look = looks.get(source) ?? makeLook(source, size)
  looks.set(source, look)
  look.catch(() => looks.delete(source))
  return look
}

/**
 * @param {Blob} source
 * @param {number} size
 * @returns {Promise<Look>}
 */
async function makeLook(source, size) {
  if (size <= SMALL) {
    try {
      return await sharedHasher().lookAt(source, size, HEAD_SIZE)
    } catch (error) {
      if (!(error instanceof NoHashing)) throw error
    }
  }
  const [head, print] = await Promise.all([headOf(source, size), fingerprint(source, size)])
  return { head, fingerprint: print, md5: null }
}

/**
 * @param {Blob} source
 * @param {number} size
 */
async function headOf(source, size) {
  const bytes = new Uint8Array(await source.slice(0, HEAD_SIZE).arrayBuffer())
  if (bytes.length < Math.min(HEAD_SIZE, size)) throw new Unreadable()
  return btoa(String.fromCharCode(...bytes))
}
