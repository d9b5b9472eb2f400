// Digests made by a worker, which ends with its hasher.

/** The source changed or is gone since it was chosen. Its name is the browser's for that. */
export class Unreadable extends DOMException {
  constructor(name = "NotReadableError") {
    super("A file can no longer be read as it was chosen.", name)
  }
}

/** The hasher was closed before it came to this. */
export class Closed extends Error {}

/** The browser cannot run the worker or the WebAssembly in it. */
export class NoHashing extends Error {}

/**
 * @import { Look } from "../look.js"
 *
 * @typedef {"md5" | "sha256"} Algorithm
 * @typedef {{ id: number, algorithm: Algorithm, blobs: Blob[], group: string | number, end: boolean }} HashRequest
 *   messages with the same id continue one hash; the one with `end` gets the digest
 * @typedef {{ id: number, source: Blob, size: number, headSize: number }} LookRequest
 * @typedef {{ id: number, digest?: string | null, look?: Look, unreadable?: string }} HashAnswer
 */

/** Bytes of a file that is read whole, at once. */
export const SMALL = 1_048_576
/** @type {Hasher | null} */
let shared = null

/**
 * The hasher that all files of this page load share: it has started before the first one comes, and
 * there is one of it however many files there are. Nobody closes it.
 */
export function sharedHasher() {
  if (!shared || shared.closed) shared = new Hasher()
  return shared
}

export class Hasher {
  /** @type {Map<number, { resolve: (answer: HashAnswer) => void, reject: (reason: Error) => void }>} */
  waiting = new Map()
  count = 0
  /** @type {Error | null} */
  closed = null

  constructor() {
    this.worker = new Worker(new URL("./hash_worker.js", import.meta.url), { type: "module" })
    this.worker.onmessage = ({ data }) => this.settle(data)
    this.worker.onerror = (event) => {
      event.preventDefault()
      this.close(new NoHashing(event.message))
    }
  }

  /**
   * Digest of some blobs one after the other, in hex. Rejects with Unreadable, Closed or NoHashing.
   * @param {Algorithm} algorithm
   * @param {Blob[]} blobs
   * @param {string} [group] digests of one group are made in the order asked for, others beside them
   */
  digest(algorithm, blobs, group) {
    this.count += 1
    return this.digestOf({
      id: this.count,
      algorithm,
      blobs,
      group: group ?? this.count,
      end: true,
    })
  }

  /**
   * Digest of all of a source, taken from it piece by piece. Rejects like `digest`.
   * @param {Algorithm} algorithm
   * @param {Blob} source
   * @param {number} size
   * @param {number} pieceSize bytes
   */
  async digestAll(algorithm, source, size, pieceSize) {
    this.count += 1
    const id = this.count
    const common = { id, algorithm, group: id }
    for (let at = 0; at + pieceSize < size; at += pieceSize) {
      await this.digestOf({ ...common, blobs: [source.slice(at, at + pieceSize)], end: false })
    }
    const last = Math.max(0, Math.ceil(size / pieceSize) - 1) * pieceSize
    return this.digestOf({ ...common, blobs: [source.slice(last, size)], end: true })
  }

  /**
   * All there is to know of a small file. Rejects like `digest`.
   * @param {Blob} source
   * @param {number} size as chosen
   * @param {number} headSize bytes that are told of how it begins
   */
  async lookAt(source, size, headSize) {
    this.count += 1
    const { look } = await this.send({ id: this.count, source, size, headSize })
    if (!look) throw new TypeError("The worker has not told of the file.")
    return look
  }

  /** @param {Error} reason told to who still waits */
  close(reason = new Closed()) {
    this.worker.terminate()
    this.closed = reason
    for (const { reject } of this.waiting.values()) reject(reason)
    this.waiting.clear()
  }

  /** @param {HashRequest} message */
  async digestOf(message) {
    const { digest } = await this.send(message)
    return digest ?? ""
  }

  /**
   * @param {HashRequest | LookRequest} message
   * @returns {Promise<HashAnswer>}
   */
  send(message) {
    if (this.closed) return Promise.reject(this.closed)
    return new Promise((resolve, reject) => {
      this.waiting.set(message.id, { resolve, reject })
      this.worker.postMessage(message)
    })
  }

  /** @param {HashAnswer} answer */
  settle(answer) {
    const waiting = this.waiting.get(answer.id)
    this.waiting.delete(answer.id)
    if (answer.unreadable) waiting?.reject(new Unreadable(answer.unreadable))
    else waiting?.resolve(answer)
  }
}
