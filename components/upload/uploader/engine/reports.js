// Tells the server what is there, so that a reload or a crash loses nothing: which parts the store has
// and every try, once each, and a sign of life. Losing a report never hurts the upload.

import { PAGE_LOAD } from "./page_load.js"

const TICK = 1000 // milliseconds; at most one report per transfer in that time
const HEARTBEAT = 10_000 // milliseconds without a report after which one is sent anyway
const RETRY_AFTER = 3000 // milliseconds added where a report was not taken
const PATIENCE = 3000 // milliseconds that a goodbye may take before the session ends all the same
const MOST_ROWS = 80 // parts and tries in one report; it may have 64 KiB, as a beacon may
const ALIVE = new Set(["queued", "sending", "paused", "completing"])
const OVER = new Set(["done", "cancelled"]) // a failed one can still be gone on with, elsewhere too
const REFUSED = 400
const UNKNOWN = 404
const ELSEWHERE = 409

/** What of one transfer was told already. */
class Told {
  constructor() {
    this.parts = new Set()
    this.tries = 0
    this.at = -Infinity
    this.busy = null // the report on its way, as a promise
    this.over = false
  }
}

export class Reports {
  constructor(transfers) {
    this.transfers = transfers // a function that returns them
    this.told = new WeakMap()
    this.hushed = false // between a goodbye and the next sign-in
    setInterval(() => this.look(), TICK)
    window.addEventListener("pagehide", () => this.sayGoodbye())
  }

  /** Send what is due. Called by the clock, and by progress, which is not slowed in hidden tabs. */
  look() {
    if (this.hushed) return
    const now = performance.now()
    for (const transfer of this.transfers()) {
      const told = this.of(transfer)
      if (!told || told.busy || now - told.at < TICK) continue
      const isDue = ALIVE.has(transfer.state) && now - told.at >= HEARTBEAT
      const news = newsOf(transfer, told)
      if (isDue || news.parts.length || news.tries.length) told.busy = this.send(transfer, told, news)
    }
  }

  /** What was told of a transfer; null if it has no plan yet, so that the server knows nothing of it. */
  of(transfer) {
    if (!transfer.plan || transfer.lost) return null
    if (!this.told.has(transfer)) this.told.set(transfer, this.begin(transfer))
    const told = this.told.get(transfer)
    return told.over ? null : told
  }

  begin(transfer) {
    const told = new Told()
    for (const number of Object.keys(transfer.plan.etags)) told.parts.add(Number(number))
    return told
  }

  async send(transfer, told, news) {
    told.at = performance.now()
    const status = await post(transfer.id, news)
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
    await Promise.race([Promise.all(goodbyes), new Promise((resolve) => setTimeout(resolve, PATIENCE))])
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
      if (navigator.sendBeacon(pathOf(transfer.id), body)) remember(told, news)
    }
  }
}

function newsOf({ parts, history }, told) {
  const arrived = parts.filter(({ number, etag }) => etag && !told.parts.has(number))
  const rows = arrived.slice(0, MOST_ROWS).map(({ number, etag }) => [number, etag])
  return { parts: rows, tries: history.slice(told.tries, told.tries + MOST_ROWS) }
}

function remember(told, news) {
  for (const [number] of news.parts) told.parts.add(number)
  told.tries += news.tries.length
}

function bodyOf(news) {
  return JSON.stringify({ holder: PAGE_LOAD, ...news })
}

function pathOf(id) {
  return `/transfers/${encodeURIComponent(id)}/report`
}

/** The status of the answer, 0 where there is none. */
async function post(id, news) {
  try {
    const headers = { "Content-Type": "application/json" }
    const answer = await fetch(pathOf(id), { method: "POST", headers, body: bodyOf(news), credentials: "same-origin" })
    return answer.status
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return 0
    throw error
  }
}
