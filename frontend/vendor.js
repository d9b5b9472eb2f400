// Copies what the pages use of others' JavaScript to where it is served, with its licences and a
// list of digests that a test holds the committed files against.

import { createHash } from "node:crypto"
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"

const TARGET = new URL("../components/upload/uploader/vendor/", import.meta.url)
const FILES = {
  "hash-wasm.md5.js": "hash-wasm/dist/md5.umd.min.js",
  "hash-wasm.sha256.js": "hash-wasm/dist/sha256.umd.min.js",
  "hash-wasm.LICENSE": "hash-wasm/LICENSE",
}

mkdirSync(TARGET, { recursive: true })
const lines = Object.entries(FILES).map(([name, source]) => {
  cpSync(new URL(`node_modules/${source}`, import.meta.url), new URL(name, TARGET))
  return `${createHash("sha256")
    .update(readFileSync(new URL(name, TARGET)))
    .digest("hex")}  ${name}\n`
})
writeFileSync(new URL("SHA256SUMS", TARGET), lines.join(""))
