// What a person is told of an upload on its way: how much is sent, how fast, and how long it takes.

import assert from "node:assert/strict"
import { test } from "node:test"

import { setOnline } from "./browser_in_node.js"
import { Speed } from "../../../components/upload/uploader/engine/speed.js"
import { Together } from "../../../components/upload/uploader/engine/together.js"
import { StillClock } from "./still_clock.js"
import { file, PART, UploadDesk } from "./upload_desk.js"

const MB = 1_000_000

/** A line, and how a speed sees what it carries. */
class Line {
  clock = new StillClock()
  speed = new Speed(this.clock)

  /**
   * Let bytes leave in lumps.
   * @param {number} seconds
   * @param {number} rate bytes per second
   * @param {number} every seconds between two lumps
   */
  carry(seconds, rate, every = 0.1) {
    for (let passed = 0; passed < seconds - every / 2; passed += every) {
      this.clock.tick(1000 * every)
      this.speed.moved(rate * every)
    }
  }

  wait(/** @type {number} */ seconds) {
    this.clock.tick(1000 * seconds)
  }

  /** @param {number} expected bytes per second */
  assertRate(expected) {
    const { rate } = this.speed
    assert.ok(rate && Math.abs(rate / expected - 1) < 0.1, `${rate} instead of ${expected}`)
  }
}

test("a rate is there after some seconds, and what the system took at once is no part of it", () => {
  const line = new Line()
  line.speed.moved(4 * MB)
  assert.equal(line.speed.rate, null)
  line.carry(2.5, MB)
  line.assertRate(MB)
})

for (const [kind, rest] of /** @type {const} */ ([
  ["nothing moved for 20 s", 0],
  ["next to nothing moved for 20 s", 1],
])) {
  test(`five seconds after ${kind} the rate is right again`, () => {
    const line = new Line()
    line.carry(60, 2 * MB)
    if (rest) line.carry(20, rest)
    else line.wait(20)
    line.carry(5, 5 * MB)
    line.assertRate(5 * MB)
  })
}

test("a slow line whose system takes bytes in lumps is not taken for one that stands still", () => {
  const line = new Line()
  line.carry(300, 50_000, 33)
  line.assertRate(50_000)
  line.wait(32)
  assert.ok(!line.speed.isQuiet)
  line.wait(80)
  assert.ok(line.speed.isQuiet)
})

test("the time that a store takes to answer counts: a proxy before it may take a part at once", () => {
  const line = new Line()
  for (let part = 0; part < 4; part += 1) {
    line.carry(0.2, 5 * MB)
    line.wait(9.8)
    line.speed.answered()
  }
  line.carry(0.2, 5 * MB)
  line.assertRate(MB / 10)
})

test("the bytes of one PUT move number, rate and time left; the store's word brings the end", async () => {
  const desk = new UploadDesk()
  const transfer = await desk.send(file(1), { kind: "single" })
  for (let sent = PART / 100; sent <= PART / 2; sent += PART / 100) {
    await desk.pass(0.1)
    desk.wire[0].onProgress(sent)
  }
  assert.deepEqual([transfer.sent, transfer.confirmed], [PART / 2, 0])
  assert.equal(Math.round(transfer.rate ?? 0), PART / 10)
  assert.equal(Math.round(transfer.secondsLeft ?? 0), 5)
  desk.wire[0].onProgress(PART)
  assert.deepEqual([transfer.phase, transfer.quiet], ["answering", 0])
  await desk.pass(180)
  assert.deepEqual([transfer.isHeld, Math.round(transfer.quiet)], [true, 180])
  await desk.store()
  assert.deepEqual([transfer.state, transfer.confirmed], ["completing", PART])
})

test("a part that is tried again lowers nothing, and it is told that it goes again", async () => {
  const desk = new UploadDesk({ parallel: 2 })
  const transfer = await desk.send(file(2))
  desk.wire[1].onProgress(PART / 4)
  desk.wire[0].onProgress(PART / 2)
  await desk.store({ status: 500, etag: null, code: "InternalError" })
  assert.deepEqual([transfer.sent, transfer.repeated], [(3 * PART) / 4, 1])
  await desk.pass(1)
  assert.deepEqual(
    [transfer.sent, transfer.left, transfer.repeated],
    [(3 * PART) / 4, (7 * PART) / 4, 1],
    "what is left is told as it is",
  )
  desk.wire[1].onProgress((3 * PART) / 4)
  assert.deepEqual([transfer.sent, transfer.repeated], [PART, 0])
})

test("a pause of one PUT loses its bytes and says so; of an answer that may still come it loses nothing", async () => {
  const desk = new UploadDesk()
  const transfer = await desk.send(file(1), { kind: "single" })
  assert.ok(!transfer.startsAnew)
  desk.wire[0].onProgress(PART / 2)
  desk.queue.pause(transfer.id)
  await desk.pass(0)
  assert.deepEqual([transfer.startsAnew, transfer.sent], [true, PART / 2])
  desk.queue.resume(transfer.id)
  assert.deepEqual([transfer.startsAnew, transfer.repeated], [false, 1])
  await desk.pass(0)
  desk.wire[0].onProgress(PART)
  desk.queue.pause(transfer.id)
  assert.ok(!transfer.startsAnew)
})

test("without a network there is no rate; five seconds after it is back the estimate is right", async () => {
  const desk = new UploadDesk()
  const transfer = await desk.send(file(1), { kind: "single" })
  const carry = async (/** @type {number} */ seconds, /** @type {number} */ rate) => {
    for (let i = 0; i < 10 * seconds; i += 1) {
      await desk.pass(0.1)
      desk.wire[0].onProgress(transfer.parts[0].sent + rate / 10)
    }
  }
  await carry(10, 10)
  setOnline(false)
  try {
    await desk.store({ status: 0, etag: null, code: "network" })
    await desk.pass(20)
    assert.deepEqual([transfer.phase, transfer.rate], ["offline", null])
  } finally {
    setOnline(true)
  }
  await desk.pass(0)
  await carry(5, 40)
  assert.equal(Math.round(transfer.rate ?? 0), 40)
  assert.equal(Math.round(transfer.secondsLeft ?? 0), (PART - 5 * 40) / 40)
})

test("under a rate cap the rate is not more than that", async () => {
  const desk = new UploadDesk({ rateCap: 50 })
  const transfer = await desk.send(file(2))
  assert.deepEqual([transfer.rate, transfer.secondsLeft], [50, (2 * PART) / 50])
})

test("all files together: what is sent, how fast, how long; what was cancelled or waits for a person is no part of it", async () => {
  const desk = new UploadDesk()
  const together = new Together(desk.clock)
  const one = await desk.send(file(1, "one"))
  const [other, cancelled] = desk.queue.add([file(2, "other"), file(4, "cancelled")])
  desk.queue.cancel(cancelled.id)
  for (let i = 1; i <= 50; i += 1) {
    await desk.pass(0.1)
    desk.wire[0].onProgress(i * 10)
    together.look(desk.queue.transfers)
  }
  assert.deepEqual(
    [together.sent, together.confirmed, together.bytes],
    [PART / 2, 0, one.size + other.size],
  )
  assert.equal(Math.round(together.rate ?? 0), 100)
  assert.equal(Math.round(together.secondsLeft ?? 0), 25)
  await desk.pass(20)
  together.look(desk.queue.transfers)
  assert.equal(together.rate, null, "nothing moves")
  desk.queue.pause(one.id)
  together.look(desk.queue.transfers)
  assert.equal(together.secondsLeft, null)
})
