// Files out of dropped and chosen folders, in the order of their paths.

export const MOST_FILES = 200 // at once
const MOST_WALKED = 5000 // a drive dropped by mistake is not read to its end
const LEFT_BY_SYSTEMS = new Set(["thumbs.db", "desktop.ini"])
const paths = new WeakMap()

/** Where in its folder a file was, or "" for a file that was added by itself. */
export function pathOf(file) {
  return paths.get(file) ?? file.webkitRelativePath ?? ""
}

/** The files that a person means: hidden ones and what systems leave in folders are skipped. */
export function chosenFiles(files) {
  return files.filter((file) => pathOf(file).split("/").every(isShown)).sort(byPath)
}

/**
 * The entries of a drop; take them before the first `await`, since the browser forgets them.
 * Where a browser has no entries, files come as they are.
 */
export function droppedEntries({ items, files }) {
  const entries = [...items].filter(({ kind }) => kind === "file").map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile())
  return entries.length ? entries.filter(Boolean) : [...files]
}

/** All files below dropped entries, folders depth first. Rejects with a DOMException if one cannot be read. */
export async function filesOf(entries) {
  const found = []
  for (const entry of entries) {
    if (entry instanceof File) found.push(entry)
    else if (entry.isFile) found.push(await fileOf(entry))
    else await walk(entry, found)
  }
  return found
}

async function walk(folder, found) {
  const children = (await childrenOf(folder)).filter(({ name }) => isShown(name))
  children.sort((one, other) => byName(one.name, other.name))
  for (const child of children) {
    if (found.length >= MOST_WALKED) return
    if (child.isDirectory) await walk(child, found)
    else found.push(remember(await fileOf(child), child.fullPath.slice(1)))
  }
}

/** A reader hands out a folder piece by piece (100 entries in Chromium) until a piece is empty. */
async function childrenOf(folder) {
  const reader = folder.createReader()
  const children = []
  for (;;) {
    const piece = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))
    if (!piece.length) return children
    children.push(...piece)
  }
}

function fileOf(entry) {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

function remember(file, path) {
  paths.set(file, path)
  return file
}

function isShown(name) {
  return !name.startsWith(".") && !LEFT_BY_SYSTEMS.has(name.toLowerCase())
}

function byPath(one, other) {
  return byName(pathOf(one), pathOf(other))
}

function byName(one, other) {
  return one.localeCompare(other, "en", { numeric: true })
}
