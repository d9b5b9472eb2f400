// The upload page's component: a place to give files to, what is remembered unfinished, and a card per
// file. It draws what `queue` holds and tells the queue what the person wants; Python is told by the tray.

import { Announcer } from "../temp-file-workbench.toolkit/announcer.js"
import { Card } from "./view/card.js"
import { DropZone } from "./view/drop_zone.js"
import { element, focused } from "../temp-file-workbench.toolkit/elements.js"
import { openParts } from "./view/open_parts.js"
import { queue } from "./page_queue.js"
import { RecordCard } from "./view/record_card.js"
import { Totals } from "./view/totals.js"
import { whenGone } from "../temp-file-workbench.toolkit/when_gone.js"

const TICK = 1000 // milliseconds between two looks at what only time changes
const views = new WeakMap()

export default function ({ data, parentElement }) {
  const view = views.get(parentElement) ?? new Uploader(parentElement, data.words)
  views.set(parentElement, view)
  view.update()
  return whenGone(parentElement, () => view.remove())
}

class Uploader {
  constructor(parent, words) {
    this.words = words
    this.cards = new Map()
    this.records = new Map()
    this.live = element("p", { className: "only-heard" })
    this.live.role = "status"
    this.announcer = new Announcer(this.live)
    this.drop = new DropZone(words, (files) => queue.add(files))
    this.totals = new Totals(words)
    this.list = element("ul", { className: "cards" })
    this.recordList = element("ul", { className: "cards" })
    this.unfinished = section(words.unfinished_label, this.recordList)
    this.files = section(words.transfers_label, this.totals.element, this.list)
    this.root = element(
      "div",
      { className: "uploader" },
      this.drop.element,
      this.live,
      this.unfinished,
      this.files,
    )
    parent.append(this.root)
    this.stopListening = queue.listen(() => this.update())
    this.timer = setInterval(() => this.update(), TICK)
    queue.pages += 1
    queue.repaint()
  }

  remove() {
    clearInterval(this.timer)
    this.drop.remove()
    this.announcer.stop()
    this.stopListening()
    for (const card of this.cards.values()) card.remove()
    queue.pages -= 1
    queue.repaint()
    this.root.remove()
  }

  update() {
    const holder = focused(this.root)
    openParts.follow(queue.active, (id) => queue.find(id))
    this.updateCards()
    this.updateRecords()
    this.totals.update(queue)
    if (holder && !holder.isConnected && !focused(this.root)) this.refocus(holder)
  }

  updateCards() {
    const held = new Set(queue.transfers.map(({ id }) => id))
    for (const [id, card] of this.cards) {
      if (held.has(id)) continue
      card.remove()
      this.cards.delete(id)
    }
    const added = queue.transfers
      .filter(({ id }) => !this.cards.has(id))
      .map((transfer) => this.add(transfer))
    this.list.prepend(...added)
    for (const card of this.cards.values()) card.update()
    this.files.hidden = !this.cards.size
  }

  add(transfer) {
    const card = new Card(transfer, this.words, this.announcer)
    this.cards.set(transfer.id, card)
    return card.element
  }

  updateRecords() {
    const known = new Set(queue.records.map(({ id }) => id))
    for (const [id, card] of this.records) {
      if (known.has(id)) continue
      card.element.remove()
      this.records.delete(id)
    }
    for (const record of queue.records) {
      if (!this.records.has(record.id)) this.addRecord(record)
      this.records.get(record.id).update(record)
    }
    this.unfinished.hidden = !this.records.size
  }

  addRecord(record) {
    const card = new RecordCard(record, this.words)
    this.records.set(record.id, card)
    this.recordList.append(card.element)
  }

  /** A card that went took the keyboard with it: on to the card of the same transfer, or the first. */
  refocus(holder) {
    const id = holder.closest("[data-transfer]")?.dataset.transfer
    const card =
      this.cards.get(id) ??
      this.records.get(id) ??
      [...this.records.values(), ...this.cards.values()][0]
    ;(card?.name ?? this.drop.choose).focus()
  }
}

function section(title, ...children) {
  const made = element(
    "section",
    { hidden: true },
    element("h2", { textContent: title }),
    ...children,
  )
  made.ariaLabel = title
  return made
}
