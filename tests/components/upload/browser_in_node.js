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

    /** @param {{ id: number, algorithm: string, blobs: Blob[] }} request as hash_worker.js takes it */
    async postMessage({ id, algorithm, blobs }) {
      const hash = createHash(algorithm)
      try {
        for (const blob of blobs) hash.update(new Uint8Array(await blob.arrayBuffer()))
        this.onmessage({ data: { id, digest: hash.digest("hex") } })
      } catch {
        this.onmessage({ data: { id, unreadable: true } })
      }
    }

    terminate() {}
  },
}
setMaxListeners(0, globals.window, globals.document) // a listener of each test's engine
for (const [name, value] of Object.entries(globals)) {
  Object.defineProperty(globalThis, name, { value, configurable: true })
}

/** @param {boolean} yes whether there is a network from now on */
export function setOnline(yes) {
  network.onLine = yes
  window.dispatchEvent(new Event(yes ? "online" : "offline"))
}
