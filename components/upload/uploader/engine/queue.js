// The transfers of this page load: as many on their way at once as there are connections for.
//
// A page load has one queue (../page_queue.js), however often Streamlit draws the components again, so
// an upload goes on while the person visits other pages. It asks the app itself (asking.js) and draws
// itself: no page of Streamlit runs because a part or a file went.

import { Asking } from "./asking.js"
import { PAGE_LOAD, randomId } from "./page_load.js"
import { proofOf } from "./hashing/proof.js"
import { Records } from "./records.js"
import { Reports } from "./reports.js"
import { Routes } from "./sending/routes.js"
import { MOST_WIRES, Wires } from "./sending/wires.js"
import { BUSY, ENDS, NEW } from "./states.js"
import { keepUnsent, takeUnsent } from "./unsent.js"
import { Transfer } from "./transfer.js"
import { lookAt } from "./look.js"
import { keepAwake } from "./wake_lock.js"

const PAINT_EVERY = 100 // milliseconds; drawing more often takes from the sending what nobody sees
const LONGEST_PAUSE = 1000 // milliseconds without drawing, however long it takes
const MOST_ASKED = 20 // files in one request: as many URLs as an endpoint gives for one
export const FIRST_ASKED = 10 // files in the first: they keep the connections busy until others are planned
const REQUESTS = 2 // for plans at once: the connections are busy with the files of one meanwhile
const COMPLETE_EVERY = 5000 // milliseconds while other small files are on their way
const DRAWING = 1 / 10 // of the time is what drawing may take
const PATIENCE = 3000 // milliseconds that a sign-out waits for completions
const UNDO_FOR = 30_000 // milliseconds that what was cleared can be shown again
const SMALL = 5 * 1024 * 1024 // bytes; no part but the last has fewer
const AHEAD = 64 * 1024 * 1024 // bytes that are planned before their turn: links last an hour only

/** @type {ReadonlySet<State>} */
const TO_BE_SENT = new Set(["queued", "planning", "sending"])

/**
 * @import { Answer } from "./asking.js"
 * @import { Clock, Timer } from "./clock.js"
 * @import { Problem } from "./part.js"
 * @import { Put } from "./sending/put.js"
 * @import { TransferRecord } from "./records.js"
 * @import { State } from "./states.js"
 * @import { Beginning, Context, Link, Settings } from "./transfer.js"
 *
 * @typedef {object} Environment what reaches out of the engine
 * @property {Put} put sends parts to stores
 * @property {typeof globalThis.fetch} fetch asks and tells our own server
 * @property {(url: string, body: Blob) => boolean} sendBeacon tells it something while the page goes
 * @property {Clock} clock
 *
 * @typedef {object} Finished file
 * @property {string} id of its transfer
 * @property {string} name
 * @property {number} size bytes
 * @property {Link} link
 * @property {Transfer | null} transfer if it was sent by this page load
 *
 * @typedef {object} Cleared what a person had shown no more, as long as that can be undone
 * @property {string[]} ids
 * @property {Transfer[]} transfers of this page load
 * @property {Timer} timer
 *
 * @typedef {Settings & { owner: string }} Word of Python
 */

export class Queue {
  /** @type {Transfer[]} */
  transfers = []
  /** @type {Set<string>} */
  taken = new Set() // ids of other page loads' transfers that are completed here
  /** @type {Transfer[]} */
  sent = [] // in one PUT each: they wait to be completed together
  /** @type {Timer | null} */
  completing = null // when that is
  batches = 0 // how often files were added while none was on its way
  /** @type {string[]} */
  cancelled = [] // ids that the app is to be told of together
  /** @type {Cleared | null} */
  cleared = null
  asking = 0 // requests for plans that are out
  /** @type {string | null} */
  usedSlot = null
  /** @type {string | null} */
  spentSlot = null // that a file has been planned with, so that it is of no use any more
  willAdvance = false
  unsent = takeUnsent() // chosen and not begun when this tab was loaded anew
  /** @type {Set<() => void>} */
  listeners = new Set()
  /** @type {string | null} */
  owner = null // the user whose files these are, once the tray has told
  willPaint = false
  /** @type {Timer | null} */
  painting = null
  painted = 0
  paintEvery = PAINT_EVERY // milliseconds
  pages = 0 // upload pages on show; the tray is for when there is none
  /** @type {Settings} */
  settings = {
    parallel: MOST_WIRES,
    route: "automatic",
    rateCap: 0,
    checkParts: true,
    sha256: false,
    connection: "",
    kind: null,
    partSize: null,
    slot: null,
  }

