import assert from "node:assert/strict"
import { test } from "node:test"

import { filesOf, pathOf } from "../../../components/toolkit/folders.js"

/**
 * Entries as browsers hand them out (https://wicg.github.io/entries-api/), as far as they are asked.
 * @param {string} path
 * @param {string} [error]
 * @returns {any}
 */
function file(path, error) {
  const name = path.slice(path.lastIndexOf("/") + 1)
  const got = (
    /** @type {(file: File) => void} */ take,
    /** @type {(error: Error) => void} */ fail,
  ) => (error ? fail(new DOMException("no", error)) : take(new File(["x"], name)))
  return { name, fullPath: path, isFile: true, isDirectory: false, file: got }
}

/**
 * @param {string} path
 * @param {any[]} children
 * @param {string} [error]
 * @returns {any}
 */
function folder(path, children, error) {
  const pieces = [children, []]
  const readEntries = (
    /** @type {(entries?: any[]) => void} */ take,
    /** @type {(error: Error) => void} */ fail,
  ) => (error ? fail(new DOMException("no", error)) : take(pieces.shift()))
  return {
    name: path.slice(path.lastIndexOf("/") + 1),
    fullPath: path,
    isFile: false,
    isDirectory: true,
    createReader: () => ({ readEntries }),
  }
}

test("what cannot be had is named, and everything else of a folder is found", async () => {
  const long = `/shoot/${"x".repeat(300)}.jpg`
  const dropped = folder("/shoot", [
    file("/shoot/2.jpg"),
    file("/shoot/dangling.jpg", "NotFoundError"),
    folder("/shoot/locked", [], "NotReadableError"),
    folder("/shoot/raw", [
      file("/shoot/raw/3.jpg"),
      file("/shoot/raw/secret.jpg", "SecurityError"),
    ]),
    file("/shoot/1.jpg"),
    file(long, "EncodingError"),
  ])
  const { files, unreadable } = await filesOf([
    dropped,
    file("/4.jpg"),
    file("/gone.jpg", "NotFoundError"),
  ])
  assert.deepEqual(files.map(pathOf), ["shoot/1.jpg", "shoot/2.jpg", "shoot/raw/3.jpg", "4.jpg"])
  assert.deepEqual(
    unreadable.map(({ path, reason }) => [path, reason]).sort(),
    [
      ["gone.jpg", "NotFoundError"],
      ["shoot/dangling.jpg", "NotFoundError"],
      ["shoot/locked", "NotReadableError"],
      ["shoot/raw/secret.jpg", "SecurityError"],
      [long.slice(1), "EncodingError"],
    ].sort(),
  )
})

test("a fault of our own is not taken for a file's", async () => {
  const broken = { ...file("/a.jpg"), file: () => assert.fail("a bug") }
  await assert.rejects(filesOf([broken]), /a bug/)
})
