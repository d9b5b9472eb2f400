// The live part table: a row per part, drawn once it is cut, then only the rows that changed. What is shown can
// be narrowed to one status.

import { button, element, focused, setText } from "../../temp-file-workbench.toolkit/elements.js"
import { partsCsv } from "./csv.js"
import { copyText } from "../../temp-file-workbench.toolkit/clipboard.js"
import { sentence } from "../../temp-file-workbench.toolkit/format.js"
import { PartRow } from "./part_row.js"

const COPIED_FOR = 3000 // milliseconds that the button says so

/**
 * What can be done with the parts of a transfer.
 * @typedef {object} PartActions
 * @property {(number: number) => void} retryPart
 * @property {() => boolean} mayRetry
 * @property {(text: string) => void} announce
 */

export class PartTable {
  /**
   * @param {import("../engine/transfer.js").Transfer} transfer
   * @param {Record<string, any>} words
   * @param {PartActions} actions
   */
  constructor(transfer, words, actions) {
    this.transfer = transfer
    this.words = words
    this.actions = actions
    this.rows = []
    this.none = element("p", { className: "none", textContent: words.none_of_status, hidden: true })
    this.scroller = element("div", { className: "parts", tabIndex: 0 }, this.table(), this.none)
    this.scroller.role = "region"
    this.scroller.ariaLabel = sentence(words.table_label, { name: transfer.name })
    this.element = element("div", { className: "part-table" }, this.tools(), this.scroller)
  }

  table() {
    const titles = this.words.columns.map((title) =>
      element("th", { scope: "col", textContent: title }),
    )
    this.body = element("tbody")
    return element("table", {}, element("thead", {}, element("tr", {}, ...titles)), this.body)
  }

  tools() {
    const { words } = this
    const options = Object.entries(words.filters).map(([value, text]) =>
      element("option", { value, textContent: text }),
    )
    this.filter = element("select", {}, ...options)
    this.filter.addEventListener("change", () => this.narrow())
    this.jump = button(words.jump, () => this.jumpToFailed())
    this.copy = button(words.copy_csv, () => this.copyCsv())
    this.label = element("label", {}, `${words.show} `, this.filter)
    return element("div", { className: "buttons tools" }, this.label, this.jump, this.copy)
  }

  update() {
    this.addRows()
    for (const row of this.rows) row.update()
    if (this.filter.value !== "all") this.narrow()
    const failed = this.transfer.parts.some(({ status }) => status === "failed")
    if (!failed && focused(this.jump) === this.jump) this.scroller.focus()
    this.jump.hidden = !failed
  }

  /** Parts may be cut while others are on their way. */
  addRows() {
    const { transfer, words, actions, rows } = this
    const added = transfer.parts
      .slice(rows.length)
      .map((part) => new PartRow(part, transfer, words, actions))
    rows.push(...added)
    this.body.append(...added.map((row) => row.element))
    this.label.hidden = rows.length < 2
  }

  /** Show the rows of the status chosen. */
  narrow() {
    const wanted = this.filter.value
    const holder = this.rows.find(
      (row) =>
        row.element.contains(focused(this.element)) || row.details?.contains(focused(this.element)),
    )
    const shown = this.rows.filter((row) =>
      row.show(wanted === "all" || row.part.status === wanted),
    )
    this.none.hidden = shown.length > 0
    if (holder?.element.hidden) this.filter.focus()
  }

  jumpToFailed() {
    const row = this.rows.find(({ part }) => part.status === "failed")
    if (row.element.hidden) {
      this.filter.value = "all"
      this.narrow()
    }
    row.element.scrollIntoView({ block: "center" })
    row.element.focus({ preventScroll: true })
  }

  async copyCsv() {
    const { words } = this
    const copied = await copyText(partsCsv(this.transfer.parts), this.element)
    this.copy.focus()
    const text = copied ? words.copied : words.not_copied
    setText(this.copy, text)
    this.actions.announce(text)
    setTimeout(() => setText(this.copy, words.copy_csv), COPIED_FOR)
  }
}
