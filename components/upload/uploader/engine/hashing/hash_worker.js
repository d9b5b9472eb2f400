// Hashes blobs away from the page's thread. Messages are worked off in order; those with the same id
// continue one hash, and the one with `end` gets the digest in hex.

import "../../vendor/hash-wasm.md5.js"
import "../../vendor/hash-wasm.sha256.js"

/** @import { HashRequest } from "./hasher.js" */

const ONE_READ = 65_536 // bytes
const CREATE = { md5: hashwasm.createMD5, sha256: hashwasm.createSHA256 }
/** @type {Map<number, WasmHash>} */
const hashes = new Map()
let work = Promise.resolve()

self.onmessage = ({ data }) => {
  work = work.then(() => answer(data)).catch((error) => reportError(error)) // so that the page hears of it
}

/** @param {HashRequest} request */
async function answer({ id, algorithm, blobs, end }) {
  const hash = hashes.get(id) ?? (await CREATE[algorithm]())
  hashes.set(id, hash)
  try {
    for (const blob of blobs) await absorb(blob, hash)
    self.postMessage({ id, digest: end ? hash.digest() : null })
    if (end) hashes.delete(id)
  } catch (error) {
    hashes.delete(id)
    if (!(error instanceof DOMException)) throw error
    self.postMessage({ id, unreadable: true })
  }
}

/**
 * A stream costs half of what reading slices into buffers does, but for small blobs more than one read.
 * @param {Blob} blob
 * @param {WasmHash} hash
 */
async function absorb(blob, hash) {
  if (blob.size <= ONE_READ) {
    hash.update(new Uint8Array(await blob.arrayBuffer()))
    return
  }
  const reader = blob.stream().getReader()
  for (let piece = await reader.read(); !piece.done; piece = await reader.read())
    hash.update(piece.value)
}
