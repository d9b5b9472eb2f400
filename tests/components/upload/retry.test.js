import assert from "node:assert/strict"
import { test } from "node:test"

import {
  asksToSlowDown,
  delayAfter,
  isGivenUp,
  isWorthRetrying,
} from "../../../components/upload/uploader/engine/sending/retry.js"
import { RETRY } from "../../../components/upload/uploader/engine/sending/retry_table.js"

const refused = (/** @type {number} */ status, code = "") => ({ status, code })
const strikes = { tries: RETRY.pageTries, grave: 0, since: 10_000, others: 0 }

test("what may pass is tried again, what will not is not", () => {
  /** @type {[number, string][]} */
  const passing = [
    [0, "network"],
    [0, "stalled"],
    [0, "unanswered"],
    [408, ""],
    [429, ""],
    [500, ""],
    [502, "service-down"],
    [503, "SlowDown"],
    [400, "RequestTimeout"],
    [400, "BadDigest"],
    [200, "etag-mismatch"],
  ]
  /** @type {[number, string][]} */
  const lasting = [
    [507, ""],
    [403, "AccessDenied"],
    [404, "NoSuchUpload"],
    [400, "EntityTooLarge"],
    [0, "unreadable"],
    [200, "etag-hidden"],
  ]
  for (const [status, code] of passing)
    assert.ok(isWorthRetrying({ status, code }), `${status} ${code}`)
  for (const [status, code] of lasting)
    assert.ok(!isWorthRetrying({ status, code }), `${status} ${code}`)
})

test("a part that alone fails has six tries", () => {
  assert.ok(
    !isGivenUp(
      { status: 0, code: "network" },
      { ...strikes, tries: RETRY.pageTries - 1, others: 9 },
      4,
    ),
  )
  assert.ok(isGivenUp({ status: 0, code: "network" }, { ...strikes, others: 5 }, 4))
  assert.ok(isGivenUp({ status: 500, code: "InternalError" }, strikes, 4))
})

test("while nothing comes through at all, a part is tried for a minute", () => {
  for (const status of [0, 429, 502, 503, 504]) {
    assert.ok(!isGivenUp({ status, code: "" }, { ...strikes, since: 59_999, others: 4 }, 4))
    assert.ok(isGivenUp({ status, code: "" }, { ...strikes, since: 60_000 }, 4))
  }
})

test("damaged bytes are sent once more only", () => {
  assert.ok(!isGivenUp({ status: 400, code: "BadDigest" }, { ...strikes, tries: 5, grave: 1 }, 4))
  assert.ok(
    isGivenUp({ status: 200, code: "etag-mismatch" }, { ...strikes, tries: 2, grave: 2 }, 4),
  )
})

test("what is not answered in minutes is sent once more only", () => {
  assert.ok(
    !isGivenUp({ status: 0, code: "unanswered" }, { ...strikes, tries: 1, grave: 1, since: 0 }, 4),
  )
  assert.ok(
    isGivenUp({ status: 0, code: "unanswered" }, { ...strikes, tries: 2, grave: 2, since: 0 }, 4),
  )
})

test("delays have full jitter below a doubling bound, or are what the store asked for", () => {
  for (const [tries, bound] of [
    [1, 500],
    [2, 1000],
    [6, 16_000],
    [9, 20_000],
  ]) {
    const delays = Array.from({ length: 200 }, () => delayAfter(tries, 0))
    assert.ok(
      Math.max(...delays) <= bound &&
        Math.max(...delays) > bound * 0.9 &&
        Math.min(...delays) < bound * 0.1,
    )
  }
  assert.equal(delayAfter(1, 3), 3000)
  assert.equal(delayAfter(1, 3600), 20_000)
})

test("stores ask to slow down by status or by code", () => {
  assert.ok([refused(429), refused(503), refused(400, "SlowDown")].every(asksToSlowDown))
  assert.ok(![refused(500), refused(0), refused(502)].some(asksToSlowDown))
})
