// Prints what is looked at, the SHA-256 and the Content-MD5 of each file named, as the page makes them.

import "./worker_in_node.js"

import { openAsBlob } from "node:fs"

import {
  base64Of,
  PartDigests,
  WholeDigest,
} from "../../../components/upload/uploader/engine/hashing/digests.js"
import { lookAt } from "../../../components/upload/uploader/engine/look.js"

for (const path of process.argv.slice(2)) {
  const file = await openAsBlob(path)
  const part = { number: 1, start: 0, end: file.size }
  const md5 = base64Of((await new PartDigests(file).of(part)) ?? "")
  console.log(
    JSON.stringify([
      await lookAt(file, file.size),
      await new WholeDigest(file, file.size).get(),
      md5,
    ]),
  )
}
