// Tells the app what is there, so that a reload or a crash loses nothing: which parts the store has
// and every try, once each, and a sign of life. Losing a report never hurts the upload.

import { PAGE_LOAD } from "./page_load.js"

/**
 * @import { Clock } from "./clock.js"
 * @import { Environment } from "./queue.js"
 * @import { State } from "./states.js"
 * @import { Transfer, Try } from "./transfer.js"
 *
 * @typedef {{ id: string, parts: Transfer["arrived"], tries: Try[] }} News of one file
 * @typedef {{ transfer: Transfer, told: Told, news: News }} Due
 */

const TICK = 1000 // milliseconds; at most one report in that time
const HEARTBEAT = 10_000 // milliseconds without a report of a file after which one is sent anyway
const RETRY_AFTER = 3000 // milliseconds added where a report was not taken
const PATIENCE = 3000 // milliseconds that a goodbye may take before the session ends all the same
const MOST_ROWS = 80 // parts and tries of a file in one report
const MOST_UNTOLD = 5000 // tries that the app takes at the end of a file
const LARGEST_BEACON = 60_000 // bytes; browsers take 64 KiB
/** @type {Set<State>} */
const ALIVE = new Set(["queued", "sending", "paused", "completing"])
/** @type {Set<State>} */
const OVER = new Set(["done", "cancelled"]) // a failed one can still be gone on with, elsewhere too
const REFUSED = 400

/** What of one transfer was told already. */
class Told {
  /** @type {Set<number>} */
  parts = new Set()
  tries = 0
  at = -Infinity // by `clock.now()`
  over = false
}

export class Reports {
  /** @type {WeakMap<Transfer, Told>} */
  told = new WeakMap()
  hushed = false // between a goodbye and the next sign-in
  at = -Infinity // when it was last looked what is to be reported, by `clock.now()`
  /** @type {Promise<void> | null} */
  busy = null // the report on its way

  /**
   * @param {Environment} environment
   * @param {() => Transfer[]} transfers
   * @param {(status: number) => void} answered called with the status of each answer, 0 for none
   */
  constructor({ fetch, sendBeacon, clock }, transfers, answered) {
    this.fetch = fetch
    this.sendBeacon = sendBeacon
    this.clock = clock
    this.transfers = transfers
    this.answered = answered
    clock.every(TICK, () => this.look())
    window.addEventListener("pagehide", () => this.sayGoodbye())
  }

  /** Send what is due. Called by the clock, and by progress, which is not slowed in hidden tabs. */
  look() {
    const now = this.clock.now()
    if (this.hushed || this.busy || now - this.at < TICK) return
    this.at = now // whatever is due: with many files, looking at all of them is work
    const due = this.due(({ transfer, told, news }) => {
      if (transfer.state === "done") return false // what is to be told of it goes with its completion
      const isAlive = ALIVE.has(transfer.state) && now - told.at >= HEARTBEAT
      return now - told.at >= TICK && (isAlive || hasNews(news))
    })
    if (due.length) this.busy = this.send(due)
  }

  /**
   * The transfers that the app knows and does not yet know all of, as far as they are wanted.
   * @param {(due: Due) => boolean} isWanted
   */
  due(isWanted) {
    return this.transfers()
      .map((transfer) => this.newsOf(transfer))
      .filter((due) => due !== null)
      .filter(isWanted)
  }

  /**
   * What there is to tell of a transfer; null if it has no plan yet, so that the app knows nothing of it.
   * @param {Transfer} transfer
   * @returns {Due | null}
   */
  newsOf(transfer) {
    if (!transfer.plan || transfer.lost) return null
    const told = this.told.get(transfer) ?? new Told()
    if (!this.told.has(transfer)) {
      for (const [number, , , etag] of transfer.plan.parts) if (etag) told.parts.add(number)
      told.at = this.clock.now() // planning it was a sign of life
      this.told.set(transfer, told)
    }
    if (told.over) return null
    const { id, arrived, history } = transfer
    const parts = arrived.filter(([number]) => !told.parts.has(number)).slice(0, MOST_ROWS)
    return {
      transfer,
      told,
      news: { id, parts, tries: history.slice(told.tries, told.tries + MOST_ROWS) },
    }
  }

