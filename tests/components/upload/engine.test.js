import assert from "node:assert/strict"
import { test } from "node:test"

import { setOnline } from "./browser_in_node.js"

import { FIRST_ASKED } from "../../../components/upload/uploader/engine/queue.js"
import { MOST_WIRES } from "../../../components/upload/uploader/engine/sending/wires.js"
import { ENDS, MOVES } from "../../../components/upload/uploader/engine/states.js"
import { keepUnsent } from "../../../components/upload/uploader/engine/unsent.js"
import { rest } from "./still_clock.js"
import { file, movesSeen, PART, UploadDesk } from "./upload_desk.js"

/** @import { Transfer } from "../../../components/upload/uploader/engine/transfer.js" */

const LINK = { url: "https://store/a", deadline: 1_800_003_600, content_type: "", image: false }
const NETWORK = { status: 0, etag: null, code: "network" }
const refused = (/** @type {number} */ status, code = "", message = "") => ({
  status,
  etag: null,
  code,
  message,
})
const kinds = (/** @type {UploadDesk} */ desk) => desk.events.map(({ kind }) => kind)
const statuses = (/** @type {Transfer} */ { parts }) => parts.map(({ status }) => status)

/** A record of two parts, one of which the store has, as another window left it. */
function record(fields = {}) {
  return {
    id: "r1",
    name: "a.mov",
    size: 2 * PART,
    modified: 1000,
    state: /** @type {const} */ ("planned"),
    deadline: 1_800_003_600,
    parts_total: 2,
    parts_done: 1,
    bytes_done: PART,
    holder: "another",
    heard: 0,
    link: null,
    ...fields,
  }
}

/** A desk whose server remembers that record. */
async function deskWithRecord(fields = {}, settings = {}) {
  const desk = new UploadDesk(settings)
  desk.records = [record(fields)]
  await desk.queue.remembered.refresh()
  return desk
}

/** A transfer in each state that is no end. */
const AT = {
  queued: async (/** @type {UploadDesk} */ desk) => {
    for (let i = 0; i < 5; i += 1) await desk.send(file(1, `before-${i}`))
    const [transfer] = desk.queue.add([file()])
    await desk.plan(transfer)
    return transfer
  },
  planning: async (/** @type {UploadDesk} */ desk) => {
    const [transfer] = desk.queue.add([file()])
    await desk.asked(transfer)
    return transfer
  },
  sending: (/** @type {UploadDesk} */ desk) => desk.send(),
  paused: async (/** @type {UploadDesk} */ desk) => {
    const transfer = await desk.send()
    desk.queue.pause(transfer.id)
    return transfer
  },
  completing: async (/** @type {UploadDesk} */ desk) => {
    const transfer = await desk.send()
    await desk.storeAll()
    return transfer
  },
}

test("a file is planned, sent, completed and done; the next is asked for with it", async () => {
  const desk = new UploadDesk()
  const [one, other] = desk.queue.add([file(2, "one"), file(1, "other")])
  assert.deepEqual([one.state, other.state], ["planning", "planning"])
  await desk.plan(one)
  assert.deepEqual([one.state, one.phase, desk.wire.length], ["sending", "sending", 1])
  desk.wire[0].onProgress(PART / 2)
  assert.deepEqual([one.onTheWay, one.confirmed], [PART / 2, 0])
  desk.wire[0].onProgress(PART)
  await desk.store()
  assert.deepEqual([one.confirmed, one.phase], [PART, "sending"])
  desk.wire[0].onProgress(PART)
  assert.equal(one.phase, "answering")
  await desk.store()
  assert.equal(one.state, "completing")
  assert.deepEqual(desk.events.at(-1).parts, [
    [1, 0, PART, '"etag-1"'],
    [2, PART, 2 * PART, '"etag-2"'],
  ])
  await desk.answer(one, { link: LINK })
  assert.equal(one.state, "done")
  await desk.plan(other)
  assert.equal(other.state, "sending")
  assert.deepEqual(
    desk.events.filter(({ kind }) => kind === "plan").map(({ ids }) => ids),
    [[one.id, other.id], [other.id]],
  )
})

