// Files out of dropped and chosen folders, in the order of their paths.

export const MOST_FILES = 200 // at once
const MOST_WALKED = 5000 // a drive dropped by mistake is not read to its end
const LEFT_BY_SYSTEMS = new Set(["thumbs.db", "desktop.ini"])
/** @type {WeakMap<File, string>} */
const paths = new WeakMap()

/**
 * What could not be read; the reason is the name of a DOMException.
 * @typedef {{ path: string, reason: string }} Unreadable
 * @typedef {{ files: File[], unreadable: Unreadable[] }} Found
 * @typedef {FileSystemEntry | File} Dropped
 */

/**
 * Where in what was dropped or chosen a file was, or "" where that is not known.
 * @param {File} file
 */
export function pathOf(file) {
  return paths.get(file) ?? file.webkitRelativePath ?? ""
}

/**
 * The files that a person means: hidden ones and what systems leave in folders are skipped.
 * @param {File[]} files
 */
export function chosenFiles(files) {
  return files.filter((file) => pathOf(file).split("/").every(isShown)).sort(byPath)
}

/**
 * What is in a drop: folders as entries, files as they are, since WebKit's entry of a file that another
 * page made leads nowhere. Take it before the first `await`: the browser forgets it.
 * @param {DataTransfer} drop
 * @returns {Dropped[]}
 */
export function droppedEntries({ items, files }) {
  const entries = [...items]
    .filter(({ kind }) => kind === "file")
    .map((item) => {
      const entry = item.webkitGetAsEntry?.() ?? null
      return entry?.isDirectory ? entry : (item.getAsFile() ?? entry)
    })
  return entries.length ? entries.filter((entry) => entry !== null) : [...files]
}

/**
 * All files below dropped entries, folders depth first. What cannot be had, such as a link that leads
 * nowhere, is named with the reason and keeps nothing else from being found.
 *
 * @param {Dropped[]} entries
 * @returns {Promise<Found>}
 */
export async function filesOf(entries) {
  /** @type {Found} */
  const found = { files: [], unreadable: [] }
  for (const entry of entries) {
    if (entry instanceof File) found.files.push(entry)
    else await visit(entry, found)
  }
  return found
}

/**
 * @param {FileSystemEntry} entry
 * @param {Found} found
 */
function visit(entry, found) {
  if (entry.isFile) return take(/** @type {FileSystemFileEntry} */ (entry), found)
  return walk(/** @type {FileSystemDirectoryEntry} */ (entry), found)
}

/**
 * @param {FileSystemDirectoryEntry} folder
 * @param {Found} found
 */
async function walk(folder, found) {
  const children = (await had(folder, found, childrenOf))?.filter(({ name }) => isShown(name)) ?? []
  children.sort((one, other) => byName(one.name, other.name))
  for (const child of children) {
    if (found.files.length + found.unreadable.length >= MOST_WALKED) return
    await visit(child, found)
  }
}

/**
 * @param {FileSystemFileEntry} entry
 * @param {Found} found
 */
async function take(entry, found) {
  const file = await had(entry, found, fileOf)
  if (file) found.files.push(remember(file, entry.fullPath.slice(1)))
}

/**
 * What is asked of an entry; null, and the entry noted as unreadable, where the system refuses it.
 * @template {FileSystemEntry} Entry
 * @template Answer
 * @param {Entry} entry
 * @param {Found} found
 * @param {(entry: Entry) => Promise<Answer>} ask
 * @returns {Promise<Answer | null>}
 */
async function had(entry, { unreadable }, ask) {
  try {
    return await ask(entry)
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
    unreadable.push({ path: entry.fullPath.slice(1), reason: error.name })
    return null
  }
}

/**
 * A reader hands out a folder piece by piece (100 entries in Chromium) until a piece is empty.
 * @param {FileSystemDirectoryEntry} folder
 */
async function childrenOf(folder) {
  const reader = folder.createReader()
  /** @type {FileSystemEntry[]} */
  const children = []
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const piece = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))
    if (!piece.length) return children
    children.push(...piece)
  }
}

/**
 * @param {FileSystemFileEntry} entry
 * @returns {Promise<File>}
 */
function fileOf(entry) {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

/**
 * @param {File} file
 * @param {string} path
 */
function remember(file, path) {
  paths.set(file, path)
  return file
}

/** @param {string} name */
function isShown(name) {
  return !name.startsWith(".") && !LEFT_BY_SYSTEMS.has(name.toLowerCase())
}

/**
 * @param {File} one
 * @param {File} other
 */
function byPath(one, other) {
  return byName(pathOf(one), pathOf(other))
}

/**
 * @param {string} one
 * @param {string} other
 */
function byName(one, other) {
  return one.localeCompare(other, "en", { numeric: true })
}
