// Writes the table of what is tried again, which is Python's too, as a module that a browser can import.

import { readFileSync, writeFileSync } from "node:fs"

const table = readFileSync(new URL("../client/wire/retry.json", import.meta.url), "utf8")
const module = `// Written by \`make frontend\` from client/wire/retry.json, where changes belong. Times are seconds.\n\nexport const RETRY = ${table}`
writeFileSync(
  new URL("../components/upload/uploader/engine/sending/retry_table.js", import.meta.url),
  module,
)
