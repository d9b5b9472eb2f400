// Tells the server what is there, so that a reload or a crash loses nothing: which parts the store has
// and every try, once each, and a sign of life. Losing a report never hurts the upload.

import { PAGE_LOAD } from "./page_load.js"

/**
 * @import { Clock } from "./clock.js"
 * @import { Environment } from "./queue.js"
 * @import { State } from "./states.js"
 * @import { Transfer, Try } from "./transfer.js"
 *
 * @typedef {{ parts: [number: number, etag: string][], tries: Try[], gone?: boolean }} News
 */

const TICK = 1000 // milliseconds; at most one report per transfer in that time
const HEARTBEAT = 10_000 // milliseconds without a report after which one is sent anyway
const RETRY_AFTER = 3000 // milliseconds added where a report was not taken
const PATIENCE = 3000 // milliseconds that a goodbye may take before the session ends all the same
const MOST_ROWS = 80 // parts and tries in one report; it may have 64 KiB, as a beacon may
/** @type {Set<State>} */
const ALIVE = new Set(["queued", "sending", "paused", "completing"])
/** @type {Set<State>} */
const OVER = new Set(["done", "cancelled"]) // a failed one can still be gone on with, elsewhere too
const REFUSED = 400
const UNKNOWN = 404
const ELSEWHERE = 409

/** What of one transfer was told already. */
class Told {
  /** @type {Set<number>} */
  parts = new Set()
  tries = 0
  at = -Infinity // by `clock.now()`
  /** @type {Promise<void> | null} */
  busy = null // the report on its way
  over = false
}

export class Reports {
  /** @type {WeakMap<Transfer, Told>} */
  told = new WeakMap()
  hushed = false // between a goodbye and the next sign-in

  /**
   * @param {Environment} environment
   * @param {() => Transfer[]} transfers
   */
  constructor({ fetch, sendBeacon, clock }, transfers) {
    this.fetch = fetch
    this.sendBeacon = sendBeacon
    this.clock = clock
    this.transfers = transfers
    clock.every(TICK, () => this.look())
    window.addEventListener("pagehide", () => this.sayGoodbye())
  }

  /** Send what is due. Called by the clock, and by progress, which is not slowed in hidden tabs. */
  look() {
    if (this.hushed) return
    const now = this.clock.now()
    for (const transfer of this.transfers()) {
      const told = this.of(transfer)
      if (!told || told.busy || now - told.at < TICK) continue
      const isDue = ALIVE.has(transfer.state) && now - told.at >= HEARTBEAT
      const news = newsOf(transfer, told)
      if (isDue || news.parts.length || news.tries.length)
        told.busy = this.send(transfer, told, news)
    }
  }

  /**
   * What was told of a transfer; null if it has no plan yet, so that the server knows nothing of it.
   * @param {Transfer} transfer
   */
  of(transfer) {
    if (!transfer.plan || transfer.lost) return null
    const told = this.told.get(transfer) ?? new Told()
    if (!this.told.has(transfer)) {
      for (const number of Object.keys(transfer.plan.etags)) told.parts.add(Number(number))
      this.told.set(transfer, told)
    }
    return told.over ? null : told
  }

  /**
   * @param {Transfer} transfer
   * @param {Told} told
   * @param {News} news
   */
  async send(transfer, told, news) {
    told.at = this.clock.now()
    const status = await this.post(transfer.id, news)
    told.busy = null
    if (status === UNKNOWN || status === ELSEWHERE) told.over = true
    if (status === ELSEWHERE) transfer.lose()
    // What the server finds fault with, such as a store's odd error code, would be refused again.
    if ((status >= 200 && status < 300) || status === REFUSED) remember(told, news)
    else told.at += RETRY_AFTER
  }

  /**
   * The session is about to end, after which no report is taken: tell all there is to tell, so that
   * the files can be gone on with from any window. Resolves when that is done, or takes too long.
   */
  async leave() {
    this.hushed = true
    const goodbyes = this.transfers().map(async (transfer) => {
      const told = this.of(transfer)
      if (!told) return
      await told.busy
      told.busy = this.send(transfer, told, { ...newsOf(transfer, told), gone: true })
      await told.busy
    })
    /** @type {Promise<void>} */
    const tooLong = new Promise((resolve) => this.clock.after(PATIENCE, resolve))
    await Promise.race([Promise.all(goodbyes), tooLong])
  }

  /** Somebody is signed in: what was kept back is told now. */
  goOn() {
    this.hushed = false
    this.look()
  }

  /** The page goes: the server need not wait until it is clear that nothing more comes. */
  sayGoodbye() {
    for (const transfer of this.transfers()) {
      const told = this.of(transfer)
      if (!told) continue
      const news = newsOf(transfer, told)
      if (OVER.has(transfer.state) && !news.parts.length && !news.tries.length) continue
      const body = new Blob([bodyOf({ ...news, gone: true })], { type: "application/json" })
      if (this.sendBeacon(pathOf(transfer.id), body)) remember(told, news)
    }
  }

  /**
   * The status of the answer, 0 where there is none.
   * @param {string} id
   * @param {News} news
   */
  async post(id, news) {
    try {
      const headers = { "Content-Type": "application/json" }
      const answer = await this.fetch(pathOf(id), {
        method: "POST",
        headers,
        body: bodyOf(news),
        credentials: "same-origin",
      })
      return answer.status
    } catch (error) {
      if (error instanceof TypeError || error instanceof DOMException) return 0
      throw error
    }
  }
}

/**
 * @param {Transfer} transfer
 * @param {Told} told
 * @returns {News}
 */
function newsOf({ etags, history }, told) {
  const parts = etags.filter(([number]) => !told.parts.has(number)).slice(0, MOST_ROWS)
  return { parts, tries: history.slice(told.tries, told.tries + MOST_ROWS) }
}

/**
 * @param {Told} told
 * @param {News} news
 */
function remember(told, news) {
  for (const [number] of news.parts) told.parts.add(number)
  told.tries += news.tries.length
}

/** @param {News} news */
function bodyOf(news) {
  return JSON.stringify({ holder: PAGE_LOAD, ...news })
}

/** @param {string} id */
function pathOf(id) {
  return `/transfers/${encodeURIComponent(id)}/report`
}
