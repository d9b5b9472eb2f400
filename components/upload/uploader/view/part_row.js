// One part in the part table: a row, and below it, on demand, what its tries were answered.

import {
  button,
  element,
  focused,
  icon,
  setText,
} from "../../temp-file-workbench.toolkit/elements.js"
import { counted, partSize, rate, sentence } from "../../temp-file-workbench.toolkit/format.js"
import { triesTable } from "./tries_table.js"

export class PartRow {
  /**
   * @param {import("../engine/part.js").Part} part
   * @param {import("../engine/transfer.js").Transfer} transfer
   * @param {Record<string, any>} words
   * @param {import("./part_table.js").PartActions} actions
   */
  constructor(part, transfer, words, actions) {
    this.part = part
    this.transfer = transfer
    this.words = words
    this.actions = actions
    this.drawn = ""
    this.details = null
    this.element = element(
      "tr",
      { tabIndex: -1 },
      element("th", { scope: "row", textContent: part.number }),
    )
    const cell = (className) => this.element.appendChild(element("td", { className }))
    cell("range").append(
      `${part.start.toLocaleString("en")}–`,
      element("wbr"),
      (part.end - 1).toLocaleString("en"),
    )
    cell("size").textContent = partSize(part.size)
    this.status = cell("status")
    this.bar = element("progress", { max: part.size })
    this.bar.ariaLabel = sentence(words.part_progress, { part: part.number })
    this.progress = cell("progress")
    this.progress.append(this.bar)
    this.tries = cell("tries")
    this.speed = cell("speed")
    this.etag = cell("etag")
  }

  /** Draw what changed; a row that did not change is not touched. */
  update() {
    const { part } = this
    const now = `${part.status} ${part.sent} ${part.tries} ${part.etag} ${part.note} ${this.canRetry()}`
    if (now === this.drawn) return
    this.drawn = now
    this.drawStatus()
    this.bar.value = part.sent
    this.drawTries()
    setText(
      this.speed,
      part.status === "done" && part.seconds ? rate(part.size / part.seconds) : "",
    )
    this.drawAnswer()
    this.drawRetry()
  }

  drawStatus() {
    const { part, words } = this
    const text = sentence(words.status[shownStatus(part)], { tries: part.tries })
    if (this.element.dataset.status === part.status && this.said === text) return
    this.element.dataset.status = part.status
    this.said = text
    this.status.replaceChildren(icon(part.status), ` ${text}`)
  }

  drawTries() {
    const { tries, number } = this.part
    if (!tries) return
    if (!this.opener) {
      this.opener = this.tries.appendChild(button("", () => this.toggleTries(), "number"))
      this.opener.ariaExpanded = "false"
    }
    if (this.opener.textContent !== String(tries)) {
      this.opener.textContent = String(tries)
      this.opener.ariaLabel = counted(this.words.open_tries, tries, { part: number })
    }
    if (this.details) this.drawDetails()
  }

  /** The ETag, or why there is none; narrow pages cut it, so pointing at it shows it whole. */
  drawAnswer() {
    const answer = this.part.etag ?? this.part.note
    if (this.etag.title === answer) return
    this.etag.title = answer
    setText(this.etag, answer)
  }

  /** The way to send a failed part again takes the place of its progress bar. */
  drawRetry() {
    const wanted = this.canRetry()
    if (wanted && !this.retry) {
      this.retry = button(
        this.words.retry_part_short,
        () => this.actions.retryPart(this.part.number),
        "small",
      )
      this.retry.ariaLabel = sentence(this.words.retry_part, { part: this.part.number })
      this.progress.replaceChildren(this.retry)
    } else if (!wanted && this.retry) {
      const hadFocus = focused(this.retry) === this.retry
      this.progress.replaceChildren(this.bar)
      this.retry = null
      if (hadFocus) this.element.focus()
    }
  }

  canRetry() {
    return this.part.status === "failed" && this.actions.mayRetry()
  }

  toggleTries() {
    const open = !this.details
    this.opener.ariaExpanded = String(open)
    if (open) {
      this.cell = element("td", { colSpan: this.element.cells.length })
      this.details = element("tr", { className: "tries-of" }, this.cell)
      this.drawDetails()
      this.element.after(this.details)
    } else {
      this.details.remove()
      this.details = null
    }
  }

  drawDetails() {
    const { part, transfer, words } = this
    if (part.status === "done" && this.listed === part.tries) return
    this.listed = part.status === "done" ? part.tries : null
    this.cell.replaceChildren(triesTable(part, transfer.history, words))
  }

  /** Show or hide the row with its details; returns whether it is shown. */
  show(yes) {
    this.element.hidden = !yes
    if (this.details) this.details.hidden = !yes
    return yes
  }
}

/** Two kinds of "sending" have words of their own. */
function shownStatus(part) {
  if (part.isOut) return "answering"
  return part.status === "sending" && part.isRepeated ? "repeating" : part.status
}