  /** @param {Environment} environment */
  constructor(environment) {
    const { put, fetch, sendBeacon, clock } = environment
    this.fetch = fetch
    this.sendBeacon = sendBeacon
    this.clock = clock
    this.app = new Asking(environment, () => this.repaint())
    this.wires = new Wires(this.settings, () => this.hasSmallWaiting)
    /** @type {Context} */
    this.context = {
      settings: this.settings,
      routes: new Routes(location.origin),
      wires: this.wires,
      app: this.app,
      put,
      clock,
      changed: (_, atOnce) => this.changed(atOnce),
      tell: (transfer, kind) => this.tell(transfer, kind),
    }
    this.reports = new Reports(
      environment,
      () => this.transfers,
      (status) => this.app.answered(status),
    )
    this.remembered = new Records(environment, () => {
      this.completeWhole()
      this.repaint()
    })
    window.addEventListener("beforeunload", (event) => {
      if (this.unfinished) event.preventDefault()
    })
    window.addEventListener("pagehide", () => {
      const left = this.transfers.filter(({ state, plan }) => !plan && !ENDS.has(state))
      this.completeLast()
      this.forgetLast()
      keepUnsent({ owner: this.owner ?? "", names: left.map(({ name }) => name) })
    })
    for (const change of ["online", "offline"])
      window.addEventListener(change, () => this.repaint())
    window.addEventListener("online", () => this.app.goOn())
  }

  /** The first that is on its way, or else the first that a person paused. */
  get active() {
    return this.busy ?? this.transfers.find(({ state }) => state === "paused")
  }

  /** How many files have not ended. */
  get unfinished() {
    return this.transfers.filter(({ state }) => !ENDS.has(state)).length
  }

  /** The files that are on their way together, with those of them that have ended. */
  get batch() {
    return this.transfers.filter(({ batch }) => batch === this.batches)
  }

  get busy() {
    return (
      this.transfers.find(({ state }) => state === "sending") ??
      this.transfers.find(({ state }) => BUSY.has(state))
    )
  }

  /** What the server remembers unfinished and this page load does not hold. */
  get records() {
    return this.remembered.all.filter(({ id }) => !this.find(id))
  }

  /**
   * The finished files, newest first: of this page load, then those that the server remembers.
   * @returns {Finished[]}
   */
  get finished() {
    const own = this.transfers
      .filter(({ state }) => state === "done")
      .flatMap((transfer) => {
        const { id, size, link, record } = transfer
        const name = record?.name ?? transfer.name // a file that goes on with it may have another
        return link ? [{ id, name, size, link, transfer }] : []
      })
    const held = new Set(this.transfers.map(({ id }) => id))
    const others = this.remembered.done
      .filter(({ id }) => !held.has(id))
      .flatMap(({ id, name, size, link }) =>
        link ? [{ id, name, size, link, transfer: null }] : [],
      )
    return [...own.reverse(), ...others]
  }

  /** @param {string | undefined} id */
  find(id) {
    return this.transfers.find((transfer) => transfer.id === id)
  }

  /**
   * Files of these names need not be told of as not begun any more.
   * @param {string[]} names
   */
  chosenAgain(names) {
    const left = this.unsent?.names.filter((name) => !names.includes(name)) ?? []
    if (this.unsent) this.unsent = left.length ? { ...this.unsent, names: left } : null
  }

