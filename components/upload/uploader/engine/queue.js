// The transfers of this page load. One is on its way at a time; the others wait their turn.
//
// A page load has one queue (../page_queue.js), however often Streamlit draws the components again, so
// an upload goes on while the person visits other pages. Python hears of ends only, through the
// outbox: pushing progress into Python makes Streamlit lose page clicks.

import { fingerprint } from "./hashing/fingerprint.js"
import { headOf } from "./head.js"
import { Outbox } from "./outbox.js"
import { randomId } from "./page_load.js"
import { proofOf } from "./hashing/proof.js"
import { Records } from "./records.js"
import { Reports } from "./reports.js"
import { Routes } from "./sending/routes.js"
import { BUSY, ENDS } from "./states.js"
import { Transfer } from "./transfer.js"
import { keepAwake } from "./wake_lock.js"

const PAINT_EVERY = 100 // milliseconds; drawing more often takes from the sending what nobody sees

/**
 * @import { Clock } from "./clock.js"
 * @import { Deliver, Event } from "./outbox.js"
 * @import { Problem } from "./part.js"
 * @import { Put } from "./sending/put.js"
 * @import { TransferRecord } from "./records.js"
 * @import { Beginning, Context, Plan, Settings } from "./transfer.js"
 *
 * @typedef {object} Environment what reaches out of the engine
 * @property {Put} put sends parts to stores
 * @property {typeof globalThis.fetch} fetch asks and tells our own server
 * @property {(url: string, body: Blob) => boolean} sendBeacon tells it something while the page goes
 * @property {Clock} clock
 *
 * @typedef {object} News of one transfer, from Python
 * @property {string} answers the event that it answers
 * @property {boolean} [done]
 * @property {Plan} [plan]
 * @property {Problem} [error]
 *
 * @typedef {Settings & { owner: string, seen: string, transfers: Record<string, News> }} Word of Python
 */

export class Queue {
  /** @type {Transfer[]} */
  transfers = []
  /** @type {Set<() => void>} */
  listeners = new Set()
  /** @type {string | null} */
  owner = null // the user whose files these are, once the tray has told
  willPaint = false
  painted = 0
  pages = 0 // upload pages on show; the tray is for when there is none
  /** @type {Settings} */
  settings = { parallel: 1, route: "automatic", rateCap: 0, checkParts: true, sha256: false }

  /** @param {Environment} environment */
  constructor(environment) {
    const { put, fetch, clock } = environment
    this.fetch = fetch
    this.clock = clock
    this.outbox = new Outbox(clock)
    /** @type {Context} */
    this.context = {
      settings: this.settings,
      routes: new Routes(location.origin),
      put,
      clock,
      changed: () => this.changed(),
      tell: (transfer, kind) => this.tell(transfer, kind),
    }
    this.reports = new Reports(environment, () => this.transfers)
    this.remembered = new Records(environment, () => this.repaint())
    window.addEventListener("beforeunload", (event) => {
      if (this.active) event.preventDefault()
    })
    for (const change of ["online", "offline"])
      window.addEventListener(change, () => this.repaint())
  }

  /** What is on its way, or else what a person paused. */
  get active() {
    return this.busy ?? this.transfers.find(({ state }) => state === "paused")
  }

  get busy() {
    return this.transfers.find(({ state }) => BUSY.has(state))
  }

  /** What the server remembers unfinished and this page load does not hold. */
  get records() {
    return this.remembered.all.filter(({ id }) => !this.find(id))
  }

  get rateCap() {
    return this.settings.rateCap
  }

  get totals() {
    const sum = (/** @type {(transfer: Transfer) => number} */ value) =>
      this.transfers.reduce((total, transfer) => total + value(transfer), 0)
    return {
      files: this.transfers.length,
      ended: this.transfers.filter(({ state }) => ENDS.has(state)).length,
      bytes: sum(({ size }) => size),
      confirmed: sum(({ confirmed }) => confirmed),
      rate: this.busy?.rate ?? null,
    }
  }

  get deliver() {
    return this.outbox.deliver
  }

