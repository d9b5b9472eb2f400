// The part of a card that opens: strip, part table, timeline. Built when it is opened first.

import { element, setText } from "../../temp-file-workbench.toolkit/elements.js"
import { counted, partSize, sentence } from "../../temp-file-workbench.toolkit/format.js"
import { mayRetry } from "./card_buttons.js"
import { openParts } from "./open_parts.js"
import { PartStrip } from "./part_strip.js"
import { PartTable } from "./part_table.js"
import { queue } from "../page_queue.js"
import { Timeline } from "./timeline.js"

export class PartSection {
  constructor(transfer, words, announce) {
    this.transfer = transfer
    this.words = words
    this.announce = announce
    this.views = []
    this.summary = element("summary")
    this.summary.addEventListener("click", (event) => {
      event.preventDefault()
      openParts.toggle(transfer.id)
      queue.repaint()
    })
    this.content = element("div", { className: "content" })
    this.element = element(
      "details",
      { className: "part-section", hidden: true },
      this.summary,
      this.content,
    )
  }

  update() {
    const { parts, id } = this.transfer
    this.element.hidden = !parts.length
    setText(this.summary, this.summaryText())
    this.element.open = openParts.isOpen(id)
    if (this.element.open && parts.length && !this.views.length) this.build()
    for (const view of this.views) view.update()
  }

  summaryText() {
    const { parts, state, isCut } = this.transfer
    const { words } = this
    if (state === "done") return sizedText(parts, words)
    const done = parts.filter(({ status }) => status === "done").length
    return counted(isCut ? words.parts_done : words.parts_so_far, parts.length, { done })
  }

  build() {
    const { transfer, words, announce } = this
    const actions = {
      announce,
      mayRetry: () => mayRetry(transfer),
      retryPart: (number) => queue.retryPart(transfer.id, number),
    }
    this.timeline = new Timeline(transfer, words)
    this.views = [
      new PartStrip(transfer, words),
      new PartTable(transfer, words, actions),
      this.timeline,
    ]
    this.content.append(...this.views.map((view) => view.element))
  }

  remove() {
    this.timeline?.remove()
  }
}

/** How many parts there are, and how large all but the last are. */
function sizedText(parts, words) {
  const sizes = parts.slice(0, -1).map(({ size }) => size)
  const least = partSize(Math.min(...sizes))
  const most = partSize(Math.max(...sizes))
  const each = least === most ? most : sentence(words.from_to, { least, most })
  return counted(words.parts_sized, parts.length, { each })
}
