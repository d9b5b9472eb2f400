// Transfers that the server remembers, and that this page load does not hold: those that are not
// finished, and the links of those that are.

import { PAGE_LOAD } from "./page_load.js"

/**
 * @import { Clock, Timer } from "./clock.js"
 * @import { Problem } from "./part.js"
 * @import { Environment } from "./queue.js"
 * @import { RecordState } from "./states.js"
 *
 * @typedef {object} RecordFields as `GET /transfers` has them: sizes are bytes, times seconds since 1970
 * @property {string} id
 * @property {string} name
 * @property {number} size
 * @property {number} modified milliseconds since 1970
 * @property {RecordState} state
 * @property {number} deadline
 * @property {number | null} parts_total null as long as it is not known how many there will be
 * @property {number} parts_done
 * @property {number} bytes_done
 * @property {string} holder the page load that sends it
 * @property {number} heard when that page load reported last
 * @property {import("./transfer.js").Link | null} link once it is done
 */

const POLL = 3000 // milliseconds between looks while another window sends one of them
const HEARD_FOR = 30 // seconds after its last report during which a window counts as sending
const UNFINISHED = new Set(["planned", "failed"])

/** One of them, and what follows from its fields. */
export class TransferRecord {
  /**
   * @param {RecordFields} fields
   * @param {Clock} clock
   * @param {Problem | null} error with a file that was refused
   */
  constructor(fields, clock, error) {
    this.id = fields.id
    this.name = fields.name
    this.size = fields.size
    this.modified = fields.modified
    this.state = fields.state
    this.deadline = fields.deadline
    this.parts_total = fields.parts_total
    this.parts_done = fields.parts_done
    this.bytes_done = fields.bytes_done
    this.holder = fields.holder
    this.heard = fields.heard
    this.clock = clock
    this.error = error
  }

  /** Whether another window sends it at the moment. */
  get elsewhere() {
    return this.holder !== PAGE_LOAD && this.heard > this.clock.appTime() - HEARD_FOR
  }

  get expired() {
    return this.clock.appTime() >= this.deadline
  }

  /** Whether all of it was sent, so that completing it needs no file. */
  get isWhole() {
    const isFree = this.state === "planned" && !this.elsewhere && !this.expired
    return isFree && this.bytes_done >= this.size
  }

  /**
   * Whether a source looks like the file this was begun with; its content is compared by Python.
   * @param {File} source
   */
  isOf(source) {
    return this.mayBeOf(source) && this.name === source.name && this.isAsOldAs(source)
  }

  /**
   * Whether a source may be that file nevertheless: phones and copies change names and times.
   * @param {File} source
   */
  mayBeOf({ size }) {
    return !this.elsewhere && !this.expired && this.size === size
  }

  /**
   * Whether a source was changed last when that file was. If not, the parts sent have to prove it.
   * @param {File} source
   */
  isAsOldAs({ lastModified = 0 }) {
    return this.modified === lastModified
  }
}

export class Records {
  /** @type {TransferRecord[]} */
  all = []
  /** @type {RecordFields[]} */
  done = [] // that have a link, newest first
  /** @type {Map<string, Problem>} */
  errors = new Map()
  /** @type {Set<string>} */
  gone = new Set()
  /** @type {Timer | null} */
  timer = null

  /**
   * @param {Environment} environment
   * @param {() => void} changed called when there is something new to show
   */
  constructor({ fetch, clock }, changed) {
    this.fetch = fetch
    this.clock = clock
    this.changed = changed
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.refresh()
    })
    this.refresh()
  }

  /** @param {string} id */
  find(id) {
    return this.all.find((record) => record.id === id)
  }

  /**
   * The record of a file that is added: one that looks like it, or else one that may be of it.
   *
   * @param {File} source
   * @param {TransferRecord[]} among
   * @returns {TransferRecord | undefined}
   */
  static of(source, among) {
    const mayBe = among.filter(
      (record) => record.mayBeOf(source) && (record.parts_done > 0 || record.isOf(source)),
    )
    return (
      mayBe.find((record) => record.isOf(source)) ??
      mayBe.find(({ name }) => name === source.name) ??
      mayBe[0]
    )
  }

  /** Look anew. While the server cannot tell, what was known before stays. */
  async refresh() {
    this.clock.stop(this.timer)
    const list = await this.fetchList()
    if (list) {
      const unfinished = list.filter(({ id, state }) => UNFINISHED.has(state) && !this.gone.has(id))
      this.done = list.filter(({ id, link }) => link && !this.gone.has(id))
      this.all = unfinished.map(
        (fields) => new TransferRecord(fields, this.clock, this.errors.get(fields.id) ?? null),
      )
      this.changed()
    }
    this.clock.stop(this.timer)
    if (this.all.some(({ elsewhere }) => elsewhere))
      this.timer = this.clock.after(POLL, () => this.refresh())
  }

  /**
   * Keep what was wrong with the file that was chosen for a record.
   * @param {string} id
   * @param {Problem} error
   */
  refuse(id, error) {
    this.errors.set(id, error)
    const record = this.find(id)
    if (record) record.error = error
  }

  /** @param {string} id */
  accept(id) {
    this.errors.delete(id)
  }

  /** Begin anew, for somebody else. */
  forget() {
    this.all = []
    this.done = []
    this.errors.clear()
    this.gone.clear()
    this.refresh()
  }

  /**
   * Show a record no more, even before the server has heard of it.
   * @param {string} id
   */
  drop(id) {
    this.gone.add(id)
    this.all = this.all.filter((record) => record.id !== id)
    this.done = this.done.filter((record) => record.id !== id)
  }

  /**
   * Show records again that the server still knows.
   * @param {string[]} ids
   */
  restore(ids) {
    for (const id of ids) this.gone.delete(id)
    this.refresh()
  }

  /**
   * The server's list, or null where there is no answer to read.
   * @returns {Promise<RecordFields[] | null>}
   */
  async fetchList() {
    try {
      const answer = await this.fetch("/transfers", {
        credentials: "same-origin",
        cache: "no-store",
      })
      if (!answer.ok) return null
      const { now, transfers } = await answer.json()
      this.clock.heard(now)
      return transfers
    } catch (error) {
      if (
        error instanceof TypeError ||
        error instanceof SyntaxError ||
        error instanceof DOMException
      )
        return null
      throw error
    }
  }
}
