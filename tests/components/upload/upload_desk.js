// A queue with all that it talks to, in the hands of a test: the store, the app and the clock.

import "./browser_in_node.js"

import { noAnswer } from "../../../components/upload/uploader/engine/sending/put.js"
import { Queue } from "../../../components/upload/uploader/engine/queue.js"
import { rest, StillClock } from "./still_clock.js"

/**
 * @import { Outcome, Sending } from "../../../components/upload/uploader/engine/sending/put.js"
 * @import { Answer } from "../../../components/upload/uploader/engine/asking.js"
 * @import { RecordFields } from "../../../components/upload/uploader/engine/records.js"
 * @import { Plan, Settings, Transfer } from "../../../components/upload/uploader/engine/transfer.js"
 *
 * @typedef {Sending & { url: string, part: number, size: number, answer: (outcome: Partial<Outcome>) => void }} Request
 */

export const PART = 1000 // bytes
/** Every move of a transfer from one state to another, as "from → to", of all the tests of a process. */
export const movesSeen = new Set()

/** @param {number} parts @param {string} name */
export function file(parts = 2, name = "a.mov") {
  return new File([new Uint8Array(parts * PART)], name, {
    type: "video/quicktime",
    lastModified: 1000,
  })
}

export class UploadDesk {
  clock = new StillClock()
  /** @type {Request[]} */
  wire = [] // PUTs that wait for an answer
  /** @type {any[]} */
  events = [] // what the app was asked, with the fields of its first file
  /** @type {{ ids: string[], respond: (answer: Response) => void }[]} */
  asking = [] // what it has not answered yet
  appStatus = 200
  /** @type {{ url: string, body: any }[]} */
  beacons = [] // what it was told while the page went
  /** @type {any[]} */
  reports = [] // what it was told of each file
  /** @type {string[]} */
  elsewhere = [] // transfers that another window sends
  /** @type {RecordFields[]} */
  records = [] // what the server remembers
  /** @type {Settings} */
  settings

  /** @param {Partial<Settings>} settings */
  constructor(settings = {}) {
    this.settings = {
      parallel: 1,
      route: "automatic",
      rateCap: 0,
      checkParts: false,
      sha256: false,
      connection: "embedded",
      kind: null,
      partSize: null,
      slot: null,
      ...settings,
    }
    this.queue = new Queue({
      put: (url, blob, sending) => this.put(url, blob, sending),
      fetch: (url, options) => this.fetch(String(url), options),
      sendBeacon: (url, body) => {
        body.text().then((text) => this.beacons.push({ url, body: JSON.parse(text) }))
        return true
      },
      clock: this.clock,
    })
    const begin = this.queue.begin.bind(this.queue)
    this.queue.begin = (...how) => watched(begin(...how))
    this.say()
  }

  /** Let time pass. @param {number} seconds */
  pass(seconds) {
    return this.clock.pass(seconds * 1000)
  }

  /** Python's word on how files are sent, for the user who is signed in. */
  say(owner = "ann") {
    this.queue.accept({ owner, ...this.settings })
  }

  /**
   * The app's answer to what it was asked about a transfer; it has none yet about others that were asked
   * for along with it.
   * @param {Transfer} transfer @param {Partial<Answer>} answer
   */
  async answer({ id }, answer) {
    await rest()
    const asked = this.asking.find(({ ids }) => ids.includes(id))
    if (!asked) throw new Error("the app was not asked about this transfer")
    this.asking = this.asking.filter((one) => one !== asked)
    const files = asked.ids.map((other) =>
      other === id ? { id, ...answer } : { id: other, pending: true },
    )
    asked.respond(Response.json({ files }))
    await rest()
  }

  /** Add a file and answer with a plan; returns its transfer, with its first parts on the wire. */
  async send(source = file(), plan = {}) {
    const [transfer] = this.queue.add([source])
    await this.plan(transfer, plan)
    return transfer
  }

  /** @param {Transfer} transfer @param {Partial<Plan>} plan */
  async plan(transfer, plan = {}) {
    await this.asked(transfer)
    const parts = Array.from(
      { length: transfer.size / PART },
      (_, i) => /** @type {const} */ ([i + 1, i * PART, (i + 1) * PART, null]),
    )
    const urls = Array.from({ length: 20 }, (_, i) => `${location.origin}/store/${i + 1}`)
    const deadline = this.clock.appTime() + 3600
    const usual = {
      kind: "multipart",
      contentType: "",
      urls,
      leastPart: PART,
      mostPart: 100 * PART,
      deadline,
      contentMd5: null,
      link: null,
    }
    await this.answer(transfer, { plan: /** @type {any} */ ({ ...usual, parts, ...plan }) })
  }

  /** Wait until the app was asked about a transfer. @param {Transfer} transfer */
  async asked({ id }) {
    for (let i = 0; i < 500 && !this.asking.some(({ ids }) => ids.includes(id)); i += 1)
      await rest()
  }

  /** The store's answer to the PUT that waits longest. @param {Partial<Outcome>} outcome */
  async store(outcome = {}) {
    for (let i = 0; i < 500 && !this.wire.length; i += 1) await rest()
    const request = this.wire.shift()
    if (!request) throw new Error("nothing is on the wire")
    request.answer({ status: 200, etag: `"etag-${request.part}"`, ...outcome })
    await rest()
  }

  /** The store takes every part. */
  async storeAll() {
    await rest()
    while (this.wire.length) await this.store()
  }

  /** @type {import("../../../components/upload/uploader/engine/sending/put.js").Put} */
  put(url, blob, sending) {
    return new Promise((resolve) => {
      const answer = (/** @type {Partial<Outcome>} */ outcome) => {
        this.wire = this.wire.filter((one) => one !== request)
        resolve({ ...noAnswer(""), started: this.clock.date(), ...outcome })
      }
      const part = Number.parseInt(url.split("/").at(-1) ?? "", 10)
      const request = { url, part, size: blob.size, answer, ...sending }
      this.wire.push(request)
      sending.signal.addEventListener("abort", () => answer({ code: "stopped" }))
    })
  }

  /** @param {string} url @param {RequestInit} [options] @returns {Promise<Response>} */
  async fetch(url, options) {
    if (options?.method !== "POST")
      return Response.json({ now: this.clock.date() / 1000, transfers: this.records, parts: [] })
    const body = JSON.parse(String(options.body))
    const kind = url.slice("/transfers/".length)
    if (this.appStatus !== 200) return new Response(null, { status: this.appStatus })
    if (kind === "report") {
      this.reports.push(
        ...body.files.map((/** @type {any} */ file) => ({ ...file, gone: body.gone })),
      )
      return Response.json({ unknown: [], elsewhere: this.elsewhere })
    }
    const ids = body.ids ?? (body.files ?? [body]).map((/** @type {any} */ { id }) => id)
    this.events.push({ ...body, ...body.files?.[0], kind, ids })
    if (body.ids) return new Response(null, { status: 204 })
    return new Promise((respond) => this.asking.push({ ids, respond }))
  }
}

/** Note each move of a transfer. @param {Transfer} transfer */
function watched(transfer) {
  let { state } = transfer
  return Object.defineProperty(transfer, "state", {
    get: () => state,
    set: (next) => {
      if (next !== state) movesSeen.add(`${state} → ${next}`)
      state = next
    },
  })
}