test("many files are asked for in two requests at once, the first of which is small", async () => {
  const desk = new UploadDesk()
  const files = desk.queue.add(Array.from({ length: 40 }, (_, i) => file(1, `${i}`)))
  await desk.asked(files[FIRST_ASKED])
  const both = FIRST_ASKED + 20
  assert.deepEqual(
    desk.asking.map(({ ids }) => ids),
    [files.slice(0, FIRST_ASKED), files.slice(FIRST_ASKED, both)].map((some) =>
      some.map(({ id }) => id),
    ),
  )
  assert.deepEqual(new Set(files.slice(both).map(({ state }) => state)), new Set(["queued"]))
})

test("links of a large file are not asked for while those of the one before it come", async () => {
  const desk = new UploadDesk()
  const large = file((65 * 1024 * 1024) / PART)
  const [first, second] = desk.queue.add([large, large])
  await desk.asked(first)
  await rest()
  assert.deepEqual([first.state, second.state], ["planning", "queued"])
})

test("several files are on their way at once, five parts of all of them and no more", async () => {
  const desk = new UploadDesk({ parallel: 3 })
  const [big, ...small] = desk.queue.add([file(9, "big"), file(1, "b"), file(1, "c"), file(1, "d")])
  for (const transfer of [big, ...small]) await desk.plan(transfer)
  assert.deepEqual(
    [big, ...small].map(({ state, sender }) => [state, sender?.busy]),
    [
      ["sending", 3],
      ["sending", 1],
      ["sending", 1],
      ["queued", 0],
    ],
  )
  desk.queue.pause(big.id)
  await rest()
  assert.deepEqual([small[2].state, desk.wire.length], ["sending", 3])
})

test("with a rate cap one part of all files goes at a time", async () => {
  const desk = new UploadDesk({ parallel: 3, rateCap: PART })
  const [one, other] = desk.queue.add([file(2, "one"), file(1, "other")])
  await desk.plan(one)
  await desk.plan(other)
  assert.equal(desk.wire.length, 1)
  for (let i = 0; i < 3; i += 1) {
    await desk.store()
    await desk.pass(10)
    assert.ok(desk.wire.length <= 1)
  }
  assert.deepEqual([one.state, other.state], ["completing", "completing"])
})

test("a rate cap holds for all files together, those in one PUT too", async () => {
  const desk = new UploadDesk({ rateCap: PART })
  const files = desk.queue.add(["a", "b", "c"].map((name) => file(1, name)))
  for (const transfer of files) await desk.plan(transfer, { kind: "single", link: LINK })
  const sent = () => files.filter(({ state }) => state === "done").length
  await desk.storeAll()
  assert.deepEqual([sent(), desk.wire.length], [1, 0])
  await desk.pass(1)
  await desk.storeAll()
  assert.deepEqual([sent(), desk.wire.length], [2, 0])
  await desk.pass(1)
  await desk.storeAll()
  assert.equal(sent(), 3)
})

test("small files pass a large one: it leaves them a wire, and they are planned meanwhile", async () => {
  const desk = new UploadDesk({ parallel: MOST_WIRES })
  const [big, ...small] = desk.queue.add([file(20, "big"), file(1, "a"), file(1, "b")])
  await desk.plan(big)
  assert.equal(desk.wire.length, MOST_WIRES - 1)
  for (const transfer of small) await desk.plan(transfer, { kind: "single", link: LINK })
  assert.deepEqual([small[0].state, big.sender?.busy], ["sending", MOST_WIRES - 1])
  for (let i = 0; i < 2 * MOST_WIRES; i += 1) await desk.store()
  assert.deepEqual(
    [big.state, ...small.map(({ state }) => state), big.sender?.busy],
    ["sending", "done", "done", MOST_WIRES],
  )
})