  /**
   * The tries that go along with what is asked of a transfer.
   * @param {Transfer} transfer
   */
  untold(transfer) {
    return transfer.history.slice(this.told.get(transfer)?.tries ?? 0).slice(0, MOST_UNTOLD)
  }

  /**
   * All there is to tell of a transfer was told with what was asked.
   * @param {Transfer} transfer
   */
  close(transfer) {
    const due = this.newsOf(transfer)
    if (due) due.told.over = true
  }

  /**
   * @param {Due[]} due
   * @param {boolean} gone
   */
  async send(due, gone = false) {
    this.at = this.clock.now()
    for (const { told } of due) told.at = this.at
    const { status, unknown, elsewhere } = await this.post(due, gone)
    this.busy = null
    this.answered(status)
    // What the app finds fault with would be refused again.
    const isTaken = status === REFUSED || (status >= 200 && status < 300)
    for (const { transfer, told, news } of due) {
      if (isTaken) remember(told, news)
      else told.at += RETRY_AFTER
      if (unknown.includes(transfer.id) || elsewhere.includes(transfer.id)) told.over = true
      if (elsewhere.includes(transfer.id)) transfer.lose()
    }
  }

  /**
   * The session is about to end, after which no report is taken: tell all there is to tell, so that
   * the files can be gone on with from any window. Resolves when that is done, or takes too long.
   */
  async leave() {
    this.hushed = true
    /** @type {Promise<void>} */
    const tooLong = new Promise((resolve) => this.clock.after(PATIENCE, resolve))
    await Promise.race([this.tellAll(), tooLong])
  }

  async tellAll() {
    await this.busy
    const due = this.due(() => true)
    if (due.length) await this.send(due, true)
  }

  /** Somebody is signed in: what was kept back is told now. */
  goOn() {
    this.hushed = false
    this.look()
  }

  /** The page goes: the app need not wait until it is clear that nothing more comes. */
  sayGoodbye() {
    const due = this.due(({ transfer, news }) => !OVER.has(transfer.state) || hasNews(news))
    /** @type {Due[]} */
    let some = []
    for (const one of due) {
      if (some.length && bodyOf([...some, one], true).length > LARGEST_BEACON) {
        this.beacon(some)
        some = []
      }
      some.push(one)
    }
    if (some.length) this.beacon(some)
  }

  /** @param {Due[]} due */
  beacon(due) {
    const body = new Blob([bodyOf(due, true)], { type: "application/json" })
    if (this.sendBeacon("/transfers/report", body))
      for (const { told, news } of due) remember(told, news)
  }

  /**
   * The status of the answer, 0 where there is none, and the ids that nothing is told of any more.
   * @param {Due[]} due
   * @param {boolean} gone
   * @returns {Promise<{ status: number, unknown: string[], elsewhere: string[] }>}
   */
  async post(due, gone) {
    const nobody = { unknown: [], elsewhere: [] }
    try {
      const answer = await this.fetch("/transfers/report", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: bodyOf(due, gone),
        credentials: "same-origin",
      })
      return { status: answer.status, ...(answer.ok ? await answer.json() : nobody) }
    } catch (error) {
      if (
        error instanceof TypeError ||
        error instanceof SyntaxError ||
        error instanceof DOMException
      )
        return { status: 0, ...nobody }
      throw error
    }
  }
}

/** @param {News} news */
function hasNews({ parts, tries }) {
  return parts.length > 0 || tries.length > 0
}

/**
 * @param {Told} told
 * @param {News} news
 */
function remember(told, news) {
  for (const [number] of news.parts) told.parts.add(number)
  told.tries += news.tries.length
}

/**
 * @param {Due[]} due
 * @param {boolean} gone
 */
function bodyOf(due, gone) {
  return JSON.stringify({ holder: PAGE_LOAD, files: due.map(({ news }) => news), gone })
}
