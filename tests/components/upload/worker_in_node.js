// Stands in for a browser's worker, so that the code of hash_worker.js runs under Node.

import { createRequire } from "node:module"

const VENDOR = "../../../components/upload/uploader/vendor"
const require = createRequire(import.meta.url)

globalThis.hashwasm = {
  ...require(`${VENDOR}/hash-wasm.md5.js`),
  ...require(`${VENDOR}/hash-wasm.sha256.js`),
}
/** Workers by their number, which stands before the ids of their messages: they share one global scope. @type {WorkerInNode[]} */
const workers = []
class WorkerInNode {
  onmessage = (/** @type {{ data: unknown }} */ _event) => {}

  /** @param {URL} url */
  constructor(url) {
    this.ready = import(url.href)
    this.number = workers.push(this) - 1
    globalThis.postMessage = (/** @type {any} */ { id, ...rest }) => {
      const [number, own] = id.split(":").map(Number)
      workers[number].onmessage({ data: { id: own, ...rest } })
    }
  }

  /** @param {any} message */
  async postMessage({ id, ...rest }) {
    await this.ready
    const data = { id: `${this.number}:${id}`, ...rest }
    self.onmessage?.(new MessageEvent("message", { data }))
  }

  terminate() {}
}

Object.assign(globalThis, {
  self: globalThis,
  Worker: WorkerInNode,
  reportError: (/** @type {unknown} */ error) => {
    throw error
  },
})
