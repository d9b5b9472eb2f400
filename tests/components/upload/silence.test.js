import assert from "node:assert/strict"
import { test } from "node:test"

import {
  Silence,
  STALLED_AFTER,
  UNANSWERED_AFTER,
} from "../../../components/upload/uploader/engine/sending/silence.js"

const SECOND = 1000

/**
 * A watch on a request, by the clock of the test.
 * @param {import("node:test").TestContext} context
 */
function watched({ mock }) {
  let now = 0
  mock.method(performance, "now", () => now)
  mock.timers.enable({ apis: ["setInterval"] })
  /** @type {string[]} */
  const given = []
  const silence = new Silence(() => given.push(silence.code))
  const pass = (/** @type {number} */ milliseconds) => {
    for (let passed = 0; passed < milliseconds; passed += SECOND) {
      now += SECOND
      mock.timers.tick(SECOND)
    }
  }
  return { silence, given, pass }
}

test("bytes that do not move for two minutes are given up, once", (context) => {
  const { silence, given, pass } = watched(context)
  pass(STALLED_AFTER - SECOND)
  silence.moved()
  pass(STALLED_AFTER - SECOND)
  assert.deepEqual(given, [])
  pass(5 * SECOND)
  assert.deepEqual(given, ["stalled"])
  pass(10 * UNANSWERED_AFTER)
  assert.deepEqual(given, ["stalled"])
})

test("a request that waits for one of the browser's connections to a host is not given up for that", (context) => {
  const { silence, given, pass } = watched(context)
  pass(STALLED_AFTER + SECOND)
  assert.deepEqual(given, [])
  silence.moved()
  pass(STALLED_AFTER + SECOND)
  assert.deepEqual(given, ["stalled"])
})

test("once the last byte is out, an answer may take ten minutes", (context) => {
  const { silence, given, pass } = watched(context)
  pass(50 * SECOND)
  silence.out()
  pass(UNANSWERED_AFTER - SECOND)
  assert.deepEqual(given, [])
  pass(2 * SECOND)
  assert.deepEqual(given, ["unanswered"])
})

test("what the browser says of it again afterwards changes nothing", (context) => {
  const { silence, given, pass } = watched(context)
  silence.out()
  pass(UNANSWERED_AFTER / 2)
  silence.out()
  pass(UNANSWERED_AFTER / 2)
  assert.deepEqual(given, ["unanswered"])
})

test("a request that has ended is watched no more", (context) => {
  const { silence, given, pass } = watched(context)
  silence.stop()
  pass(2 * UNANSWERED_AFTER)
  assert.deepEqual(given, [])
})
