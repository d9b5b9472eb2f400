// Stands in for what the upload engine finds in a browser: events of the window, the network's state, a
// place, and a worker that hashes.

import { createHash } from "node:crypto"
import { setMaxListeners } from "node:events"

const network = { onLine: true }
/** @type {Map<string, string>} */
const stored = new Map()

const globals = {
  window: new EventTarget(),
  document: Object.assign(new EventTarget(), { visibilityState: "visible" }),
  location: { origin: "https://app.example", pathname: "/" },
  navigator: network,
  sessionStorage: {
    getItem: (/** @type {string} */ key) => stored.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => stored.set(key, value),
    removeItem: (/** @type {string} */ key) => stored.delete(key),
  },
  requestAnimationFrame: (/** @type {() => void} */ draw) => draw(),
  Worker: class {
    onmessage = (/** @type {{ data: object }} */ _event) => {}

    /** @param {any} request as hash_worker.js takes it */
    async postMessage({ id, ...request }) {
      const answer = request.source ? await lookOf(request) : await digestOf(request)
      this.onmessage({ data: { id, ...answer } })
    }

    terminate() {}
  },
}
setMaxListeners(0, globals.window, globals.document) // a listener of each test's engine
for (const [name, value] of Object.entries(globals)) {
  Object.defineProperty(globalThis, name, { value, configurable: true })
}

/** @param {{ algorithm: string, blobs: Blob[] }} request */
async function digestOf({ algorithm, blobs }) {
  const hash = createHash(algorithm)
  try {
    for (const blob of blobs) hash.update(new Uint8Array(await blob.arrayBuffer()))
    return { digest: hash.digest("hex") }
  } catch {
    return { unreadable: "NotReadableError" }
  }
}

/** @param {{ source: Blob, size: number, headSize: number }} request */
async function lookOf({ source, size, headSize }) {
  const { digest } = await digestOf({
    algorithm: "sha256",
    blobs: [new Blob([`${size}\n`]), source],
  })
  const { digest: md5 } = await digestOf({ algorithm: "md5", blobs: [source] })
  if (!digest) return { unreadable: "NotReadableError" }
  const head = Buffer.from(await source.slice(0, headSize).arrayBuffer()).toString("base64")
  return { look: { head, fingerprint: digest, md5 } }
}

/** @param {boolean} yes whether there is a network from now on */
export function setOnline(yes) {
  network.onLine = yes
  window.dispatchEvent(new Event(yes ? "online" : "offline"))
}