  /** @param {Deliver | null} deliver */
  set deliver(deliver) {
    this.outbox.deliver = deliver
  }

  /** @param {string | undefined} id */
  find(id) {
    return this.transfers.find((transfer) => transfer.id === id)
  }

  /**
   * Take files in; one that looks like the file of a remembered transfer continues that.
   * @param {File[]} sources
   * @param {{ defaults?: boolean }} how whether default options are used, whatever is chosen on the upload page
   * @returns their transfers, in the same order
   */
  add(sources, { defaults = false } = {}) {
    const left = new Set(this.records)
    const added = sources.map((source) => {
      const record = Records.of(source, [...left])
      if (!record) return this.begin(randomId(), source, { defaults })
      left.delete(record)
      return this.begin(record.id, source, { claim: "recognised", record, defaults })
    })
    this.transfers.push(...added)
    this.advance()
    return added
  }

  /**
   * Continue a remembered transfer with the file that the person chose for it.
   * @param {string} recordId
   * @param {File} file
   */
  adopt(recordId, file) {
    if (this.find(recordId)) return
    this.remembered.accept(recordId)
    const record = this.remembered.find(recordId)
    this.transfers.push(this.begin(recordId, file, { claim: "adopted", record }))
    this.advance()
  }

  /**
   * Forget a remembered transfer, and have its parts removed where that can be asked for.
   * @param {TransferRecord} record
   */
  discard({ id, name, size }) {
    this.remembered.drop(id)
    this.outbox.post({ kind: "cancelled", id, name, size, tries: [] })
    this.repaint()
  }

  /**
   * Send the same source from its first part on, with new links.
   * @param {string} id
   */
  restart(id) {
    const old = this.find(id)
    if (old?.state !== "failed") return
    old.cancel()
    this.remembered.drop(id)
    this.replace(old, this.begin(randomId(), old.source, { defaults: old.defaults }))
  }

  /**
   * @param {string} id
   * @param {File} source
   * @param {Beginning} beginning
   */
  begin(id, source, beginning) {
    return new Transfer(id, source, this.context, beginning)
  }

  /**
   * Put others in a transfer's place; the first is its successor.
   * @param {Transfer} old
   * @param {Transfer[]} others
   */
  replace(old, ...others) {
    old.successor = others[0] ?? null
    this.transfers.splice(this.transfers.indexOf(old), 1, ...others)
    this.advance()
  }

  /** Let the next file go on, when nothing else is on its way. */
  async advance() {
    const next = this.transfers.find(({ state }) => state === "queued")
    if (next && !this.busy) {
      if (next.plan) next.goOn()
      else await this.askForPlan(next)
    }
    this.repaint()
  }

  /** @param {Transfer} transfer */
  async askForPlan(transfer) {
    transfer.state = "planning"
    this.repaint()
    const [head, print] = await Promise.all([
      headOf(transfer.source, transfer.size),
      fingerprint(transfer.source, transfer.size),
    ])
    if (transfer.state !== "planning") return
    if (head === null || print === null) return transfer.fail({ code: "file-changed", details: {} })
    const kind = transfer.claim ? "resumed" : "picked"
    const { modified, source, defaults } = transfer
    const digests = await this.prove(transfer)
    if (transfer.state !== "planning") return
    this.post(transfer, {
      kind,
      type: source.type,
      head,
      modified,
      fingerprint: print,
      defaults,
      digests,
    })
  }

  /**
   * What proves that a file of another time is the one that was being sent.
   * @param {Transfer} transfer
   */
  async prove(transfer) {
    const { record, source, id } = transfer
    if (!record || record.isAsOldAs(source)) return []
    transfer.isComparing = true
    this.repaint()
    const proof = await proofOf(source, id, this.fetch, () => transfer.state === "planning")
    transfer.isComparing = false
    return proof
  }

  /** @param {string | undefined} id */
  pause(id) {
    this.find(id)?.pause()
    this.advance()
  }

  /** @param {string | undefined} id */
  resume(id) {
    this.find(id)?.resume()
    this.advance()
  }