  /**
   * Whether a file is in the list already, on its way or with a link that works. Of two whose time is not
   * known, such as samples, nobody can tell.
   * @param {File} file
   */
  has({ name, size, lastModified }) {
    if (!lastModified) return false
    const now = this.clock.appTime()
    const isLike = (/** @type {{ name: string, size: number, modified: number }} */ other) =>
      other.name === name && other.size === size && other.modified === lastModified
    return (
      this.transfers.some(
        (one) => isLike(one) && (one.link ? one.link.deadline > now : !ENDS.has(one.state)),
      ) || this.remembered.done.some((one) => isLike(one) && one.deadline > now)
    )
  }

  /**
   * Take files in; one that looks like the file of a remembered transfer continues that.
   * @param {File[]} sources
   * @param {{ defaults?: boolean }} how whether default options are used, whatever is chosen on the upload page
   * @returns their transfers, in the same order
   */
  add(sources, { defaults = false } = {}) {
    this.beginBatch()
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
    this.beginBatch()
    this.remembered.accept(recordId)
    const record = this.remembered.find(recordId)
    this.transfers.push(this.begin(recordId, file, { claim: "adopted", record }))
    this.advance()
  }

  /**
   * Forget a remembered transfer, and have its parts removed where that can be asked for.
   * @param {TransferRecord} record
   */
  discard({ id }) {
    this.remembered.drop(id)
    this.app.cancel([id])
    this.repaint()
  }

  /**
   * Send the same source from its first part on, with new links.
   * @param {string} id
   */
  restart(id) {
    const old = this.find(id)
    if (old?.state !== "failed") return
    this.beginBatch()
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
    return Object.assign(new Transfer(id, source, this.context, beginning), { batch: this.batches })
  }

  /**
   * What is added while nothing is on its way is counted for itself. It is drawn a moment later: a small
   * file may have arrived by then, and making its card would have kept it.
   */
  beginBatch() {
    if (this.unfinished) return
    this.batches += 1
    this.painted = this.clock.now()
    this.paintEvery = PAINT_EVERY
  }

