// Whether a file that was touched, renamed or copied is the one that was being sent: the MD5s of the
// parts that the store has, to hold against its ETags.

import { PartDigests } from "./digests.js"
import { Unreadable } from "./hasher.js"

const MD5 = /^"?([0-9a-f]{32})"?$/i

/**
 * MD5s of a source's parts, as far as the store has them, up to the first that its ETag belies: pairs of
 * part number and hex. One part is read at a time, so another file of the same size is found out soon.
 * Empty where nothing can be told: no part is there, its ETag is no MD5, this browser cannot hash.
 *
 * @param {Blob} source
 * @param {string} id of the transfer
 * @param {typeof globalThis.fetch} fetch
 * @param {() => boolean} isWanted asked before each part
 * @returns {Promise<[number, string][]>}
 */
export async function proofOf(source, id, fetch, isWanted) {
  const digests = new PartDigests(source)
  /** @type {[number, string][]} */
  const proof = []
  try {
    for (const [number, start, end, etag] of await partsOf(id, fetch)) {
      if (!etag) continue
      const expected = etag.match(MD5)?.[1].toLowerCase()
      const md5 = expected && isWanted() ? await digests.of({ number, start, end }) : null
      if (md5 === null) return []
      proof.push([number, md5])
      if (md5 !== expected) break
    }
  } catch (error) {
    if (error instanceof Unreadable) return []
    throw error
  }
  return proof
}

/**
 * Number, start, end and ETag of each part, as the server remembers them; none where it does not answer.
 *
 * @param {string} id
 * @param {typeof globalThis.fetch} fetch
 * @returns {Promise<[number, number, number, string | null][]>}
 */
async function partsOf(id, fetch) {
  try {
    const answer = await fetch(`/transfers/${encodeURIComponent(id)}`, {
      credentials: "same-origin",
      cache: "no-store",
    })
    return answer.ok ? (await answer.json()).parts : []
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError || error instanceof DOMException)
      return []
    throw error
  }
}
