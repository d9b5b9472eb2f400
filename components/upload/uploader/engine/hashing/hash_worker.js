// Hashes blobs away from the page's thread. Messages of one group are worked off in order, groups side by
// side; those with the same id continue one hash, and the one with `end` gets the digest in hex. A message
// with `headSize` is about a small file, of which everything is told at once.

import "../../vendor/hash-wasm.md5.js"
import "../../vendor/hash-wasm.sha256.js"

/** @import { HashRequest, LookRequest } from "./hasher.js" */

const ONE_READ = 65_536 // bytes
const BUFFER = 1_048_576 // bytes
const TEXT = new TextEncoder()
const CREATE = { md5: hashwasm.createMD5, sha256: hashwasm.createSHA256 }
/** @type {Map<number, WasmHash>} */
const hashes = new Map()
const forSmall = Promise.all([CREATE.sha256(), CREATE.md5()])
/** @type {Map<string | number, Promise<void>>} */
const groups = new Map() // the last work of each
// Chromium 156 frees a reader that only its own pending `read()` refers to, and the answer never comes.
const reading = new Set()

self.onmessage = ({ data }) => {
  if (data.headSize === undefined) inOrder(data)
  else look(data).catch(reportError) // so that the page hears of it
}

/** @param {HashRequest} request */
function inOrder(request) {
  const { group } = request
  const before = groups.get(group) ?? Promise.resolve()
  const work = before.then(() => answer(request)).catch(reportError)
  groups.set(group, work)
  work.then(() => groups.get(group) === work && groups.delete(group))
}

/**
 * The fingerprint is made as hashing/fingerprint.js says.
 * @param {LookRequest} request
 */
async function look({ id, source, size, headSize }) {
  let bytes
  try {
    bytes = new Uint8Array(await source.arrayBuffer())
    if (bytes.length !== size)
      throw new DOMException("It has another size now.", "NotReadableError")
  } catch (error) {
    return tellUnreadable(id, error)
  }
  const [sha256, md5] = await forSmall
  sha256.init()
  sha256.update(TEXT.encode(`${size}\n`))
  sha256.update(bytes)
  md5.init()
  md5.update(bytes)
  const head = btoa(String.fromCharCode(...bytes.subarray(0, headSize)))
  self.postMessage({ id, look: { head, fingerprint: sha256.digest(), md5: md5.digest() } })
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
    tellUnreadable(id, error)
  }
}

/**
 * @param {number} id
 * @param {unknown} error
 */
function tellUnreadable(id, error) {
  if (!(error instanceof DOMException)) throw error
  self.postMessage({ id, unreadable: error.name })
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
  const reader = readerOf(blob)
  reading.add(reader)
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read())
      hash.update(piece.value)
  } finally {
    reading.delete(reader)
  }
}

/**
 * What reads a blob's stream piece by piece, each good until the next: into one buffer where the browser
 * can (a third less work), or into one of its own each time.
 * @param {Blob} blob
 * @returns {{ read: () => Promise<ReadableStreamReadResult<Uint8Array>> }}
 */
function readerOf(blob) {
  const stream = blob.stream()
  let reader
  try {
    reader = stream.getReader({ mode: "byob" })
  } catch (error) {
    if (error instanceof TypeError) return stream.getReader() // not a stream of bytes there
    throw error
  }
  let buffer = new ArrayBuffer(BUFFER)
  return {
    async read() {
      const piece = await reader.read(new Uint8Array(buffer))
      if (piece.value) buffer = piece.value.buffer
      return piece
    },
  }
}
