// Bundles the GraphQL editor into one file under a name with the hash of its content, with the
// licences of what is in it: `node build.js [FOLDER]`, by default to where it is served.

import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"

import { build } from "esbuild"

const HERE = fileURLToPath(new URL(".", import.meta.url))
const TARGET = resolve(process.argv[2] ?? join(HERE, "../components/playground/editor"))
const PACKAGE = /node_modules\/((?:@[^/]+\/)?[^/]+)\//

const { outputFiles, metafile } = await build({
  absWorkingDir: HERE,
  entryPoints: ["editor/main.js"],
  bundle: true,
  write: false,
  metafile: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  minify: true,
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
})
const script = outputFiles[0].text
const hash = createHash("sha256").update(script).digest("hex").slice(0, 12)
mkdirSync(TARGET, { recursive: true })
for (const name of readdirSync(TARGET)) {
  if (/^editor\.[0-9a-f]{12}\.js$/.test(name)) rmSync(join(TARGET, name))
}
writeFileSync(join(TARGET, `editor.${hash}.js`), script)
writeFileSync(join(TARGET, "editor.LICENSE"), licences(bundled(metafile)))

/** The packages that made it into the bundle, sorted by name. */
function bundled({ outputs }) {
  const inputs = Object.entries(Object.values(outputs)[0].inputs).filter(
    ([, { bytesInOutput }]) => bytesInOutput,
  )
  return [...new Set(inputs.map(([path]) => PACKAGE.exec(path)?.[1]).filter(Boolean))].sort()
}

function licences(names) {
  return names
    .map((name) => `${name}\n\n${licenceOf(join(HERE, "node_modules", name), name)}\n`)
    .join("\n---\n\n")
}

function licenceOf(folder, name) {
  const file = ["LICENSE", "LICENSE.md", "LICENSE.txt"]
    .map((one) => join(folder, one))
    .find(existsSync)
  if (file) return readFileSync(file, "utf8").trim()
  const { license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
  if (!license) throw new Error(`${name} names no licence.`)
  return license
}