test("the last byte of a file on the way is drawn at once, the answer to a small one with the others", async () => {
  const desk = new UploadDesk({ parallel: 2 })
  let draws = 0
  desk.queue.listen(() => (draws += 1))
  const files = desk.queue.add(["a", "b"].map((name) => file(1, name)))
  for (const transfer of files) await desk.plan(transfer, { kind: "single", link: LINK })
  const drawn = async () => {
    desk.queue.repaint(true)
    await desk.pass(0.01)
    draws = 0
  }
  const [small, large] = desk.wire
  await drawn()
  small.onProgress(PART) // as a whole
  small.answer({ status: 200, etag: '"a"' })
  await desk.pass(0.01)
  assert.deepEqual([files[0].state, draws], ["done", 0])
  await drawn()
  large.onProgress(1)
  await desk.pass(0.01)
  assert.equal(draws, 0)
  large.onProgress(PART)
  await desk.pass(0.01)
  assert.equal(draws, 1)
})

test("small files are completed together: once no more are on their way, and every 5 s until then", async () => {
  const desk = new UploadDesk()
  const files = desk.queue.add(["a", "b", "c", "d"].map((name) => file(1, name)))
  for (const transfer of files) await desk.plan(transfer, { kind: "single", link: LINK })
  const [a, b, c, d] = files.map(({ id }) => id)
  const completed = () =>
    desk.events.filter(({ kind }) => kind === "complete").map(({ ids }) => ids)
  await desk.store()
  await desk.store()
  assert.deepEqual(
    [files.map(({ state }) => state), completed()],
    [["done", "done", "sending", "sending"], []],
  )
  await desk.pass(5)
  assert.deepEqual(completed(), [[a, b]])
  await desk.storeAll()
  assert.deepEqual(completed(), [
    [a, b],
    [c, d],
  ])
})

test("an app that is away is asked again until it is there, and nobody fails meanwhile", async () => {
  const desk = new UploadDesk()
  desk.appStatus = 502
  const [transfer] = desk.queue.add([file()])
  for (let i = 0; i < 100 && !desk.queue.app.away; i += 1) await rest()
  assert.deepEqual([transfer.state, transfer.phase], ["planning", "away"])
  await desk.pass(300)
  desk.appStatus = 401
  await desk.pass(20)
  assert.deepEqual([transfer.state, transfer.phase], ["planning", "signed-out"])
  desk.appStatus = 200
  desk.queue.meet()
  await desk.plan(transfer)
  assert.deepEqual([transfer.state, desk.queue.app.away], ["sending", false])
})

test("links that were asked for before go to one file, the first", async () => {
  const desk = new UploadDesk({ slot: "s1" })
  const [one] = desk.queue.add([file(1, "a"), file(1, "b")])
  await desk.asked(one)
  assert.deepEqual(
    desk.events[0].files.map((/** @type {any} */ { slot }) => slot),
    ["s1", null],
  )
})

test("what went in one PUT is done when the store has it; what Python finds later ends it all the same", async () => {
  const desk = new UploadDesk()
  const transfer = await desk.send(file(1), { kind: "single", link: LINK })
  await desk.storeAll()
  assert.deepEqual([transfer.state, transfer.link, kinds(desk).at(-1)], ["done", LINK, "complete"])
  const checked = { ...LINK, content_type: "text/plain" }
  await desk.answer(transfer, { link: checked })
  assert.deepEqual([transfer.state, transfer.link], ["done", checked])

  const other = await desk.send(file(1, "b.mov"), { kind: "single", link: LINK })
  await desk.storeAll()
  await desk.answer(other, { error: { code: "size-mismatch", text: "In words." } })
  assert.deepEqual([other.state, other.link, other.error?.text], ["failed", null, "In words."])
  desk.queue.retry(other.id)
  await rest()
  assert.deepEqual([other.state, kinds(desk).at(-1)], ["done", "complete"])
})

test("what waits to be completed is told of with its completion, in no report before", async () => {
  const desk = new UploadDesk()
  const files = desk.queue.add([file(1, "a"), file(1, "b")])
  for (const transfer of files) await desk.plan(transfer, { kind: "single", link: LINK })
  await desk.store()
  await desk.pass(3)
  assert.deepEqual(desk.reports, [])
  await desk.pass(3)
  const [told] = desk.events.filter(({ kind }) => kind === "complete")
  assert.deepEqual([told.ids, told.tries.length], [[files[0].id], 1])
})

