// What is not known of a store yet is learnt by the parts that are out, side by side.

import assert from "node:assert/strict"
import { test } from "node:test"

import { rest } from "./still_clock.js"
import { file, PART, UploadDesk } from "./upload_desk.js"

/**
 * @import { Plan, Settings, Transfer } from "../../../components/upload/uploader/engine/transfer.js"
 * @import { Request } from "./upload_desk.js"
 */

const AT_ONCE = 4
const NETWORK = { status: 0, etag: null, code: "network" }
const FORBIDDEN = { status: 403, etag: null, code: "AccessDenied" }
const BUCKET = "https://bucket.example"
const ALL = [1, 2, 3, 4, 5, 6, 7, 8]

/** Eight parts to a store that nothing is known of, with the first four on the wire. */
class Upload {
  /** @type {Request[]} */
  sent = []

  /** @param {Partial<Settings>} settings */
  constructor(settings) {
    this.desk = new UploadDesk({ parallel: AT_ONCE, ...settings })
    const { put } = this.desk
    this.desk.put = (url, blob, sending) => {
      const answer = put.call(this.desk, url, blob, sending)
      this.sent.push(this.desk.wire[this.desk.wire.length - 1])
      return answer
    }
  }

  /** @param {Partial<Plan>} plan */
  async begin(plan = {}) {
    this.transfer = await this.desk.send(file(ALL.length), plan)
    for (let i = 0; i < 100 && this.desk.wire.length < AT_ONCE; i += 1) await rest()
    assert.deepEqual(this.parts(this.desk.wire), [1, 2, 3, 4])
    return this.transfer
  }

  /** The store that all this is about: what it answers to each request, until there are no more. */
  async answer(/** @type {(request: Request) => object} */ store) {
    for (let i = 0; i < 100; i += 1) {
      for (const request of [...this.desk.wire])
        request.answer({ status: 200, etag: `"etag-${request.part}"`, ...store(request) })
      await rest()
    }
  }

  parts(/** @type {Request[]} */ requests) {
    return requests.map(({ part }) => part)
  }

  /** How often each part went. */
  get times() {
    return ALL.map((part) => this.sent.filter((request) => request.part === part).length)
  }
}

const isChecked = (/** @type {Request} */ { headers }) => "Content-MD5" in headers
const isDirect = (/** @type {Request} */ { url }) => url.startsWith(BUCKET)
const strikes = (/** @type {Transfer} */ { parts }) => parts.map((part) => part.strikes.tries)
const TO_A_BUCKET = { urls: ALL.map((part) => `${BUCKET}/${part}`) }

test("a store that refuses Content-MD5 gets the parts that were out once more, and the others without", async () => {
  const upload = new Upload({ checkParts: true })
  const transfer = await upload.begin()
  assert.ok(upload.sent.every(isChecked))
  await upload.answer((request) => (isChecked(request) ? FORBIDDEN : {}))
  assert.equal(transfer.state, "completing")
  assert.deepEqual(upload.times, [2, 2, 2, 2, 1, 1, 1, 1])
  assert.deepEqual(upload.parts(upload.sent.filter(isChecked)), [1, 2, 3, 4])
  assert.deepEqual(strikes(transfer), [0, 0, 0, 0, 0, 0, 0, 0])
})

test("a store that takes Content-MD5 gets every part with it, and once", async () => {
  const upload = new Upload({ checkParts: true })
  const transfer = await upload.begin()
  await upload.answer(() => ({}))
  assert.deepEqual([transfer.state, upload.times], ["completing", [1, 1, 1, 1, 1, 1, 1, 1]])
  assert.ok(upload.sent.every(isChecked))
})

test("a part that was refused by accident does not leave the others unchecked", async () => {
  const upload = new Upload({ checkParts: true })
  const transfer = await upload.begin()
  const [first, second] = upload.sent
  first.answer(NETWORK)
  await rest()
  assert.ok(!isChecked(upload.sent[AT_ONCE]), "it may have been the header")
  await upload.desk.wire[AT_ONCE - 1].answer({ status: 200, etag: '"etag-1"' })
  await rest()
  second.answer({ status: 200, etag: '"etag-2"' })
  await rest()
  await upload.answer(() => ({}))
  assert.equal(transfer.state, "completing")
  const unchecked = upload.parts(upload.sent.filter((request) => !isChecked(request)))
  assert.deepEqual(unchecked, [1, 5], "5 began in between")
})

test("a store that lets no page in gets the parts that were out through the relay, and nobody's tries count", async () => {
  const upload = new Upload({ checkParts: true })
  const transfer = await upload.begin(TO_A_BUCKET)
  await upload.answer((request) => (isDirect(request) ? NETWORK : {}))
  assert.deepEqual([transfer.state, transfer.route], ["completing", "relay"])
  assert.deepEqual(upload.times, [2, 2, 2, 2, 1, 1, 1, 1])
  assert.deepEqual(upload.parts(upload.sent.filter(isDirect)), [1, 2, 3, 4])
  assert.ok(upload.sent.every((request) => isDirect(request) || isChecked(request)))
  assert.deepEqual(strikes(transfer), [0, 0, 0, 0, 0, 0, 0, 0])
})

test("while the route is not known, parts go without a header that CORS may forbid, and later ones with it", async () => {
  const upload = new Upload({ checkParts: true })
  const transfer = await upload.begin(TO_A_BUCKET)
  await upload.answer(() => ({}))
  assert.deepEqual([transfer.route, upload.times], ["direct", [1, 1, 1, 1, 1, 1, 1, 1]])
  assert.deepEqual(upload.parts(upload.sent.filter(isChecked)), [5, 6, 7, 8])
})

test("once a part has got through, one that does not is tried again as ever", async () => {
  const upload = new Upload({})
  const transfer = await upload.begin(TO_A_BUCKET)
  const [first, second] = upload.sent
  first.answer({ status: 200, etag: '"etag-1"' })
  await rest()
  second.answer(NETWORK)
  await rest()
  assert.deepEqual([transfer.parts[1].status, strikes(transfer)[1]], ["retrying", 1])
  assert.ok(upload.sent.every(isDirect))
})

test("what ends in the middle of its bytes was an outage, not a refusal", async () => {
  const upload = new Upload({})
  const transfer = await upload.begin(TO_A_BUCKET)
  upload.sent[0].onProgress(PART / 2)
  upload.sent[0].answer(NETWORK)
  await rest()
  assert.deepEqual([transfer.parts[0].status, transfer.route], ["retrying", null])
  assert.ok(upload.sent.every(isDirect))
})
