// The global that components/upload/uploader/vendor/ sets, as far as it is used.

interface WasmHash {
  init(): WasmHash
  update(data: Uint8Array): void
  digest(): string
}

declare var hashwasm: {
  createMD5(): Promise<WasmHash>
  createSHA256(): Promise<WasmHash>
}
