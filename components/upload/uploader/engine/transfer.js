// One file on its way: its parts, its state, what was tried, what is confirmed.

import { WholeDigest } from "./hashing/digests.js"
import { Closed, Unreadable } from "./hashing/hasher.js"
import { Cutter } from "./sending/cutter.js"
import { Sender } from "./sending/sender.js"
import { Speed } from "./speed.js"
import { ENDS } from "./states.js"

/**
 * @import { Asking } from "./asking.js"
 * @import { Clock } from "./clock.js"
 * @import { Part, Problem } from "./part.js"
 * @import { Outcome, Put } from "./sending/put.js"
 * @import { TransferRecord } from "./records.js"
 * @import { Route, Routes, WantedRoute } from "./sending/routes.js"
 * @import { Wires } from "./sending/wires.js"
 * @import { State } from "./states.js"
 *
 * @typedef {object} Plan as Python makes it
 * @property {"single" | "multipart"} kind
 * @property {string} contentType
 * @property {string[]} urls where part 1, 2 and so on go
 * @property {[number: number, start: number, end: number, etag: string | null][]} parts that are cut
 *   already, with the ETags of those that are there
 * @property {number} leastPart bytes of a part, the last one excepted
 * @property {number} mostPart bytes of a part
 * @property {number} deadline of its links, in seconds since 1970 by the app's clock
 * @property {boolean | null} contentMd5 whether the store takes Content-MD5; null: not known
 * @property {Link | null} link that there is once a single PUT has arrived
 *
 * @typedef {object} Link what a finished transfer brought, as Python tells of it
 * @property {string} url
 * @property {number} deadline when it ends, in seconds since 1970 by the app's clock
 * @property {string} content_type
 * @property {boolean} image whether the background can be removed from it
 *
 * @typedef {object} Try as Python hears of it: times are seconds, `started` since 1970
 * @property {number} part
 * @property {number} size
 * @property {number} started
 * @property {number} seconds
 * @property {number} status
 * @property {string} code
 * @property {string | null} etag
 * @property {string} request_id
 * @property {Route} route
 *
 * @typedef {object} Settings as chosen on the upload page
 * @property {number} parallel parts at once
 * @property {WantedRoute} route
 * @property {number} rateCap bytes per second; 0 for none
 * @property {boolean} checkParts
 * @property {boolean} sha256
 * @property {string} connection name of the endpoint that new files go to
 * @property {"single" | "multipart" | null} kind of new files; null leaves it to their size
 * @property {number | null} partSize bytes, of new files; null leaves it to the app
 * @property {string | null} slot id of links that the next file goes to
 *
 * @typedef {object} Context what a transfer has of its queue
 * @property {Settings} settings
 * @property {Routes} routes
 * @property {Wires} wires
 * @property {Asking} app
 * @property {Put} put
 * @property {Clock} clock
 * @property {(transfer: Transfer, atOnce?: boolean) => void} changed to be drawn soon, or at once
 * @property {(transfer: Transfer, kind: "sent" | "failed" | "cancelled") => void} tell
 *
 * @typedef {object} Beginning how a transfer comes about, where not by a file that is new
 * @property {"adopted" | "recognised" | null} [claim] how it came to continue a record
 * @property {TransferRecord | null} [record] that record
 * @property {boolean} [defaults] sent with default options, whatever is chosen on the upload page
 */

/** @type {ReadonlySet<State>} */
const NEEDS_APP = new Set(["planning", "completing"])

export class Transfer {
  /** @type {State} */
  state = "queued"
  /** @type {Plan | null} */
  plan = null
  /** @type {Part[]} */
  parts = [] // that are cut by now
  /** @type {Cutter | null} */
  cutter = null
  /** @type {Try[]} */
  history = [] // oldest first
  /** @type {Problem | null} */
  error = null
  /** @type {Link | null} */
  link = null // once it is done
  /** @type {Transfer | null} */
  successor = null // the transfer that took its place, if any
  /** @type {string | null} */
  slot = null // the links that were asked for before, if it goes to some
  batch = 0 // of the files that it was added with
  isComparing = false // with what was sent of the record
  /** @type {Problem | null} */
  unlike = null // why it was not taken for an unfinished one of its name, in words for people
  lost = false // to another window, or to somebody else's signing in
  /** @type {Sender | null} */
  sender = null
  /** @type {string | null} */
  md5 = null // of a small file, in hex
  /** @type {string | null} */
  sha256 = null
  waitsForHash = false

  /**
   * @param {string} id
   * @param {File} source
   * @param {Context} context
   * @param {Beginning} beginning
   */
  constructor(
    id,
    source,
    { settings, routes, wires, app, put, clock, changed, tell },
    { claim = null, record = null, defaults = false },
  ) {
    this.id = id
    this.source = source
    this.settings = settings
    this.routes = routes
    this.wires = wires
    this.app = app
    this.put = put
    this.clock = clock
    this.changed = changed
    this.tell = tell
    this.claim = claim
    this.record = record
    this.defaults = defaults
    this.connection = settings.connection // it belongs to the transfer from now on
    this.name = source.name
    this.size = source.size // as chosen: a browser may look at the disk again each time it is asked
    this.modified = source.lastModified ?? 0
    this.whole = new WholeDigest(source, this.size)
    this.speed = new Speed(clock)
  }