  /**
   * One that failed is on its way again, with those that are.
   * @param {string} id
   */
  join(id) {
    const transfer = this.find(id)
    if (!transfer) return undefined
    this.beginBatch()
    transfer.batch = this.batches
    return transfer
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

  /** Use what wires are free, first for what is on its way already, and have plans for what is next. */
  advance() {
    this.willAdvance = false
    for (const transfer of this.transfers)
      if (transfer.state === "sending" && transfer.sender?.mayBegin) transfer.sender.fill()
    for (const transfer of this.transfers) if (this.mayBegin(transfer)) transfer.goOn()
    for (let next = this.next(); next.length && this.asking < REQUESTS; next = this.next())
      this.askForPlans(next)
    this.repaint()
  }

  /**
   * Whether a file that goes in one PUT waits and none is on its way: large files let it pass. What has no
   * plan yet is taken for one if it is small.
   */
  get hasSmallWaiting() {
    const small = this.transfers.filter(({ plan, size }) =>
      plan ? plan.kind === "single" : size <= SMALL,
    )
    return (
      small.some(({ state }) => NEW.has(state)) && !small.some(({ state }) => state === "sending")
    )
  }

  /**
   * Under a rate cap one waits for its turn at a time.
   * @param {Transfer} transfer
   */
  mayBegin({ state, plan }) {
    if (state !== "queued" || !plan || this.wires.free <= this.wires.keptFrom(plan)) return false
    return !this.transfers.some((one) => one.state === "sending" && one.sender?.timer)
  }

  /**
   * What is to be planned now: files whose turn is near, together; one that continues a record alone.
   * A large file has smaller ones pass it, on its way as well as before.
   * @returns {Transfer[]}
   */
  next() {
    const near = this.transfers.filter(
      ({ plan, state }) => state === "planning" || (plan && !ENDS.has(state)),
    )
    const most = near.length ? MOST_ASKED : FIRST_ASKED
    const before = near.filter(({ state, plan }) => state !== "sending" || plan?.kind === "single")
    let bytes = before.reduce((sum, { size, confirmed }) => sum + size - confirmed, 0)
    const isIdle = this.wires.free > 0 && !near.some(({ state }) => NEW.has(state))
    /** @type {Transfer[]} */
    const next = []
    for (const transfer of this.transfers) {
      if (transfer.state !== "queued" || transfer.plan) continue
      if (bytes + transfer.size > AHEAD && !(isIdle && !next.length)) continue
      bytes += transfer.size
      const isOther = transfer.claim || transfer.connection !== next[0]?.connection
      if (next.length === most || (next.length && isOther)) break
      next.push(transfer)
      if (transfer.claim) break
    }
    return next
  }

  /** @param {Transfer[]} transfers */
  async askForPlans(transfers) {
    this.asking += 1
    for (const transfer of transfers) transfer.state = "planning"
    this.repaint()
    const files = await Promise.all(transfers.map((transfer) => this.described(transfer)))
    for (const transfer of this.next()) this.lookOf(transfer) // while the app works on these
    const [{ claim, connection }] = transfers
    const known = files.filter((file) => file !== null)
    if (claim && known.length) this.planned(await this.app.aboutOne("resume", known[0]))
    if (!claim)
      await this.app.aboutFiles("plan", known, (answer) => this.planned(answer), { connection })
    this.asking -= 1
    this.advance()
  }

  /**
   * What Python has to know of a file; null where it is given up.
   * @param {Transfer} transfer
   */
  async described(transfer) {
    const { id, source, name, size, modified, claim } = transfer
    const look = await this.lookOf(transfer)
    if (transfer.state !== "planning") return null
    if (look === null) {
      transfer.fail({ code: "file-changed", details: {} })
      return null
    }
    const digests = await this.prove(transfer)
    if (transfer.state !== "planning") return null
    transfer.md5 = look.md5
    const file = { id, name, size, modified, fingerprint: look.fingerprint }
    if (claim) return { ...file, digests }
    return { ...file, type: source.type, head: look.head, ...this.wishes(transfer) }
  }

  /**
   * What there is to see in the file; null when it can no longer be read as it was chosen.
   * @param {Transfer} transfer
   */
  async lookOf({ source, size }) {
    try {
      return await lookAt(source, size)
    } catch (error) {
      if (error instanceof DOMException) return null
      throw error
    }
  }

  /**
   * How the person wants a new file sent. Links that were asked for before go to one file.
   * @param {Transfer} transfer
   */
  wishes(transfer) {
    const { kind, partSize, slot } = this.settings
    if (transfer.defaults) return {}
    const free = slot === this.usedSlot ? null : slot
    this.usedSlot = slot
    transfer.slot = free
    return { kind, part_size: partSize, slot: free }
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

  /** @param {Answer | null} answer */
  planned(answer) {
    if (!answer) return
    const { id, plan, link, error } = answer
    const transfer = this.find(id)
    if (transfer?.state !== "planning") {
      if (plan) this.app.cancel([id]) // it was given up meanwhile
      return
    }
    if (transfer.slot && plan) this.spentSlot = transfer.slot
    if (transfer.slot && error) this.usedSlot = null // a file that does not fit leaves it for another
    if (plan) transfer.take(plan)
    else if (link) transfer.finish(link)
    else if (error) this.refused(transfer, error)
    this.changed()
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

  /** Give up on all that have not ended; those that are being completed are too late for that. */
  cancelAll() {
    // From the last on: what waits must not begin because one before it made room.
    for (const transfer of this.transfers.filter(({ state }) => !ENDS.has(state)).reverse())
      transfer.cancel()
  }

  /** @param {string} id */
  retry(id) {
    this.join(id)?.retry()
    this.advance()
  }

  /**
   * @param {string} id
   * @param {number} number
   */
  retryPart(id, number) {
    this.join(id)?.retryPart(number)
    this.advance()
  }

  /**
   * Show transfers that have ended no more; that can be undone for a while. Their links stay what they are.
   * @param {string[]} given
   */
  clear(given) {
    this.forgetCleared()
    const ids = given.filter((id) => ENDS.has(this.find(id)?.state ?? "done"))
    const transfers = this.transfers.filter(({ id }) => ids.includes(id))
    this.transfers = this.transfers.filter(({ id }) => !ids.includes(id))
    for (const id of ids) this.remembered.drop(id)
    const timer = this.clock.after(UNDO_FOR, () => this.forgetCleared())
    if (ids.length) this.cleared = { ids, transfers, timer }
    this.repaint()
  }

  /** Show again what was cleared last. */
  undoClear() {
    if (!this.cleared) return
    const { ids, transfers, timer } = this.cleared
    this.cleared = null
    this.clock.stop(timer)
    this.transfers.unshift(...transfers)
    this.remembered.restore(ids)
    this.repaint()
  }

  /** What was cleared is so for good now: the app forgets it too. */
  forgetCleared() {
    if (!this.cleared) return
    const { ids, timer } = this.cleared
    this.cleared = null
    this.clock.stop(timer)
    this.app.forget(ids)
    this.repaint()
  }

  /** The same while the page goes, without an answer. */
  forgetLast() {
    if (this.cleared) this.tellLast("forget", { ids: this.cleared.ids })
  }

  /** @param {boolean} [atOnce] as `repaint` takes it */
  changed(atOnce) {
    if (!this.willAdvance && this.wires.free) {
      this.willAdvance = true
      queueMicrotask(() => this.advance())
    }
    this.reports.look()
    this.repaint(atOnce)
  }

  /**
   * A transfer came to an end of sending.
   * @param {Transfer} transfer
   * @param {"sent" | "failed" | "cancelled"} kind
   */
  tell(transfer, kind) {
    if (kind === "cancelled") this.tellCancelled(transfer)
    else if (kind === "failed") this.tellFailure(transfer)
    else if (transfer.plan?.kind === "multipart") {
      this.repaint(true) // that all is sent is seen before the link is there, however quickly that comes
      this.complete([transfer])
    } else this.completeTogether(transfer)
  }

  /**
   * Those that are cancelled in one go are told of in one go.
   * @param {Transfer} transfer
   */
  tellCancelled({ id }) {
    if (this.cancelled.push(id) === 1)
      queueMicrotask(() => this.app.cancel(this.cancelled.splice(0)))
  }

  /** @param {Transfer} transfer */
  async tellFailure(transfer) {
    const { id, name, error } = transfer
    const tries = this.reports.untold(transfer)
    const answer = await this.app.aboutOne("fail", { id, name, error, tries })
    // Whatever was done meanwhile, such as a retry, has made the failure one of the past.
    if (answer?.error && transfer.state === "failed" && transfer.error === error)
      transfer.explain(answer.error)
  }

  /**
   * Have one that went in one PUT completed: together with others, once no more of them are on their way.
   * Its link is shown already, and asking at once would take from the sending of those.
   * @param {Transfer} transfer
   */
  completeTogether(transfer) {
    this.sent.push(transfer)
    if (!this.transfers.some(isSmallAndOnItsWay)) this.completeSent()
    else this.completing ??= this.clock.after(COMPLETE_EVERY, () => this.completeSent())
  }

  async completeSent() {
    this.clock.stop(this.completing)
    this.completing = null
    const sent = this.sent.splice(0)
    while (sent.length) await this.complete(sent.splice(0, MOST_ASKED))
  }

  /** What was sent and Python has not completed yet, as many at a time as one request takes. */
  get unkept() {
    const open = this.transfers.filter(({ state, isKept }) => state === "done" && !isKept)
    return Array.from({ length: Math.ceil(open.length / MOST_ASKED) }, (_, i) =>
      open.slice(i * MOST_ASKED, (i + 1) * MOST_ASKED),
    )
  }

  /** The session is about to end, and with it all that may be asked: have the app told what it must know. */
  async leave() {
    const completed = Promise.all(this.unkept.map((some) => this.complete(some)))
    await Promise.race([completed, this.app.pass(PATIENCE)])
    await this.reports.leave()
  }

  /** The page goes: what Python has not completed yet it is asked for once more, without an answer. */
  completeLast() {
    for (const some of this.unkept) this.tellLast("complete", { files: this.sentFiles(some) })
  }

  /**
   * @param {"complete" | "forget"} what
   * @param {Record<string, unknown>} body
   */
  tellLast(what, body) {
    const content = JSON.stringify({ holder: PAGE_LOAD, ...body })
    this.sendBeacon(`/transfers/${what}`, new Blob([content], { type: "application/json" }))
  }

  /** @param {Transfer[]} transfers */
  sentFiles(transfers) {
    return transfers.map((transfer) => {
      const { id, name, arrived, sha256 } = transfer
      return { id, name, parts: arrived, sha256, tries: this.reports.untold(transfer) }
    })
  }

  /** @param {Transfer[]} transfers */
  async complete(transfers) {
    const files = this.sentFiles(transfers)
    await this.app.aboutFiles("complete", files, (answer) => this.completed(answer))
  }

  /** Complete what another page load sent whole: it went before it could. */
  async completeWhole() {
    const whole = this.records.filter(({ id, isWhole }) => isWhole && !this.taken.has(id))
    const files = whole.slice(0, MOST_ASKED).map(({ id, name }) => ({ id, name, parts: [] }))
    if (!files.length) return
    for (const { id } of files) this.taken.add(id)
    await this.app.aboutFiles("complete", files, ({ id, error }) => {
      if (error) this.remembered.refuse(id, error)
    })
    this.remembered.refresh() // which comes back here for the others
  }

  /** @param {Answer} answer */
  completed({ id, link, error }) {
    const transfer = this.find(id)
    if (!transfer) return
    if (error) transfer.explain(error)
    if (!link) return
    this.reports.close(transfer)
    transfer.finish(link)
  }

  /**
   * Take what Python says: who is signed in, and how files are to be sent.
   * @param {Word} word
   */
  accept({
    owner,
    parallel,
    route,
    rateCap,
    checkParts,
    sha256,
    connection,
    kind,
    partSize,
    slot,
  }) {
    if (this.owner !== null && this.owner !== owner) this.drop()
    this.owner = owner
    if (this.unsent?.owner !== owner) this.unsent = null
    const how = { parallel, route, rateCap, checkParts, sha256, connection, kind, partSize, slot }
    Object.assign(this.settings, how)
    for (const transfer of this.transfers) if (transfer.state === "sending") transfer.sender?.fill()
    this.advance()
  }

  /**
   * A claim that Python does not accept leaves the record as it was.
   * @param {Transfer} transfer
   * @param {Problem} error
   */
  refused(transfer, error) {
    if (!transfer.claim) return transfer.explain(error)
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

  /** A tray is on the page: somebody is signed in, perhaps not for the first time in this page load. */
  meet() {
    this.reports.goOn()
    this.app.goOn()
    if (this.owner !== null) this.remembered.refresh()
  }

  /** Forget everything and tell nobody: somebody else is signed in now. */
  drop() {
    const left = this.transfers
    this.transfers = []
    this.sent = []
    this.cleared = null
    this.app.drop()
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

  /**
   * Draw soon, once however much has changed.
   * @param {boolean} atOnce without a pause since the last time, as at the end of all that goes on by itself
   */
  repaint(atOnce = !this.busy) {
    keepAwake(this.busy?.state === "sending")
    if (this.willPaint && !atOnce) return
    this.willPaint = true
    this.clock.stop(this.painting)
    const wait = atOnce ? 0 : this.painted + this.paintEvery - this.clock.now()
    this.painting = this.clock.after(wait, () =>
      atOnce ? this.draw() : requestAnimationFrame(() => this.draw()),
    )
  }

  draw() {
    this.willPaint = false
    const begun = this.clock.now()
    this.painted = begun
    for (const listener of this.listeners) listener()
    // What was drawn is laid out and painted before this comes.
    this.clock.after(0, () => {
      const cost = this.clock.now() - begun
      this.paintEvery = Math.min(Math.max(cost / DRAWING, PAINT_EVERY), LONGEST_PAUSE)
    })
  }
}

/** @param {Transfer} transfer */
function isSmallAndOnItsWay({ state, plan }) {
  return TO_BE_SENT.has(state) && plan?.kind !== "multipart"
}
