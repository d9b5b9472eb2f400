// Stands in for a browser's worker, so that the code of hash_worker.js runs under Node.

import { createRequire } from "node:module"

const VENDOR = "../../../components/upload/uploader/vendor"
const require = createRequire(import.meta.url)

globalThis.hashwasm = {
  ...require(`${VENDOR}/hash-wasm.md5.js`),
  ...require(`${VENDOR}/hash-wasm.sha256.js`),
}
globalThis.self = globalThis

globalThis.Worker = class {
  constructor(url) {
    this.ready = import(url)
    self.postMessage = (data) => this.onmessage({ data })
  }

  async postMessage(data) {
    await this.ready
    self.onmessage({ data })
  }

  terminate() {}
}

globalThis.reportError = (error) => {
  throw error
}
