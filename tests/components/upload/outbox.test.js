import assert from "node:assert/strict"
import { test } from "node:test"

import { Outbox } from "../../../components/upload/uploader/engine/outbox.js"
import { StillClock } from "./still_clock.js"

const SECOND = 1000

/** An outbox whose deliveries are counted by the clock of the test. */
function outbox() {
  globalThis.location = /** @type {any} */ ({ pathname: "/" })
  const timers = new StillClock()
  const made = new Outbox(timers)
  /** @type {string[]} */
  const heard = []
  made.deliver = ({ kind }) => heard.push(kind)
  return { made, heard, timers }
}

test("an event that nobody answers is sent again, each time later, and never given up", () => {
  const { made, heard, timers } = outbox()
  made.post({ kind: "picked" })
  const counts = [4, 2, 8, 2, 20, 40, 80, 80].map((seconds) => {
    timers.tick(seconds * SECOND)
    return heard.length
  })
  assert.deepEqual(counts, [1, 2, 2, 3, 4, 5, 6, 7])
})

test("the next event goes at once when the last is acknowledged, and waits as little as the first", () => {
  const { made, heard, timers } = outbox()
  const name = made.post({ kind: "picked" })
  made.post({ kind: "sent" })
  timers.tick(5 * SECOND)
  timers.tick(10 * SECOND)
  assert.deepEqual(heard, ["picked", "picked", "picked"])
  made.acknowledge(name)
  timers.tick(5 * SECOND)
  assert.deepEqual(heard, ["picked", "picked", "picked", "sent", "sent"])
})

test("an answer to something else does not send what is on its way once more", () => {
  const { made, heard } = outbox()
  made.post({ kind: "picked" })
  made.acknowledge("")
  made.acknowledge("another")
  assert.deepEqual(heard, ["picked"])
})

test("without a tray nothing is sent; a new one gets it at its first word, and the short waits", () => {
  const { made, heard, timers } = outbox()
  made.post({ kind: "picked" })
  timers.tick(5 * SECOND)
  timers.tick(10 * SECOND)
  made.deliver = null
  timers.tick(500 * SECOND)
  assert.equal(heard.length, 3)
  made.deliver = ({ kind }) => heard.push(`${kind} again`)
  made.acknowledge("")
  timers.tick(5 * SECOND)
  assert.deepEqual(heard.slice(3), ["picked again", "picked again"])
})

test("an emptied outbox tells nothing", () => {
  const { made, heard, timers } = outbox()
  made.post({ kind: "picked" })
  made.clear()
  timers.tick(500 * SECOND)
  assert.deepEqual(heard, ["picked"])
})

test("an event that follows a click is held for a moment; one that is out already is not", () => {
  const { made, heard, timers } = outbox()
  made.giveWay()
  made.post({ kind: "picked" })
  timers.tick(0.5 * SECOND)
  assert.deepEqual(heard, [])
  timers.tick(SECOND)
  assert.deepEqual(heard, ["picked"])
  made.giveWay()
  timers.tick(4 * SECOND)
  assert.deepEqual(heard, ["picked"])
  timers.tick(SECOND)
  assert.deepEqual(heard, ["picked", "picked"])
})

test("who leaves for another page is not called back, and the event is told again there", () => {
  const { made, heard, timers } = outbox()
  const name = made.post({ kind: "picked" })
  made.leave()
  made.post({ kind: "sent" })
  made.acknowledge("another")
  timers.tick(4 * SECOND)
  assert.deepEqual(heard, ["picked"])
  timers.tick(10 * SECOND)
  location.pathname = "/requests"
  timers.tick(0.2 * SECOND)
  assert.deepEqual(heard, ["picked"])
  timers.tick(SECOND)
  assert.deepEqual(heard, ["picked", "picked"])
  made.acknowledge(name)
  assert.deepEqual(heard, ["picked", "picked", "sent"])
})

test("an answer that comes while somebody leaves does not bring the next event out", () => {
  const { made, heard, timers } = outbox()
  const name = made.post({ kind: "picked" })
  made.post({ kind: "sent" })
  made.leave()
  made.acknowledge(name)
  assert.deepEqual(heard, ["picked"])
  timers.tick(20 * SECOND)
  assert.deepEqual(heard, ["picked", "sent"])
})