  /** @param {string} id */
  cancel(id) {
    this.find(id)?.cancel()
  }

  /** @param {string} id */
  retry(id) {
    this.find(id)?.retry()
    this.advance()
  }

  /**
   * @param {string} id
   * @param {number} number
   */
  retryPart(id, number) {
    this.find(id)?.retryPart(number)
    this.advance()
  }

  changed() {
    if (!this.busy) queueMicrotask(() => this.advance())
    this.reports.look()
    this.repaint()
  }

  /**
   * Tell Python how a transfer stands.
   * @param {Transfer} transfer
   * @param {"sent" | "failed" | "cancelled"} kind
   */
  tell(transfer, kind) {
    const { etags, sha256, failure, history, told } = transfer
    transfer.told = history.length
    this.post(transfer, { kind, etags, sha256, error: failure, tries: history.slice(told) })
  }

  /**
   * @param {Transfer} transfer
   * @param {Event} event
   */
  post(transfer, event) {
    const { id, name, size } = transfer
    transfer.asked = this.outbox.post({ id, name, size, ...event })
  }

  /**
   * Take what Python says: its settings, and news of the transfers by their ids.
   * @param {Word} word
   */
  accept({ owner, seen, transfers, parallel, route, rateCap, checkParts, sha256 }) {
    if (this.owner !== null && this.owner !== owner) this.drop()
    this.owner = owner
    Object.assign(this.settings, { parallel, route, rateCap, checkParts, sha256 })
    for (const transfer of [...this.transfers]) this.update(transfer, transfers[transfer.id])
    this.outbox.acknowledge(seen)
    this.repaint()
  }

  /**
   * @param {Transfer} transfer
   * @param {News | undefined} news
   */
  update(transfer, news) {
    if (transfer.state === "sending") return transfer.sender?.fill()
    if (!news || news.answers !== transfer.asked) return
    if (news.error) this.refused(transfer, news.error)
    else if (transfer.state === "planning" && news.plan) transfer.start(news.plan)
    else if (transfer.state === "completing" && news.done) this.finish(transfer)
  }

  /**
   * A claim that Python does not accept leaves the record as it was.
   * @param {Transfer} transfer
   * @param {Problem} error
   */
  refused(transfer, error) {
    if (transfer.state !== "planning" || !transfer.claim) return transfer.explain(error)
    if (transfer.claim === "recognised") return this.replace(transfer, this.afresh(transfer, error))
    if (error.code === "link-expired") return transfer.explain(error)
    this.remembered.refuse(transfer.id, error)
    this.replace(transfer)
    this.remembered.refresh()
  }

  /**
   * The same source, sent from its first part on: it was not taken for the record's.
   * @param {Transfer} transfer
   * @param {Problem} error
   */
  afresh({ record, source, defaults }, error) {
    const other = this.begin(randomId(), source, { defaults })
    if (record?.name === source.name) other.unlike = error
    return other
  }

  /** @param {Transfer} transfer */
  finish(transfer) {
    transfer.done()
    this.remembered.refresh()
  }

  /** A tray is on the page: somebody is signed in, perhaps not for the first time in this page load. */
  meet() {
    this.reports.goOn()
    if (this.owner !== null) this.remembered.refresh()
  }

  /** Forget everything and tell nobody: somebody else is signed in now. */
  drop() {
    const left = this.transfers
    this.transfers = []
    this.outbox.clear()
    for (const transfer of left) transfer.lose()
    this.remembered.forget()
    this.repaint()
  }

  /**
   * Call `listener` whenever there may be something new to show, until what is returned is called.
   * @param {() => void} listener
   */
  listen(listener) {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Draw soon, once however much has changed. */
  repaint() {
    keepAwake(this.transfers.some(({ state }) => state === "sending"))
    if (this.willPaint) return
    this.willPaint = true
    this.clock.after(this.painted + PAINT_EVERY - this.clock.now(), () =>
      requestAnimationFrame(() => this.draw()),
    )
  }

  draw() {
    this.willPaint = false
    this.painted = this.clock.now()
    for (const listener of this.listeners) listener()
  }
}