test("who leaves before Python has looked has it told", async () => {
  const desk = new UploadDesk()
  const transfer = await desk.send(file(1), { kind: "single", link: LINK })
  await desk.storeAll()
  window.dispatchEvent(new Event("pagehide"))
  await rest()
  const told = desk.beacons.filter(({ url }) => url === "/transfers/complete")
  assert.deepEqual(
    told.map(({ body }) => body.files[0].id),
    [transfer.id],
  )
})

test("who signs out waits until Python has looked at what was sent, for three seconds at most", async () => {
  const desk = new UploadDesk()
  const transfer = await desk.send(file(1), { kind: "single", link: LINK })
  await desk.storeAll()
  const order = /** @type {string[]} */ ([])
  const left = desk.queue.leave().then(() => order.push("left"))
  await rest()
  order.push("answered")
  for (let asked = 0; asked < 2; asked += 1) await desk.answer(transfer, { link: { ...LINK } })
  await left
  assert.deepEqual([order, transfer.isKept], [["answered", "left"], true])

  await desk.send(file(1, "b.mov"), { kind: "single", link: LINK })
  await desk.storeAll()
  const leftWithout = desk.queue.leave()
  await desk.pass(3)
  await leftWithout
})

test("what was completed already is done as soon as the app says so", async () => {
  const desk = new UploadDesk()
  const transfer = await AT.planning(desk)
  await desk.answer(transfer, { link: LINK })
  assert.deepEqual([transfer.state, transfer.link], ["done", LINK])
})

test("what was chosen and not begun is named once after the page was left, to its owner only", async () => {
  const desk = new UploadDesk()
  const [begun] = desk.queue.add([file(1, "begun"), file(1, "waits")])
  await desk.plan(begun)
  window.dispatchEvent(new Event("pagehide"))
  const names = new UploadDesk().queue.unsent?.names
  assert.deepEqual(names, ["waits"])
  assert.equal(new UploadDesk().queue.unsent, null)
  keepUnsent({ owner: "ann", names: ["waits"] })
  const later = new UploadDesk()
  assert.deepEqual(later.queue.unsent?.names, ["waits"])
  later.say("bob")
  assert.equal(later.queue.unsent, null)
})

test("what has ended can be cleared away, and brought back until the app forgets it", async () => {
  const desk = new UploadDesk()
  const transfer = await desk.send(file(1))
  await desk.storeAll()
  desk.queue.clear([transfer.id])
  assert.deepEqual(desk.queue.transfers, [transfer])
  await desk.answer(transfer, { link: LINK })
  desk.queue.clear([transfer.id])
  await rest()
  assert.deepEqual([desk.queue.transfers, kinds(desk).includes("forget")], [[], false])
  desk.queue.undoClear()
  assert.deepEqual([desk.queue.transfers, desk.queue.cleared], [[transfer], null])
  desk.queue.clear([transfer.id])
  await desk.clock.pass(30_000)
  assert.deepEqual([desk.queue.transfers, kinds(desk).at(-1)], [[], "forget"])
  desk.queue.undoClear()
  assert.deepEqual(desk.queue.transfers, [])
})

test("what was cleared is forgotten when the page goes", async () => {
  const desk = new UploadDesk()
  const transfer = await desk.send(file(1))
  await desk.storeAll()
  await desk.answer(transfer, { link: LINK })
  desk.queue.clear([transfer.id])
  window.dispatchEvent(new Event("pagehide"))
  await rest()
  const { url, body } = desk.beacons.at(-1) ?? {}
  assert.deepEqual([url, body.ids], ["/transfers/forget", [transfer.id]])
})

test("all that has not ended is cancelled at once, and the app told of it once", async () => {
  const desk = new UploadDesk()
  const done = await desk.send(file(1))
  await desk.storeAll()
  await desk.answer(done, { link: LINK })
  const going = await desk.send(file(2, "b"))
  const [waiting] = desk.queue.add([file(2, "c")])
  desk.queue.cancelAll()
  await rest()
  assert.deepEqual(
    [done, going, waiting].map(({ state }) => state),
    ["done", "cancelled", "cancelled"],
  )
  const told = desk.events.filter(({ kind }) => kind === "cancel")
  assert.deepEqual(
    told.map(({ ids }) => ids),
    [[waiting.id, going.id]],
  )
})

