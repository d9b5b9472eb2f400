// Asks the app for what needs its credentials: plans, completions, ends. Waits as long as the app is
// away or nobody is signed in, and asks again in the same words: what is asked twice is done once.

import { PAGE_LOAD } from "./page_load.js"

/**
 * @import { Clock, Timer } from "./clock.js"
 * @import { Problem } from "./part.js"
 * @import { Environment } from "./queue.js"
 * @import { Link, Plan } from "./transfer.js"
 *
 * @typedef {object} Answer of the app about one file; exactly one of these
 * @property {string} id
 * @property {Plan} [plan]
 * @property {Link} [link]
 * @property {Problem} [error]
 * @property {true} [pending] there is no answer yet: to be asked for again
 *
 * @typedef {{ id: string } & Record<string, unknown>} AskedFile
 */

const FIRST_WAIT = 1000 // milliseconds before an app that did not answer is asked again
const LONGEST_WAIT = 10_000 // milliseconds; each time in vain doubles the wait up to this
/** Answers of a proxy whose app is away, and of one that asks for patience. */
const AWAY = new Set([0, 429, 502, 504])
const UNAVAILABLE = 503
const SIGNED_OUT = 401

export class Asking {
  away = false // whether the app did not answer last time
  signedOut = false
  generation = 0 // of the visitor that is signed in
  /** @type {Set<() => void>} */
  sleepers = new Set()

  /**
   * @param {Environment} environment
   * @param {() => void} changed called when the app goes away or comes back
   */
  constructor({ fetch, clock }, changed) {
    this.fetch = fetch
    this.clock = clock
    this.changed = changed
  }

  /**
   * Ask about some files, and go on asking for those that the app takes longer for. Resolves when every
   * answer was taken, or when somebody else signs in.
   * @param {"plan" | "complete"} what
   * @param {AskedFile[]} files
   * @param {(answer: Answer) => void} take is given each answer as soon as it is there
   * @param {Record<string, unknown>} more
   */
  async aboutFiles(what, files, take, more = {}) {
    let left = files
    while (left.length) {
      const answers = await this.ask(what, { ...more, files: left }, left)
      const pending = new Set()
      for (const answer of answers ?? []) {
        if (answer.pending) pending.add(answer.id)
        else take(answer)
      }
      left = left.filter(({ id }) => pending.has(id))
    }
  }

  /**
   * The app's answer about one file.
   * @param {"resume" | "fail"} what
   * @param {AskedFile} file
   * @returns {Promise<Answer | null>}
   */
  async aboutOne(what, file) {
    const found = await this.ask(what, file, [file])
    return found?.[0] ?? null
  }

  /** @param {string[]} ids */
  async cancel(ids) {
    await this.ask("cancel", { ids }, [])
  }

  /** @param {string[]} ids */
  async forget(ids) {
    await this.ask("forget", { ids }, [])
  }

  /**
   * @param {string} what
   * @param {Record<string, unknown>} body
   * @param {AskedFile[]} files that a refusal is about
   * @returns {Promise<Answer[] | null>}
   */
  async ask(what, body, files) {
    const { generation } = this
    const content = JSON.stringify({ holder: PAGE_LOAD, ...body })
    for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
      const { status, told } = await this.post(what, content)
      if (generation !== this.generation) return null
      const isAway = AWAY.has(status) || (status === UNAVAILABLE && !told.error)
      this.note(isAway, status === SIGNED_OUT)
      if (status === SIGNED_OUT || isAway) {
        await this.pass(wait)
        if (generation !== this.generation) return null
      } else if (status >= 300) {
        const error = {
          code: told.error ?? `HTTP ${status}`,
          text: told.message ?? "",
          details: {},
        }
        return files.map(({ id }) => ({ id, error }))
      } else {
        if (told.now) this.clock.heard(told.now)
        return told.files ?? []
      }
    }
  }

  /**
   * @param {string} what
   * @param {string} content
   */
  async post(what, content) {
    try {
      const answer = await this.fetch(`/transfers/${what}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: content,
        credentials: "same-origin",
      })
      const isJson = answer.headers.get("content-type")?.startsWith("application/json")
      return { status: answer.status, told: isJson ? await answer.json() : {} }
    } catch (error) {
      if (
        error instanceof TypeError ||
        error instanceof SyntaxError ||
        error instanceof DOMException
      )
        return { status: 0, told: {} }
      throw error
    }
  }

  /**
   * @param {boolean} away
   * @param {boolean} signedOut
   */
  note(away, signedOut) {
    if (away === this.away && signedOut === this.signedOut) return
    this.away = away
    this.signedOut = signedOut
    this.changed()
  }

  /**
   * A report tells as well as a question whether the app is there: while parts go, nothing is asked.
   * @param {number} status of its answer, 0 for none
   */
  answered(status) {
    const away = AWAY.has(status)
    if (this.away && !away) this.goOn()
    this.note(away, this.signedOut)
  }

  /** Somebody is signed in, or the app is there again: ask at once what waits. */
  goOn() {
    for (const wake of this.sleepers) wake()
  }

  /** Somebody else is signed in: nobody waits for these answers any more. */
  drop() {
    this.generation += 1
    this.note(false, false)
    this.goOn()
  }

  /**
   * @param {number} milliseconds
   * @returns {Promise<void>}
   */
  pass(milliseconds) {
    return new Promise((resolve) => {
      /** @type {Timer} */
      let timer
      const wake = () => {
        this.clock.stop(timer)
        this.sleepers.delete(wake)
        resolve()
      }
      timer = this.clock.after(milliseconds, wake)
      this.sleepers.add(wake)
    })
  }
}
