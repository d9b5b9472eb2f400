// Hashes blobs away from the page's thread. Messages are worked off in order; those with the same id
// continue one hash, and the one with `end` gets the digest in hex.

import "../vendor/hash-wasm.md5.js"
import "../vendor/hash-wasm.sha256.js"

const CREATE = { md5: self.hashwasm.createMD5, sha256: self.hashwasm.createSHA256 }
const hashes = new Map()
let work = Promise.resolve()

self.onmessage = ({ data }) => {
  work = work.then(() => answer(data)).catch((error) => reportError(error)) // so that the page hears of it
}

async function answer({ id, algorithm, blobs, end }) {
  if (!hashes.has(id)) hashes.set(id, await CREATE[algorithm]())
  const hash = hashes.get(id)
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

/** A stream costs half of what reading slices into buffers does. */
async function absorb(blob, hash) {
  const reader = blob.stream().getReader()
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) hash.update(piece.value)
}
