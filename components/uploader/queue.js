// The transfers of this page load. One is on its way at a time; the others wait their turn.
//
// This module is loaded once per page load, however often Streamlit draws the components again, so
// an upload goes on while the person visits other pages. Python hears of ends only, through the
// outbox: pushing progress into Python makes Streamlit lose page clicks.

import { ENDS, Transfer } from "./transfer.js"
import { keepAwake } from "./wake_lock.js"

const HEAD_SIZE = 32 // bytes Python wants to see to tell a file's type
const RESEND_AFTER = 5000 // milliseconds until an event that nobody acknowledged is sent again
const PAGE_LOAD = randomId()

class Queue {
  constructor() {
    this.transfers = []
    this.listeners = new Set()
    this.outbox = []
    this.deliver = null
    this.parallel = 1
    this.paint = 0
    this.count = 0
    this.pages = 0 // upload pages on show; the tray is for when there is none
    window.addEventListener("beforeunload", (event) => {
      if (this.active) event.preventDefault()
    })
    for (const change of ["online", "offline"]) window.addEventListener(change, () => this.repaint())
    setInterval(() => this.flush(), RESEND_AFTER)
  }

  get active() {
    return this.transfers.find(({ state }) => state !== "queued" && !ENDS.has(state))
  }

  find(id) {
    return this.transfers.find((transfer) => transfer.id === id)
  }

  add(sources) {
    for (const source of sources) this.transfers.push(new Transfer(randomId(), source, (transfer) => this.changed(transfer)))
    this.advance()
  }

  /** Ask Python for the URLs of the next file, when nothing else is on its way. */
  async advance() {
    const next = this.transfers.find(({ state }) => state === "queued")
    if (this.active || !next) return this.repaint()
    next.state = "planning"
    this.repaint()
    const head = await headOf(next)
    if (head === null) return next.end("failed", { code: "file-changed", details: {} })
    if (next.state !== "planning") return
    this.post({ kind: "picked", id: next.id, name: next.name, size: next.size, type: next.source.type, head })
  }

  pause(id) {
    this.find(id)?.pause()
  }

  resume(id) {
    this.find(id)?.resume()
  }

  cancel(id) {
    this.find(id)?.cancel()
  }

  retry(id) {
    this.find(id)?.retry()
    this.repaint()
  }

  changed(transfer) {
    if (transfer.state === "completing" && !transfer.reported) this.report(transfer, "sent")
    if (["failed", "cancelled"].includes(transfer.state) && !transfer.reported) this.report(transfer, transfer.state)
    if (ENDS.has(transfer.state)) queueMicrotask(() => this.advance())
    this.repaint()
  }

  report(transfer, kind) {
    transfer.reported = true
    const { id, name, size, etags, error } = transfer
    this.post({ kind, id, name, size, etags, error, tries: transfer.tries.splice(0) })
  }

  /** Take what Python says of the transfers, keyed by id: { answers, plan, error, done }. */
  accept({ seen, transfers, parallel }) {
    this.parallel = parallel
    if (this.outbox[0]?.event === seen) this.outbox.shift()
    for (const transfer of this.transfers) {
      transfer.parallel = parallel
      this.update(transfer, transfers[transfer.id])
    }
    this.flush()
  }

  update(transfer, news) {
    if (transfer.state === "sending") return transfer.fill()
    if (news?.answers !== transfer.asked) return
    if (news.error) transfer.explain(news.error)
    else if (transfer.state === "planning" && news.plan) transfer.start(news.plan)
    else if (transfer.state === "completing" && news.done) transfer.end("done", null)
  }

  post(event) {
    this.count += 1
    const name = `${PAGE_LOAD}:${this.count}`
    this.find(event.id).asked = name
    this.outbox.push({ ...event, event: name })
    if (this.outbox.length === 1) this.flush()
  }

  /** Send the oldest event that Python has not acknowledged. */
  flush() {
    if (this.outbox.length && this.deliver) this.deliver(this.outbox[0])
  }

  listen(listener) {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Draw at the next frame, once however much has changed. */
  repaint() {
    keepAwake(this.transfers.some(({ state }) => state === "sending"))
    this.paint ||= requestAnimationFrame(() => {
      this.paint = 0
      for (const listener of this.listeners) listener()
    })
  }
}

/** The first bytes as base64, or null when the file can no longer be read as it was chosen. */
async function headOf({ source, size }) {
  try {
    const bytes = new Uint8Array(await source.slice(0, HEAD_SIZE).arrayBuffer())
    return bytes.length < Math.min(HEAD_SIZE, size) ? null : btoa(String.fromCharCode(...bytes))
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}

function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("")
}

export const queue = new Queue()
