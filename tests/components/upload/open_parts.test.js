import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"

import { OpenParts } from "../../../components/upload/uploader/view/open_parts.js"

let openParts = new OpenParts()
/** @type {Map<string, { id: string, state: string }>} */
const transfers = new Map()
const find = (/** @type {string} */ id) => transfers.get(id)
/** @param {string} [active] */
const follow = (active) => openParts.follow(active ? find(active) : undefined, find)

beforeEach(() => {
  openParts = new OpenParts()
  transfers.clear()
  for (const id of ["first", "second"]) transfers.set(id, { id, state: "sending" })
})

/** @param {string} id */
function finish(id) {
  transfers.set(id, { id, state: "done" })
}

test("the transfer on its way opens, and shuts when it is done", () => {
  follow("first")
  assert(openParts.isOpen("first"))
  finish("first")
  follow(undefined)
  assert(!openParts.isOpen("first"))
})

test("a person may open the parts of what is done, and they stay open", () => {
  follow("first")
  finish("first")
  follow(undefined)
  openParts.toggle("first")
  follow(undefined)
  assert(openParts.isOpen("first"))
  follow("second")
  assert(openParts.isOpen("first"), "the next one takes them away")
})

test("what a person has shut stays shut, also when it goes on after a wait", () => {
  follow("first")
  openParts.toggle("first")
  follow(undefined)
  follow("first")
  assert(!openParts.isOpen("first"))
})

test("a person who looks at another one keeps it; opened again, what is on its way shuts with it", () => {
  follow("first")
  openParts.toggle("second")
  follow("first")
  assert(openParts.isOpen("second"))
  openParts.toggle("first")
  finish("first")
  follow("second")
  assert(openParts.isOpen("second"))
})