  /** Bytes that the store has acknowledged; never falls. */
  get confirmed() {
    return this.parts.reduce((sum, part) => sum + (part.status === "done" ? part.size : 0), 0)
  }

  /** Bytes handed to the network that the store has not acknowledged yet. */
  get onTheWay() {
    return this.parts.reduce((sum, part) => sum + (part.status === "sending" ? part.sent : 0), 0)
  }

  /**
   * Bytes that were out at some time; never falls. A part that is tried again begins anew, but those of
   * its earlier try count until it has come as far: the words beside the number say that it is repeated.
   */
  get sent() {
    return this.parts.reduce((sum, { furthest }) => sum + furthest, 0)
  }

  /** How many parts send bytes again that an earlier try has sent already. */
  get repeated() {
    return this.parts.filter(({ isRepeated }) => isRepeated).length
  }

  /** Whether all that was sent of it is lost: it is one PUT that was stopped on its way. */
  get startsAnew() {
    const [part] = this.parts
    return this.plan?.kind === "single" && part.furthest > 0 && part.status === "waiting"
  }

  /** @returns {[number: number, start: number, end: number, etag: string][]} the parts that are there */
  get arrived() {
    return this.parts.flatMap(({ number, start, end, etag }) =>
      etag ? [[number, start, end, etag]] : [],
    )
  }

  /** Whether no byte is left that is in no part. */
  get isCut() {
    return this.cutter?.left === 0
  }

  /** Bytes per second that leave, or null while there is too little to tell, and while nothing moves. */
  get rate() {
    const { rateCap } = this.settings
    if (this.quiet) return null
    // Under a cap one part goes at full speed and the next waits: the average is what tells of the rest.
    return rateCap > 0 ? Math.min(this.speed.rate ?? rateCap, rateCap) : this.speed.rate
  }

  /** Seconds that the rest takes at this rate, or null while there is too little to tell. */
  get secondsLeft() {
    const { rate } = this
    return rate && this.state === "sending" ? this.left / rate : null
  }

  /** Bytes that are still to be sent, those of a part that begins anew included. */
  get left() {
    return this.size - this.confirmed - this.onTheWay
  }

  /** Seconds for which nothing has moved, although it should; 0 while all is well. */
  get quiet() {
    const isBusy = this.parts.some(({ status }) => status === "sending" || status === "retrying")
    return isBusy && this.state === "sending" && this.speed.isQuiet ? this.speed.quiet : 0
  }

  /** Whether Python has looked at what arrived, and does with it what is asked of it. */
  get isKept() {
    return this.state === "done" && this.link !== this.plan?.link
  }

  /** When the links end, in seconds since 1970 by the app's clock, or null before there are any. */
  get deadline() {
    return this.plan?.deadline ?? null
  }

  get expired() {
    return this.deadline !== null && this.clock.appTime() >= this.deadline
  }

  /** Whether the links end before the rest can be there. */
  get late() {
    const { secondsLeft, deadline } = this
    return (
      secondsLeft !== null && deadline !== null && secondsLeft > deadline - this.clock.appTime()
    )
  }

  /** Whether every byte that is to be sent is out, and only the store's answer is missing. */
  get isOut() {
    const open = this.parts.filter(({ status }) => status !== "done")
    return this.isCut && open.length > 0 && open.every(({ isOut }) => isOut)
  }

  /** Whether every byte on the wire is out, though other parts may wait for their turn. */
  get isHeld() {
    const onTheWire = this.parts.filter(({ status }) => status === "sending")
    return onTheWire.length > 0 && onTheWire.every(({ isOut }) => isOut)
  }

  /**
   * What it is doing, in more words than `state` has: "offline" and "answering" are kinds of "sending",
   * "comparing" is one of "planning"; "away" is said while the app that is needed does not answer, and
   * "signed-out" while nobody is signed in.
   * @returns {State | "offline" | "answering" | "comparing" | "away" | "signed-out"}
   */
  get phase() {
    const { state } = this
    if (NEEDS_APP.has(state) || (state === "sending" && this.isOwn)) {
      if (!navigator.onLine) return "offline"
      if (this.app.away) return "away"
      if (this.app.signedOut) return "signed-out"
    }
    if (state === "planning" && this.isComparing) return "comparing"
    if (state !== "sending") return state
    if (!navigator.onLine) return "offline"
    return this.isOut ? "answering" : "sending"
  }

  /** Whether its bytes go to the app itself. */
  get isOwn() {
    return this.sender !== null && (this.sender.origin.own || this.route === "relay")
  }

  /** Parts at once. */
  get parallel() {
    return this.settings.parallel
  }

  /** Parts at once that the store bears at the moment. */
  get limit() {
    return this.sender?.pace.limit(this.parallel) ?? 1
  }

  get route() {
    return this.sender?.origin.route(this.settings.route) ?? null
  }

