import assert from "node:assert/strict"
import { test } from "node:test"

import { Cutter } from "../../../components/upload/uploader/engine/sending/cutter.js"
import { rest } from "./still_clock.js"
import { file, PART, UploadDesk } from "./upload_desk.js"

/** @import { Plan } from "../../../components/upload/uploader/engine/transfer.js" */

const MIB = 1024 * 1024
const LEAST = 5 * MIB
/** @typedef {[number, number, number, string | null]} Row */

/** @param {number} size @param {Row[]} parts of the plan @param {number} urls how many */
function cutter(size, parts = [], urls = Math.ceil(size / LEAST)) {
  const plan = {
    urls: Array.from({ length: urls }, (_, i) => `u${i + 1}`),
    parts,
    leastPart: LEAST,
    mostPart: 2 ** 31,
  }
  return new Cutter(/** @type {Plan} */ (plan), size)
}

/**
 * Cut all that is left; returns the sizes, and looks at what holds for every cutting.
 * @param {Cutter} cut @param {number} rate @param {number} wires
 */
function all(cut, rate, wires) {
  const sizes = []
  for (let part = cut.cut(rate, wires); part; part = cut.cut(rate, wires)) sizes.push(part.size)
  const { parts, urls } = cut
  assert.ok(parts.every(({ number, url }) => url === `u${number}`))
  assert.ok(parts.every((part, i) => part.start === (parts[i - 1]?.end ?? 0)))
  assert.ok(parts.every((part, i) => part.number > (parts[i - 1]?.number ?? 0)))
  assert.ok(parts.slice(0, -1).every(({ size }) => size >= LEAST))
  assert.equal(parts.at(-1)?.end, cut.size)
  assert.ok(parts.length <= urls.length)
  return sizes.map((size) => Math.round(size / MIB))
}

test("parts begin at 16 MiB, and small ones at the end let all wires end together", () => {
  assert.deepEqual(
    all(cutter(200 * MIB), 0, 4),
    [16, 16, 16, 16, 16, 16, 16, 16, 16, 14, 10, 8, 6, 5, 5, 5, 3],
  )
})

test("a part takes some seconds at the rate of a wire, within limits", () => {
  assert.equal(cutter(2000 * MIB).cut(MIB, 3)?.size, LEAST)
  assert.equal(cutter(2000 * MIB).cut(5 * MIB, 3)?.size, 20 * MIB)
  assert.equal(cutter(2000 * MIB).cut(500 * MIB, 3)?.size, 64 * MIB)
})

test("the URLs suffice, however small the parts might be and whatever happened before", () => {
  for (const [size, urls, rate] of [
    [2_000_000_000, 382, 1],
    [2_000_000_000, 10, 1],
    [2_147_483_648, 410, 1],
    [11_723_249, 3, 0],
    [6 * MIB, 1, 0],
  ])
    all(cutter(size, [], urls), rate, 5)
  const cut = cutter(1000 * MIB, [], 60)
  for (let i = 0; i < 5; i += 1) cut.cut(100 * MIB, 5)
  all(cut, 1, 5)
})

test("where the plan has all parts nothing is left to cut", () => {
  const cut = cutter(12 * MIB, [
    [1, 0, 5 * MIB, '"a"'],
    [2, 5 * MIB, 10 * MIB, null],
    [3, 10 * MIB, 12 * MIB, null],
  ])
  assert.deepEqual([cut.left, cut.cut(0, 3)], [0, null])
  assert.deepEqual(
    cut.parts.map(({ status }) => status),
    ["done", "waiting", "waiting"],
  )
})

test("a gap between parts that are there gets as many parts as it has numbers, and the end is cut anew", () => {
  const cut = cutter(100 * MIB, [
    [2, 16 * MIB, 32 * MIB, '"b"'],
    [6, 53 * MIB, 60 * MIB, '"f"'],
  ])
  assert.deepEqual(
    cut.parts.map(({ number, size, etag }) => [number, size / MIB, etag]),
    [
      [1, 16, null],
      [2, 16, '"b"'],
      [3, 7, null],
      [4, 7, null],
      [5, 7, null],
      [6, 7, '"f"'],
    ],
  )
  assert.deepEqual(all(cut, 0, 2), [16, 12, 6, 5, 1])
})

test("a part that does not fit to those before is sent again", () => {
  const cut = cutter(40 * MIB, [
    [1, 0, 8 * MIB, '"a"'],
    [2, 10 * MIB, 20 * MIB, '"gap without a number"'],
    [3, 4 * MIB, 20 * MIB, '"overlap"'],
  ])
  assert.deepEqual(
    cut.parts.map(({ number }) => number),
    [1],
  )
  all(cut, 0, 2)
})

test("a file whose plan leaves the cutting to the browser is sent to its end, and told as it was cut", async () => {
  const desk = new UploadDesk({ parallel: 2 })
  const transfer = await desk.send(file(7), { parts: [] })
  assert.equal(desk.wire.length, 2)
  assert.deepEqual([transfer.isCut, transfer.left], [false, 7 * PART])
  desk.wire[0].onProgress(desk.wire[0].size)
  assert.equal(transfer.isOut, false)
  await desk.storeAll()
  assert.equal(transfer.state, "completing")
  const rows = transfer.parts.map(({ number, start, end }) => [number, start, end])
  assert.deepEqual(
    desk.events.at(-1).parts,
    rows.map((row) => [...row, `"etag-${row[0]}"`]),
  )
  assert.equal(rows.at(-1)?.[2], 7 * PART)
})

test("a pause keeps what was cut; more is cut when it goes on", async () => {
  const desk = new UploadDesk({ parallel: 1 })
  const transfer = await desk.send(file(7), { parts: [] })
  desk.queue.pause(transfer.id)
  await rest()
  const [{ number, end }] = transfer.parts
  desk.queue.resume(transfer.id)
  await desk.storeAll()
  assert.deepEqual([transfer.parts[0].number, transfer.parts[0].end], [number, end])
  assert.equal(transfer.state, "completing")
})
