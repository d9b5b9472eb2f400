// Stands in for a browser's worker, so that the code of hash_worker.js runs under Node.

import { createRequire } from "node:module"

const VENDOR = "../../../components/upload/uploader/vendor"
const require = createRequire(import.meta.url)

globalThis.hashwasm = {
  ...require(`${VENDOR}/hash-wasm.md5.js`),
  ...require(`${VENDOR}/hash-wasm.sha256.js`),
}
class WorkerInNode {
  onmessage = (/** @type {{ data: unknown }} */ _event) => {}

  /** @param {URL} url */
  constructor(url) {
    this.ready = import(url.href)
    globalThis.postMessage = (/** @type {unknown} */ data) => this.onmessage({ data })
  }

  /** @param {unknown} data */
  async postMessage(data) {
    await this.ready
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