  get routeReason() {
    return this.sender?.origin.reason(this.settings.route) ?? null
  }

  /**
   * Take a plan from Python, and wait for a wire.
   * @param {Plan} plan
   */
  take(plan) {
    this.plan = plan
    this.cutter = new Cutter(plan, this.size)
    this.parts = this.cutter.parts
    this.sender = new Sender(this, plan, this.cutter, this.routes)
    this.state = "queued"
  }

  goOn() {
    this.state = "sending"
    this.error = null
    this.speed.restart()
    if (this.settings.sha256) this.whole.get().catch(() => {}) // what went wrong shows at the end
    this.sender?.go()
  }

  /** Stop sending; parts that are not there yet start anew at `resume`. */
  pause() {
    if (this.state !== "sending") return
    this.state = "paused"
    this.sender?.pause()
    this.changed(this)
  }

  /** Wait for the turn to go on. */
  resume() {
    if (this.state === "paused") this.state = "queued"
  }

  /** Wait for the turn to send what failed once more; what the store has stays there. */
  retry() {
    if (this.state !== "failed" || !this.plan || this.lost) return
    for (const part of this.parts) this.renew(part)
    this.queueAgain()
  }

  /**
   * The same for one part: others that failed stay failed.
   * @param {number} number
   */
  retryPart(number) {
    const part = this.parts.find((one) => one.number === number)
    if (part?.status !== "failed" || this.lost) return
    this.renew(part)
    if (this.state === "failed") this.queueAgain()
    else this.sender?.fill()
  }

  queueAgain() {
    this.state = "queued"
    this.error = null
  }

  /** @param {Part} part */
  renew(part) {
    part.forget()
    if (part.status === "failed") part.putBack()
  }

  /** Give up on it. While it is being completed it is too late for that. */
  cancel() {
    if (["completing", "done", "cancelled"].includes(this.state)) return
    this.state = "cancelled"
    this.error = null
    this.whole.close()
    for (const part of this.parts) if (part.status !== "done") part.status = "cancelled"
    this.sender?.stop()
    if (!this.lost) this.tell(this, "cancelled")
    this.changed(this)
  }

  /**
   * End in failure, with a code and the values its words need; what is on the wire may arrive.
   * @param {Problem} error
   */
  fail(error) {
    if (ENDS.has(this.state)) return
    this.state = "failed"
    this.error = error
    this.sender?.drain()
    this.tell(this, "failed")
    this.changed(this)
  }

  /** Another window sends it now: stop at once and tell nobody, since it is that window's. */
  lose() {
    if (this.state === "done" || this.state === "cancelled") return
    this.lost = true
    this.state = "failed"
    this.error = { code: "transfer-elsewhere", details: {} }
    this.whole.close()
    this.sender?.stop()
    this.changed(this)
  }

  /**
   * Python's word on what went wrong, in words for people.
   * @param {Problem} error
   */
  explain(error) {
    if (this.state === "cancelled" || this.lost) return
    this.state = "failed"
    this.error = error
    this.link = null
    this.sender?.drain()
    this.changed(this)
  }

  /** @param {Link} link */
  finish(link) {
    if (this.state === "cancelled" || this.lost) return
    this.state = "done"
    this.link = link
    this.changed(this)
  }

  /**
   * So many bytes of a part's try are out. That the last one is has to be seen before the answer is there;
   * what goes out as a whole never was on the way.
   * @param {Part} part
   * @param {number} sent
   */
  moved(part, sent) {
    const isOnTheWay = part.sent > 0
    const more = part.move(sent)
    if (more > 0) this.speed.moved(more)
    this.changed(this, isOnTheWay && more > 0 && this.isOut)
  }

  /**
   * @param {Part} part
   * @param {Outcome} outcome
   * @param {Route} route
   */
  note(part, { started, seconds, status, code, etag, requestId }, route) {
    this.history.push({
      part: part.number,
      size: part.size,
      started: started / 1000,
      seconds,
      status,
      code,
      etag,
      request_id: requestId,
      route,
    })
  }

  /** Nothing is on the wire: see whether that is because everything is there. */
  settle() {
    if (this.state !== "sending" || !this.isCut) return
    const failed = this.parts.find(({ status }) => status === "failed")
    if (this.parts.every(({ status }) => status === "done")) this.complete()
    else if (failed?.error && !this.parts.some(({ status }) => status === "waiting"))
      this.fail(failed.error)
  }

  /**
   * Every part is there. What went in one PUT is so for good, and done: Python looks at it all the same,
   * and should it find another object, the transfer fails after all.
   */
  async complete() {
    this.state = "completing"
    this.waitsForHash = this.settings.sha256
    this.changed(this)
    try {
      if (this.waitsForHash) this.sha256 = await this.whole.get()
    } catch (error) {
      if (error instanceof Unreadable) return this.fail({ code: "file-changed", details: {} })
      if (error instanceof Closed) return
      throw error
    } finally {
      this.waitsForHash = false
    }
    if (this.state !== "completing") return
    if (this.plan?.link) this.finish(this.plan.link)
    this.tell(this, "sent")
  }
}