test("files that are added once all have ended are counted for themselves", async () => {
  const desk = new UploadDesk()
  const first = await desk.send(file(1))
  assert.deepEqual(desk.queue.batch, [first])
  const [beside] = desk.queue.add([file(1, "b")])
  assert.deepEqual(desk.queue.batch, [first, beside])
  desk.queue.cancelAll()
  const [second] = desk.queue.add([file(1, "c")])
  assert.deepEqual(desk.queue.batch, [second])
})

test("with SHA-256 asked for, Python is told of the end with the digest", async () => {
  const desk = new UploadDesk({ sha256: true, checkParts: true })
  const transfer = await desk.send()
  await desk.storeAll()
  await desk.asked(transfer)
  for (let i = 0; i < 100 && !transfer.sha256; i += 1) await rest()
  await rest()
  assert.match(desk.events.at(-1).sha256, /^[0-9a-f]{64}$/)
})

test("a pause takes from the wire what is not out yet; the rest goes on later, and nothing twice", async () => {
  const desk = new UploadDesk({ parallel: 2 })
  const transfer = await desk.send(file(3))
  desk.wire[0].onProgress(PART) // only its answer is missing
  desk.queue.pause(transfer.id)
  await rest()
  assert.deepEqual([transfer.state, desk.wire.map(({ part }) => part)], ["paused", [1]])
  await desk.store()
  assert.deepEqual(statuses(transfer), ["done", "waiting", "waiting"])
  desk.queue.resume(transfer.id)
  assert.equal(transfer.state, "sending")
  assert.deepEqual(
    desk.wire.map(({ part }) => part),
    [2, 3],
  )
  assert.deepEqual(
    transfer.history.map(({ code }) => code),
    ["stopped", ""],
  )
})

test("who resumes while all connections are in use waits for one", async () => {
  const desk = new UploadDesk()
  const one = await desk.send(file(1, "one"))
  desk.queue.pause(one.id)
  for (let i = 0; i < 5; i += 1) await desk.send(file(1, `other-${i}`))
  desk.queue.resume(one.id)
  assert.equal(one.state, "queued")
  await desk.store()
  assert.equal(one.state, "sending")
})

for (const outcome of [
  refused(408),
  refused(429, "SlowDown"),
  refused(500),
  refused(502),
  refused(503),
  NETWORK,
]) {
  test(`a part that is answered ${outcome.status} ${outcome.code} is sent again after a while`, async () => {
    const desk = new UploadDesk()
    const transfer = await desk.send()
    await desk.store(outcome)
    assert.deepEqual([transfer.phase, statuses(transfer)], ["sending", ["retrying", "waiting"]])
    await desk.pass(0.5)
    assert.deepEqual([statuses(transfer), transfer.parts[0].tries], [["sending", "waiting"], 2])
    await desk.storeAll()
    assert.deepEqual([transfer.state, transfer.error], ["completing", null])
  })
}

test("a store that asks to slow down is kept waiting as long as it says, and gets half as many parts at once", async () => {
  const desk = new UploadDesk({ parallel: 4 })
  const transfer = await desk.send(file(8))
  assert.equal(desk.wire.length, 4)
  await desk.store({ ...refused(503, "SlowDown"), retryAfter: 7 })
  assert.equal(transfer.limit, 2)
  await desk.pass(6.9)
  assert.equal(transfer.parts[0].status, "retrying")
  await desk.pass(0.2)
  assert.notEqual(transfer.parts[0].status, "retrying")
})

test("a pause ends the wait for the next try", async () => {
  const desk = new UploadDesk()
  const transfer = await desk.send()
  await desk.store(refused(503))
  desk.queue.pause(transfer.id)
  await rest()
  assert.deepEqual([transfer.state, statuses(transfer)], ["paused", ["waiting", "waiting"]])
})

