// Sends the parts of one transfer: so many at a time, each until it is there or has failed.

import { Attempts, isExpired } from "./attempt.js"
import { PartDigests } from "../hashing/digests.js"
import { Pace } from "./pace.js"
import {
  asksToSlowDown,
  delayAfter,
  isGivenUp,
  isGrave,
  isMismatch,
  isWorthRetrying,
} from "./retry.js"
import { UNANSWERED_AFTER } from "./silence.js"

/**
 * @import { Clock, Timer } from "../clock.js"
 * @import { Cutter } from "./cutter.js"
 * @import { Part } from "../part.js"
 * @import { Outcome } from "./put.js"
 * @import { Routes } from "./routes.js"
 * @import { Plan, Transfer } from "../transfer.js"
 */

const OWN_CODES = new Set(["etag-hidden", "transfer-forgotten", "service-down", "sign-in-required"])
const FULL_CODES = new Set(["InsufficientStorage", "QuotaExceeded"])

export class Sender {
  pace = new Pace()
  busy = 0
  arrived = 0
  rate = 0 // bytes per second of the part that arrived last
  /** @type {Timer | null} */
  timer = null
  /** @type {Map<Part, AbortController>} */
  wires = new Map() // of what is on the wire
  waits = new AbortController() // of what waits for its next try

  /**
   * @param {Transfer} transfer
   * @param {Plan} plan
   * @param {Cutter} cutter
   * @param {Routes} routes
   */
  constructor(transfer, plan, cutter, routes) {
    this.transfer = transfer
    this.cutter = cutter
    this.settings = transfer.settings
    this.clock = transfer.clock
    this.origin = routes.of(plan.urls[0])
    this.origin.takesMd5 = plan.contentMd5 ?? this.origin.takesMd5
    this.digests = new PartDigests(transfer.source, plan.kind === "single" ? transfer.md5 : null)
    this.attempts = new Attempts(transfer, this.origin, routes, this.digests)
  }

  /** Parts at once now, as far as the store bears them. */
  get limit() {
    return this.settings.rateCap > 0 ? 1 : this.pace.limit(this.settings.parallel)
  }

  go() {
    this.waits = new AbortController()
    this.fill()
  }

  /** Let no byte move any more; parts that wait for nothing but their answer may still get it. */
  pause() {
    this.stop(({ sent, size }) => sent < size)
  }

  /**
   * Let go of every part that `isMeant`: of all of them, if it is left out.
   * @param {(part: Part) => boolean} isMeant
   */
  stop(isMeant = () => true) {
    this.drain()
    for (const [part, wire] of this.wires) {
      if (!isMeant(part)) continue
      wire.abort()
      if (part.status !== "cancelled") part.putBack()
    }
  }

  /** Begin nothing more; what is on the wire may still arrive. */
  drain() {
    this.stopTimer()
    this.waits.abort()
  }

  stopTimer() {
    this.clock.stop(this.timer)
    this.timer = null
  }

  /** Keep as many parts moving as allowed. */
  fill() {
    const { transfer } = this
    this.stopTimer()
    while (transfer.state === "sending" && this.mayBegin) {
      const part = this.next()
      if (!part) break
      if (transfer.expired) return transfer.fail({ code: "link-expired", details: {} })
      if (this.mustWait()) break
      this.send(part)
    }
    if (this.busy === 0) transfer.settle()
    transfer.changed(transfer)
  }

  /** The part whose turn is next: one that waits, or else one that is cut now. */
  next() {
    const waiting = this.transfer.parts.find(({ status }) => status === "waiting")
    return waiting ?? this.cutter.cut(this.rate, this.limit)
  }

  /** Whether another part may go now: there is one, nothing has it wait, and a wire is free. */
  get mayBegin() {
    const { parts, plan, wires } = this.transfer
    const isFree = wires.free > wires.keptFrom(plan)
    const isRoom = this.timer === null && this.busy < this.limit && isFree
    return isRoom && (this.cutter.left > 0 || parts.some(({ status }) => status === "waiting"))
  }

  /** Whether the rate cap lets the next part wait; then we look again when it may start. */
  mustWait() {
    const wait = this.transfer.wires.cap.wait(this.settings.rateCap, this.clock.now())
    if (wait > 0) this.timer = this.clock.after(wait, () => this.fill())
    return wait > 0
  }

  /** @param {Part} part */
  async send(part) {
    const wire = new AbortController()
    this.wires.set(part, wire)
    this.busy += 1
    this.transfer.wires.busy += 1
    this.transfer.wires.cap.started(part.size, this.clock.now())
    part.status = "sending"
    this.lookAhead()
    while (part.status === "sending") {
      const outcome = await this.attempts.make(part, wire.signal)
      if (wire.signal.aborted) break // it was put back, and may be with another wire by now
      await this.judge(part, outcome)
    }
    if (this.wires.get(part) === wire) this.wires.delete(part)
    this.busy -= 1
    this.transfer.wires.busy -= 1
    this.fill()
  }

