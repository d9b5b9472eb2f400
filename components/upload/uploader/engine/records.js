// Transfers that the server remembers, that are not finished, and that this page load does not hold.

import { appTime, heardTime } from "./clock.js"
import { PAGE_LOAD } from "./page_load.js"

const POLL = 3000 // milliseconds between looks while another window sends one of them
const HEARD_FOR = 30 // seconds after its last report during which a window counts as sending
const UNFINISHED = new Set(["planned", "failed"])

/** Fields as `GET /transfers` has them, and what follows from them. */
class Record {
  constructor(fields, error) {
    Object.assign(this, fields)
    this.error = error ?? null // { code, text } of a file that was refused
  }

  /** Whether another window sends it at the moment. */
  get elsewhere() {
    return this.holder !== PAGE_LOAD && this.heard > appTime() - HEARD_FOR
  }

  get expired() {
    return appTime() >= this.deadline
  }

  /** Whether a source looks like the file this was begun with; its content is compared by Python. */
  isOf(source) {
    return this.mayBeOf(source) && this.name === source.name && this.isAsOldAs(source)
  }

  /** Whether a source may be that file nevertheless: phones and copies change names and times. */
  mayBeOf({ size }) {
    return !this.elsewhere && !this.expired && this.size === size
  }

  /** Whether a source was changed last when that file was. If not, the parts sent have to prove it. */
  isAsOldAs({ lastModified = 0 }) {
    return this.modified === lastModified
  }
}

export class Records {
  /** @param changed called when there is something new to show */
  constructor(changed) {
    this.changed = changed
    this.all = []
    this.errors = new Map()
    this.gone = new Set()
    this.timer = 0
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.refresh()
    })
    this.refresh()
  }

  find(id) {
    return this.all.find((record) => record.id === id)
  }

  /**
   * The record of a file that is added: one that looks like it, or else one that may be of it.
   *
   * @param {Record[]} among
   */
  static of(source, among) {
    const mayBe = among.filter((record) => record.mayBeOf(source) && (record.parts_done > 0 || record.isOf(source)))
    return mayBe.find((record) => record.isOf(source)) ?? mayBe.find(({ name }) => name === source.name) ?? mayBe[0]
  }

  /** Look anew. While the server cannot tell, what was known before stays. */
  async refresh() {
    clearTimeout(this.timer)
    const list = await fetchList()
    if (list) {
      const unfinished = list.filter(({ id, state }) => UNFINISHED.has(state) && !this.gone.has(id))
      this.all = unfinished.map((fields) => new Record(fields, this.errors.get(fields.id)))
      this.changed()
    }
    clearTimeout(this.timer)
    if (this.all.some(({ elsewhere }) => elsewhere)) this.timer = setTimeout(() => this.refresh(), POLL)
  }

  /** Keep what was wrong with the file that was chosen for a record. */
  refuse(id, error) {
    this.errors.set(id, error)
    const record = this.find(id)
    if (record) record.error = error
  }

  accept(id) {
    this.errors.delete(id)
  }

  /** Begin anew, for somebody else. */
  forget() {
    this.all = []
    this.errors.clear()
    this.gone.clear()
    this.refresh()
  }

  /** Show a record no more, even before the server has heard of it. */
  drop(id) {
    this.gone.add(id)
    this.all = this.all.filter((record) => record.id !== id)
  }
}

/** The server's list, or null where there is no answer to read. */
async function fetchList() {
  try {
    const answer = await fetch("/transfers", { credentials: "same-origin", cache: "no-store" })
    if (!answer.ok) return null
    const { now, transfers } = await answer.json()
    heardTime(now)
    return transfers
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError || error instanceof DOMException) return null
    throw error
  }
}