test("a part is given up after six tries; who tries again sends only what is missing", async () => {
  const desk = new UploadDesk()
  const transfer = await desk.send()
  await desk.store()
  for (let i = 0; i < 6; i += 1) {
    await desk.store(refused(500, "InternalError"))
    await desk.pass(20)
  }
  assert.deepEqual(
    [transfer.state, transfer.error?.code, statuses(transfer)],
    ["failed", "part-failed", ["done", "failed"]],
  )
  assert.equal(desk.events.at(-1).kind, "fail")
  const told = [...desk.reports, desk.events.at(-1)].flatMap(({ tries }) => tries)
  assert.equal(new Set(told.map(({ part, started }) => `${part} ${started}`)).size, 7)
  await desk.answer(transfer, { error: { code: "part-failed", text: "In words." } })
  assert.equal(transfer.error?.text, "In words.")
  desk.queue.retry(transfer.id)
  await desk.storeAll()
  assert.deepEqual(
    [transfer.state, transfer.parts[0].tries, transfer.error],
    ["completing", 1, null],
  )
})

test("one part alone can be tried again", async () => {
  const desk = new UploadDesk({ parallel: 2 })
  const transfer = await desk.send()
  await desk.store(refused(403, "AccessDenied"))
  await desk.store(refused(403, "AccessDenied"))
  assert.deepEqual([transfer.state, statuses(transfer)], ["failed", ["failed", "waiting"]])
  desk.queue.retryPart(transfer.id, 1)
  assert.equal(transfer.state, "sending")
  await desk.storeAll()
  assert.equal(transfer.state, "completing")
})

test("a store that is away is tried for a minute", async () => {
  const desk = new UploadDesk()
  const transfer = await desk.send()
  const began = desk.clock.now()
  while (transfer.state === "sending") {
    if (desk.wire.length) await desk.store(refused(502))
    await desk.pass(1)
  }
  const seconds = (desk.clock.now() - began) / 1000
  assert.ok(transfer.parts[0].tries >= 6 && seconds >= 60 && seconds < 85, `${seconds} s`)
})

test("an app that takes the parts itself is waited for as long as it is away", async () => {
  const desk = new UploadDesk()
  const transfer = await desk.send()
  desk.appStatus = 502
  await desk.store(NETWORK)
  await desk.pass(5)
  assert.deepEqual([transfer.state, transfer.phase], ["sending", "away"])
  const until = desk.clock.now() + 600_000
  while (desk.clock.now() < until) {
    if (desk.wire.length) await desk.store(NETWORK)
    await desk.pass(1)
  }
  assert.deepEqual([transfer.state, transfer.phase], ["sending", "away"])
  desk.appStatus = 200
  await desk.pass(20)
  assert.equal(transfer.phase, "sending")
  await desk.store(refused(502)) // while it starts; a minute of patience is left from here on
  assert.equal(transfer.state, "sending")
  await desk.pass(20)
  await desk.storeAll()
  assert.equal(transfer.state, "completing")
})

for (const [outcome, code] of /** @type {const} */ ([
  [refused(403, "AccessDenied"), "part-failed"],
  [refused(507, "InsufficientStorage"), "store-full"],
  [refused(0, "unreadable"), "file-changed"],
  [refused(403, "AccessDenied", "Request has expired"), "link-expired"],
  [{ status: 200, etag: null }, "etag-hidden"],
])) {
  test(`what no second try can help ends at once: ${code}`, async () => {
    const desk = new UploadDesk()
    const transfer = await desk.send()
    await desk.store(outcome)
    assert.deepEqual(
      [transfer.state, transfer.error?.code, transfer.parts[0].tries],
      ["failed", code, 1],
    )
  })
}

test("without a network nothing is counted against a part, and it goes on when there is one", async () => {
  const desk = new UploadDesk()
  const transfer = await desk.send()
  setOnline(false)
  try {
    await desk.store(NETWORK)
    await desk.pass(600)
    assert.deepEqual(
      [transfer.state, transfer.phase, transfer.parts[0].tries],
      ["sending", "offline", 1],
    )
  } finally {
    setOnline(true)
  }
  await desk.storeAll()
  assert.deepEqual([transfer.state, transfer.parts[0].strikes.tries], ["completing", 0])
})