  /** Hash the parts whose turn comes next while others are on their way. */
  lookAhead() {
    if (!this.settings.checkParts || !this.origin.usesMd5) return
    this.next()
    const waiting = this.transfer.parts.filter(
      ({ status }) => status === "sending" || status === "waiting",
    )
    this.digests.prepare(waiting.slice(0, this.busy + this.settings.parallel + 1))
  }

  /**
   * @param {Part} part
   * @param {Outcome} outcome
   */
  async judge(part, outcome) {
    if (outcome.status === 200 && !outcome.code) return this.confirm(part, outcome)
    this.pace.failed()
    if (asksToSlowDown(outcome)) this.pace.slowDown(this.settings.parallel, this.clock.now())
    if (this.transfer.state !== "sending") return part.putBack()
    if (!isWorthRetrying(outcome) || this.isGivenUp(part, outcome))
      return this.giveUp(part, outcome)
    await this.waitToRetry(part, outcome)
  }

  /**
   * @param {Part} part
   * @param {Outcome} outcome
   */
  confirm(part, outcome) {
    this.transfer.moved(part, part.size) // whatever the browser has told of it
    this.transfer.speed.answered()
    part.confirm(outcome)
    this.arrived += 1
    this.rate = part.size / outcome.seconds
    this.pace.confirmed(this.settings.parallel)
  }

  /**
   * @param {Part} part
   * @param {Outcome} outcome
   */
  isGivenUp(part, outcome) {
    const { strikes } = part
    // A try without a network says nothing about the store, so it does not count against the part.
    if (!navigator.onLine) return false
    if (strikes.tries === 0)
      Object.assign(strikes, { begun: this.clock.now(), arrivedBefore: this.arrived })
    strikes.tries += 1
    strikes.grave += isGrave(outcome) ? 1 : 0
    // The app that the bytes go to is waited for however long it is away: patience begins after that.
    if (this.transfer.phase === "away") strikes.begun = this.clock.now()
    const since = this.clock.now() - strikes.begun
    const others = this.arrived - strikes.arrivedBefore
    return isGivenUp(outcome, { ...strikes, since, others }, this.settings.parallel)
  }

  /**
   * @param {Part} part
   * @param {Outcome} outcome
   */
  async waitToRetry(part, outcome) {
    const { signal } = this.waits
    part.waitToRetry(outcome.code || `HTTP ${outcome.status}`)
    this.transfer.changed(this.transfer)
    await this.pass(delayAfter(Math.max(part.strikes.tries, 1), outcome.retryAfter), signal)
    await untilOnline(signal)
    if (part.status !== "retrying") return
    if (signal.aborted || this.busy > this.limit || this.transfer.expired) part.putBack()
    else part.status = "sending"
  }

  /**
   * @param {Part} part
   * @param {Outcome} outcome
   */
  giveUp(part, outcome) {
    const code = failureOf(outcome)
    const answer = outcome.status
      ? `${outcome.status} ${outcome.code}`.trim()
      : `none (${outcome.code})`
    const minutes = UNANSWERED_AFTER / 60_000
    const details = {
      part: part.number,
      total: this.transfer.parts.length,
      tries: part.tries,
      answer,
      minutes,
      host: new URL(part.url).host,
    }
    part.fail(outcome.code || `HTTP ${outcome.status}`, { code, details })
    this.transfer.fail({ code, details })
  }

  /**
   * Let so much time pass, or as much of it as there is until the signal.
   * @param {number} milliseconds
   * @param {AbortSignal} signal
   * @returns {Promise<void>}
   */
  pass(milliseconds, signal) {
    return new Promise((resolve) => {
      const timer = this.clock.after(milliseconds, resolve)
      const end = () => {
        this.clock.stop(timer)
        resolve()
      }
      signal.addEventListener("abort", end, { once: true })
    })
  }
}

/** @param {Outcome} outcome */
function failureOf(outcome) {
  const { code } = outcome
  if (code === "unreadable") return "file-changed"
  if (OWN_CODES.has(code)) return code
  if (isMismatch(outcome)) return "etag-mismatch"
  if (FULL_CODES.has(code)) return "store-full"
  if (code === "unanswered") return "store-silent"
  return isExpired(outcome) ? "link-expired" : "part-failed"
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<unknown>}
 */
function untilOnline(signal) {
  if (navigator.onLine || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    window.addEventListener("online", resolve, { once: true, signal })
    signal.addEventListener("abort", resolve, { once: true })
  })
}
