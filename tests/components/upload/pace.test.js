import assert from "node:assert/strict"
import { test } from "node:test"

import { Pace, RateCap } from "../../../components/upload/uploader/engine/sending/pace.js"

test("answers that come together halve the pace once, later ones again, never below one", () => {
  const pace = new Pace()
  const limits = [0, 200, 999, 1000, 2500, 4000].map((now) => {
    pace.slowDown(5, now)
    return pace.limit(5)
  })
  assert.deepEqual(limits, [2, 2, 2, 1, 1, 1])
})

test("every fourth confirmed part in a row raises the pace, up to what is wanted", () => {
  const pace = new Pace()
  pace.slowDown(4, 0)
  const confirm = (/** @type {number} */ times) => {
    for (let i = 0; i < times; i += 1) pace.confirmed(4)
    return pace.limit(4)
  }
  assert.equal(confirm(3), 2)
  pace.failed()
  assert.equal(confirm(3), 2)
  assert.equal(confirm(1), 3)
  assert.equal(confirm(4), 4)
  assert.equal(confirm(20), 4)
})

test("a pace that is back to normal follows what is wanted", () => {
  const pace = new Pace()
  assert.equal(pace.limit(3), 3)
  assert.equal(pace.limit(5), 5)
})

test("under a rate cap the next part waits until the average is low enough", () => {
  const cap = new RateCap()
  assert.equal(cap.wait(2_000_000, 1000), 0)
  cap.started(16_000_000, 1000)
  assert.equal(cap.wait(2_000_000, 2000), 7000)
  assert.equal(cap.wait(2_000_000, 9000), 0)
})

test("a pause under a rate cap saves up nothing", () => {
  const cap = new RateCap()
  assert.equal(cap.wait(2_000_000, 0), 0)
  cap.started(2_000_000, 60_000)
  assert.equal(cap.wait(2_000_000, 60_500), 500)
})

test("a new rate counts from when it was set, and no rate lets everything pass", () => {
  const cap = new RateCap()
  cap.started(500_000_000, 0)
  assert.equal(cap.wait(0, 100), 0)
  assert.equal(cap.wait(1_000_000, 200), 0)
  cap.started(1_000_000, 200)
  assert.equal(cap.wait(1_000_000, 200), 1000)
})
