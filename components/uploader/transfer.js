// One file on its way: its parts, who is sending them, what was tried, what is confirmed.

import { put } from "./put.js"
import { delayAfter, isWorthRetrying, MOST_TRIES } from "./retry.js"

const RATE_NEEDS = 3000 // milliseconds of data before a rate is worth showing
const RATE_WINDOW = 30_000 // milliseconds a rate looks back

/** States of a transfer, in the order it goes through them; the last three are ends. */
export const ENDS = new Set(["done", "failed", "cancelled"])

export class Transfer {
  /** @param source anything with name, size, type and slice(start, end): a File, or a sample */
  constructor(id, source, changed) {
    this.id = id
    this.source = source
    this.name = source.name
    this.size = source.size // as chosen: a browser may look at the disk again each time it is asked
    this.changed = changed
    this.state = "queued"
    this.plan = null
    this.parts = []
    this.tries = []
    this.error = null
    this.asked = null // the last event Python was told of this transfer
    this.reported = false
    this.parallel = 1
    this.sending = 0
    this.confirmations = []
    this.stopper = new AbortController()
  }

  /** Bytes that the store has acknowledged; never falls. */
  get confirmed() {
    return this.parts.reduce((sum, part) => sum + (part.status === "done" ? part.size : 0), 0)
  }

  /** Bytes handed to the network that the store has not acknowledged yet. */
  get onTheWay() {
    return this.parts.reduce((sum, part) => sum + (part.status === "sending" ? part.sent : 0), 0)
  }

  get etags() {
    return this.parts.map((part) => [part.number, part.etag])
  }

  /** Confirmed bytes per second, or null while there is too little to tell. */
  get rate() {
    const now = performance.now()
    const first = this.confirmations.find(({ at }) => now - at < RATE_WINDOW) ?? this.confirmations.at(-1)
    if (!first || now - this.confirmations[0].at < RATE_NEEDS || this.confirmed === first.bytes) return null
    return (this.confirmed - first.bytes) / ((now - first.at) / 1000)
  }

  /** Start sending along a plan from Python: { kind, contentType, parts: [[number, start, end, url]] }. */
  start(plan) {
    this.plan = plan
    this.parts = plan.parts.map(([number, start, end, url]) => ({
      number, start, end, url, size: end - start, status: "waiting", sent: 0, tries: 0, strikes: 0, seconds: 0, etag: null, note: "",
    }))
    this.goOn()
  }

  cancel() {
    this.end("cancelled", null)
    for (const part of this.parts) if (part.status !== "done") part.status = "cancelled"
  }

  /** Stop sending; parts that are not there yet start anew at `resume`. */
  pause() {
    if (this.state !== "sending") return
    this.state = "paused"
    this.stopper.abort()
    this.putBack()
    this.changed(this)
  }

  resume() {
    if (this.state === "paused") this.goOn()
  }

  /** Send what failed once more; what the store has stays there. */
  retry() {
    this.error = null
    this.reported = false
    for (const part of this.parts) if (part.status !== "done") Object.assign(part, { status: "waiting", strikes: 0, sent: 0 })
    this.goOn()
  }

  goOn() {
    this.state = "sending"
    this.stopper = new AbortController()
    this.confirmations = [{ at: performance.now(), bytes: this.confirmed }]
    this.fill()
  }

  putBack() {
    for (const part of this.parts) if (["sending", "retrying"].includes(part.status)) Object.assign(part, { status: "waiting", sent: 0 })
  }

  /** Python's word on what went wrong, in words for people; it answers what Python was told last. */
  explain(error) {
    this.reported = true
    this.end("failed", error)
    this.error = error
    this.changed(this)
  }

  end(state, error) {
    if (ENDS.has(this.state)) return
    this.state = state
    this.error = error
    this.stopper.abort()
    this.changed(this)
  }

  /** Keep as many parts moving as allowed. */
  fill() {
    while (this.state === "sending" && this.sending < this.parallel) {
      const part = this.parts.find(({ status }) => status === "waiting")
      if (!part) break
      this.send(part)
    }
    if (this.state === "sending" && this.parts.every(({ status }) => status === "done")) this.state = "completing"
    this.changed(this)
  }

  async send(part) {
    const { signal } = this.stopper
    this.sending += 1
    part.status = "sending"
    while (!signal.aborted && part.status === "sending") {
      const outcome = await this.tryOnce(part, signal)
      if (signal.aborted) break
      if (outcome.status === 200) this.confirm(part, outcome)
      else if (isWorthRetrying(outcome) && outcome.code !== "unreadable" && part.strikes < MOST_TRIES) await this.waitToRetry(part, outcome, signal)
      else this.failPart(part, outcome)
    }
    this.sending -= 1
    this.fill()
  }

  async tryOnce(part, signal) {
    part.tries += 1
    part.strikes += 1
    part.sent = 0
    const outcome = await put(part.url, this.source.slice(part.start, part.end), {
      contentType: this.plan.kind === "single" ? this.plan.contentType : null,
      signal,
      onProgress: (sent) => {
        part.sent = Math.min(sent, part.size)
        this.changed(this)
      },
    })
    const { started, seconds, status, code, etag, requestId } = outcome
    this.tries.push({ part: part.number, size: part.size, started: started / 1000, seconds, status, code, etag, request_id: requestId })
    return outcome
  }

  confirm(part, { etag, seconds }) {
    if (!etag) return this.failPart(part, { code: "etag-hidden", status: 200 })
    Object.assign(part, { status: "done", sent: part.size, etag, seconds, note: "" })
    this.confirmations.push({ at: performance.now(), bytes: this.confirmed })
  }

  async waitToRetry(part, outcome, signal) {
    Object.assign(part, { status: "retrying", sent: 0, note: outcome.code || `HTTP ${outcome.status}` })
    this.changed(this)
    // A try without a network says nothing about the store, so it does not count against the part.
    if (!navigator.onLine) part.strikes -= 1
    await pause(delayAfter(Math.max(part.strikes, 1), outcome.retryAfter), signal)
    await untilOnline(signal)
    if (!signal.aborted) part.status = "sending"
  }

  failPart(part, { code, message = "", status }) {
    Object.assign(part, { status: "failed", note: code || `HTTP ${status}` })
    const answer = status ? `${status} ${code}` : `none (${code})`
    const details = { part: part.number, total: this.parts.length, tries: part.tries, answer }
    this.end("failed", { code: failureOf(code, message, status), details })
    this.putBack()
  }
}

function failureOf(code, message, status) {
  if (code === "unreadable") return "file-changed"
  if (code === "etag-hidden") return "etag-hidden"
  if (["InsufficientStorage", "QuotaExceeded"].includes(code)) return "store-full"
  if (status === 403 && message === "Request has expired") return "link-expired"
  return "part-failed"
}

function untilOnline(signal) {
  if (navigator.onLine) return Promise.resolve()
  return new Promise((resolve) => {
    window.addEventListener("online", resolve, { once: true, signal })
    signal.addEventListener("abort", resolve, { once: true })
  })
}

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve() }, { once: true })
  })
}