test("no part is begun once the links are over; a fresh start takes the transfer's place", async () => {
  const desk = new UploadDesk()
  const transfer = await desk.send(file(), { deadline: desk.clock.appTime() + 60 })
  await desk.pass(61)
  assert.ok(transfer.expired)
  await desk.store()
  assert.deepEqual(
    [transfer.state, transfer.error?.code, statuses(transfer)],
    ["failed", "link-expired", ["done", "waiting"]],
  )
  desk.queue.restart(transfer.id)
  assert.equal(transfer.state, "cancelled")
  const successor = transfer.successor
  assert.ok(successor)
  assert.deepEqual(desk.queue.transfers, [successor])
  await desk.plan(successor)
  await desk.storeAll()
  assert.equal(successor.state, "completing")
})

test("the time that counts is the app's", async () => {
  const desk = new UploadDesk()
  await rest()
  desk.clock.heard(desk.clock.date() / 1000 + 3600)
  const transfer = await desk.send(file(), { deadline: desk.clock.date() / 1000 + 60 })
  assert.equal(transfer.error?.code, "link-expired")
})

test("a chosen file continues what another window left: only what is missing is sent", async () => {
  const desk = await deskWithRecord()
  desk.queue.adopt("r1", file(2, "renamed.mov"))
  const [transfer] = desk.queue.transfers
  await desk.plan(transfer, {
    parts: [
      [1, 0, PART, '"etag-1"'],
      [2, PART, 2 * PART, null],
    ],
  })
  assert.deepEqual([kinds(desk), statuses(transfer)], [["resume"], ["done", "sending"]])
  assert.deepEqual(desk.queue.records, [])
  await desk.storeAll()
  assert.deepEqual([transfer.state, transfer.history.length], ["completing", 1])
})

test("a file that is not the record's leaves the record as it was, and says so", async () => {
  const desk = await deskWithRecord()
  desk.queue.adopt("r1", file())
  await desk.asked(desk.queue.transfers[0])
  await desk.answer(desk.queue.transfers[0], {
    error: { code: "other-file", text: "Another file." },
  })
  assert.deepEqual([desk.queue.transfers, desk.queue.records[0].error?.code], [[], "other-file"])
})

test("a file that looks like the record's continues it by itself, or is sent afresh if it is another", async () => {
  const desk = await deskWithRecord()
  const [recognised] = desk.queue.add([file()])
  assert.deepEqual([recognised.id, recognised.claim], ["r1", "recognised"])
  await desk.asked(recognised)
  await desk.answer(recognised, { error: { code: "other-file", text: "Another file." } })
  const [afresh] = desk.queue.transfers
  assert.deepEqual(
    [recognised.successor, afresh.claim, afresh.unlike?.code],
    [afresh, null, "other-file"],
  )
})

test("what another window sends at the moment is not taken from it", async () => {
  const desk = await deskWithRecord({ heard: 1_800_000_000 })
  assert.ok(desk.queue.records[0].elsewhere)
  assert.equal(desk.queue.add([file()])[0].claim, null)
})

test("what another window sent whole before it went is completed without its file", async () => {
  const whole = { parts_done: 2, bytes_done: 2 * PART }
  for (const fields of [{}, { heard: 1_800_000_000, ...whole }, { state: "failed", ...whole }])
    assert.deepEqual(kinds(await deskWithRecord(/** @type {any} */ (fields))), [])
  const desk = await deskWithRecord(whole)
  await rest()
  const [asked] = desk.events
  assert.deepEqual([asked.kind, asked.ids, asked.parts], ["complete", ["r1"], []])
  desk.records = [record({ state: "done", link: LINK, ...whole })]
  await desk.answer(/** @type {any} */ ({ id: "r1" }), { link: LINK })
  assert.deepEqual(
    [desk.queue.records, desk.queue.finished.map(({ name }) => name)],
    [[], ["a.mov"]],
  )
  assert.deepEqual(kinds(desk), ["complete"], "asked once")
})

