import assert from "node:assert/strict"
import { test } from "node:test"

import { AtOnce, FIRST } from "../../../components/upload/uploader/engine/sending/at_once.js"
import { MOST_WIRES } from "../../../components/upload/uploader/engine/sending/wires.js"
import { rest, StillClock } from "./still_clock.js"
import { file, PART, UploadDesk } from "./upload_desk.js"

/** A line, and the number of parts at once that follows it. */
class Line {
  clock = new StillClock()
  atOnce = new AtOnce()
  total = 0

  /**
   * Send for so long; returns how many parts went at once, whenever that changed.
   * @param {number} seconds
   * @param {(count: number) => number} rate bytes per second that so many parts get
   */
  send(seconds, rate, allBusy = true) {
    const counts = [this.atOnce.count]
    for (let i = 0; i < 10 * seconds; i += 1) {
      this.clock.tick(100)
      this.total += rate(this.atOnce.count) / 10
      this.atOnce.look(allBusy, this.total, this.clock.now())
      if (this.atOnce.count !== counts.at(-1)) counts.push(this.atOnce.count)
    }
    return counts
  }
}

test("as long as one more part brings more there is one more, up to the most", () => {
  const line = new Line()
  assert.deepEqual(
    line.send(60, (count) => 1000 * count),
    [FIRST, FIRST + 1, MOST_WIRES],
  )
})

test("one more that brings nothing is taken away again, and not tried anew", () => {
  const line = new Line()
  assert.deepEqual(
    line.send(60, () => 5000),
    [FIRST, FIRST + 1, FIRST],
  )
})

test("a line that becomes faster is tried with one more", () => {
  const line = new Line()
  line.send(30, () => 5000)
  assert.equal(line.send(30, () => 9000)[1], FIRST + 1)
})

test("nothing is concluded while fewer parts are busy, or from the time before", () => {
  const line = new Line()
  assert.deepEqual(
    line.send(60, () => 9000, false),
    [FIRST],
  )
  assert.deepEqual(
    line.send(2, () => 9000),
    [FIRST],
  )
  assert.deepEqual(
    line.send(2, () => 9000),
    [FIRST, FIRST + 1],
  )
})

test("what a system takes at once is not taken for the rate", () => {
  const line = new Line()
  line.send(0.5, () => 1_000_000)
  assert.deepEqual(
    line.send(60, (count) => 1000 * count),
    [FIRST, FIRST + 1, MOST_WIRES],
  )
})

test("a transfer whose number is left to the line follows it; a chosen number stays", async () => {
  for (const [parallel, expected] of /** @type {const} */ ([
    [null, MOST_WIRES],
    [2, 2],
  ])) {
    const desk = new UploadDesk({ parallel })
    const transfer = await desk.send(file(20))
    assert.equal(desk.wire.length, parallel ?? FIRST)
    for (let seconds = 0; seconds < 20; seconds += 1) {
      await desk.pass(1)
      for (const request of desk.wire)
        request.onProgress(Math.min(0.9 * PART, 0.04 * PART * (seconds + 1)))
      await rest()
    }
    assert.deepEqual([desk.wire.length, transfer.parallel], [expected, expected])
  }
})
