// The finished files, the newest first, of this page load and of before: some of them, or all.

import { copyText } from "../../temp-file-workbench.toolkit/clipboard.js"
import { button, element, setText } from "../../temp-file-workbench.toolkit/elements.js"
import { counted } from "../../temp-file-workbench.toolkit/format.js"
import { saveText } from "../../temp-file-workbench.toolkit/save_text.js"
import { linksCsv } from "./csv.js"
import { LinkRow } from "./link_row.js"
import { queue } from "../page_queue.js"

const FIRST = 5 // rows that are shown until somebody asks for all
const SHOWN_FOR = 3000 // milliseconds that "Copied" stands on the button

export class LinkList {
  all = false
  rows = new Map()

  constructor(words, announcer, wish) {
    this.words = words
    this.announcer = announcer
    this.wish = wish
    this.copyAll = button(words.copy_all, () => this.copyLinks())
    this.csv = button(words.links_csv, () => this.saveCsv())
    this.clear = button(words.clear_finished, () => queue.clear(this.cleared))
    this.tools = element("div", { className: "tools buttons" }, this.copyAll, this.csv, this.clear)
    this.list = element("ul", { className: "cards" })
    this.more = button("", () => {
      this.all = !this.all
      this.update()
    })
    this.element = element("div", { className: "links" }, this.tools, this.list, this.more)
  }

  /** What "Clear finished" clears: finished files, and those that a person gave up. */
  get cleared() {
    const cancelled = queue.transfers.filter(({ state }) => state === "cancelled")
    return [...queue.finished, ...cancelled].map(({ id }) => id)
  }

  /** The finished files, those whose link still works first. */
  get finished() {
    const now = queue.clock.appTime()
    return queue.finished.toSorted(
      (one, other) => Number(one.link.deadline <= now) - Number(other.link.deadline <= now),
    )
  }

  update() {
    const { finished, words } = this
    const shown = this.all ? finished : finished.slice(0, FIRST)
    const ids = new Set(shown.map(({ id }) => id))
    for (const [id, row] of this.rows) if (!ids.has(id)) this.drop(id, row)
    const elements = shown.map((one) => this.row(one).element)
    if (elements.some((row, place) => this.list.children[place] !== row)) {
      this.list.append(...elements)
    }
    const now = queue.clock.appTime()
    for (const row of this.rows.values()) row.update(now)
    this.element.hidden = !finished.length
    for (const tool of [this.copyAll, this.csv]) tool.hidden = finished.length < 2
    this.more.hidden = finished.length <= FIRST
    setText(this.more, this.all ? words.fewer_links : counted(words.all_links, finished.length))
  }

  row(finished) {
    const held = this.rows.get(finished.id)
    if (held && held.finished.transfer === finished.transfer) {
      held.finished = finished // Python may have another word on its link
      return held
    }
    held?.remove()
    const row = new LinkRow(finished, this.words, this.announcer, this.wish)
    this.rows.set(finished.id, row)
    return row
  }

  drop(id, row) {
    row.remove()
    this.rows.delete(id)
  }

  /** Those of links that still work. */
  get working() {
    const now = queue.clock.appTime()
    return this.finished.filter(({ link }) => link.deadline > now)
  }

  async copyLinks() {
    const text = this.working.map(({ link }) => link.url).join("\n")
    const copied = await copyText(text, this.element)
    const said = copied
      ? counted(this.words.links_copied, this.working.length)
      : this.words.not_copied
    setText(this.copyAll, said)
    this.announcer.say(said)
    setTimeout(() => setText(this.copyAll, this.words.copy_all), SHOWN_FOR)
  }

  saveCsv() {
    saveText("links.csv", "text/csv", linksCsv(this.working))
  }

  remove() {
    for (const row of this.rows.values()) row.remove()
  }
}