test("what cannot be completed says why on its card", async () => {
  const desk = await deskWithRecord({ parts_done: 2, bytes_done: 2 * PART })
  await desk.answer(/** @type {any} */ ({ id: "r1" }), {
    error: { code: "no-such-upload", text: "It is gone." },
  })
  assert.equal(desk.queue.records[0].error?.code, "no-such-upload")
  assert.deepEqual(kinds(desk), ["complete"], "asked once")
})

test("a window whose transfer another took over stops at once and tells nobody", async () => {
  const desk = new UploadDesk()
  const transfer = await desk.send()
  desk.elsewhere = [transfer.id]
  await desk.store()
  const told = desk.events.length
  await desk.pass(2)
  assert.deepEqual(
    [transfer.state, transfer.lost, transfer.error?.code],
    ["failed", true, "transfer-elsewhere"],
  )
  assert.deepEqual([desk.wire, desk.events.length], [[], told])
  desk.queue.retry(transfer.id)
  assert.equal(transfer.state, "failed")
})

for (const [state, bring] of Object.entries(AT)) {
  test(`somebody else's signing in ends what is ${state}`, async () => {
    const desk = new UploadDesk()
    const transfer = await bring(desk)
    assert.equal(transfer.state, state)
    desk.say("bob")
    await rest()
    assert.deepEqual(
      [transfer.state, transfer.lost, desk.wire, desk.queue.transfers],
      ["failed", true, [], []],
    )
  })
}

for (const state of /** @type {const} */ (["queued", "planning", "sending", "paused"])) {
  test(`what is ${state} can be cancelled`, async () => {
    const desk = new UploadDesk()
    const transfer = await AT[state](desk)
    desk.queue.cancel(transfer.id)
    await rest()
    const parts = statuses(transfer).filter((status) => status !== "cancelled")
    assert.deepEqual([transfer.state, parts, transfer.sender?.busy ?? 0], ["cancelled", [], 0])
    assert.deepEqual([desk.events.at(-1).kind, desk.events.at(-1).ids], ["cancel", [transfer.id]])
  })
}

test("what is being completed cannot be cancelled, and what failed can", async () => {
  const desk = new UploadDesk()
  const transfer = await AT.completing(desk)
  desk.queue.cancel(transfer.id)
  assert.equal(transfer.state, "completing")
  await desk.answer(transfer, { error: { code: "complete-failed", text: "In words." } })
  assert.equal(transfer.state, "failed")
  desk.queue.retry(transfer.id)
  assert.equal(transfer.state, "completing")
  await desk.answer(transfer, { error: { code: "complete-failed", text: "In words." } })
  desk.queue.cancel(transfer.id)
  assert.equal(transfer.state, "cancelled")
})

test("a file that cannot be read any more fails before anything is asked for", async () => {
  const desk = new UploadDesk()
  const source = file()
  source.arrayBuffer = () => Promise.reject(new DOMException("no", "NotReadableError"))
  const [transfer] = desk.queue.add([source])
  for (let i = 0; i < 100 && transfer.state === "planning"; i += 1) await rest()
  assert.deepEqual(
    [transfer.state, transfer.error?.code, kinds(desk)],
    ["failed", "file-changed", ["fail"]],
  )
})

test("Python's refusal ends the planning", async () => {
  const desk = new UploadDesk()
  const transfer = await AT.planning(desk)
  await desk.answer(transfer, { error: { code: "too-large", text: "In words." } })
  assert.deepEqual([transfer.state, transfer.error?.code], ["failed", "too-large"])
})

test("the server hears of each part and each try once, and of life when there is nothing else", async () => {
  const desk = new UploadDesk()
  await desk.send()
  await desk.store()
  await desk.pass(2)
  await desk.pass(11)
  const told = desk.reports.map(({ parts, tries }) => [parts, tries.length])
  assert.deepEqual(told, [
    [[[1, 0, PART, '"etag-1"']], 1],
    [[], 0],
  ])
})

test("the tests above have seen every move of the diagram, and no other", () => {
  const moves = Object.entries(MOVES).flatMap(([from, others]) =>
    others.map((to) => `${from} → ${to}`),
  )
  assert.deepEqual([...movesSeen].sort(), moves.sort())
  for (const end of ["done", "cancelled"]) assert.ok(ENDS.has(/** @type {any} */ (end)))
})
