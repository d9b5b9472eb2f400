// The upload page's component: a place to give files to, what is remembered unfinished, a card per file,
// and the links of those that are done. It draws what `queue` holds and tells the queue what the person
// wants; what only Python can do with a finished file it has Python do.

import { Announcer } from "../temp-file-workbench.toolkit/announcer.js"
import { Card } from "./view/card.js"
import { DropZone } from "./view/drop_zone.js"
import { button, element, focused, setText } from "../temp-file-workbench.toolkit/elements.js"
import { LinkList } from "./view/link_list.js"
import { counted } from "../temp-file-workbench.toolkit/format.js"
import { openParts } from "./view/open_parts.js"
import { lookAt } from "./engine/look.js"
import { sharedHasher } from "./engine/hashing/hasher.js"
import { queue } from "./page_queue.js"
import { RecordCard } from "./view/record_card.js"
import { Totals } from "./view/totals.js"
import { whenGone } from "../temp-file-workbench.toolkit/when_gone.js"

const TICK = 1000 // milliseconds between two looks at what only time changes
const DETAILS = ".st-key-selected-transfer" // with the id; Python draws them, below
const DETAILS_WAIT = 5000 // milliseconds that they may take to appear
const NAMED = 5 // files that are named one by one
const WAITING_SHOWN = 5 // cards of files that wait for their turn or for an answer of the app
const WAITING = new Set(["queued", "planning", "completing"])
const views = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  const view = views.get(parentElement) ?? new Uploader(parentElement, data.words)
  views.set(parentElement, view)
  view.tell = (wish) => setTriggerValue("wish", wish)
  view.update()
  return whenGone(parentElement, () => view.remove())
}

class Uploader {
  /** @type {(wish: { what: string, id: string }) => void} */
  tell = () => {} // set by each run
  constructor(parent, words) {
    this.words = words
    this.cards = new Map()
    this.records = new Map()
    this.live = element("p", { className: "only-heard" })
    this.live.role = "status"
    this.announcer = new Announcer(this.live)
    this.drop = new DropZone(words, {
      read: (file) => lookAt(file, file.size),
      begin: () => this.tellTwins([]),
      take: (files) => this.take(files),
      isThere: (file) => queue.has(file),
    })
    this.unsent = told()
    this.tellUnsent()
    this.cleared = null // what is said to be cleared
    this.twins = [] // files of the last choice that are in the list already
    this.toldTwins = told()
    this.toldCleared = told()
    this.totals = new Totals(words)
    this.list = element("ul", { className: "cards" })
    this.waiting = element("p", { className: "waiting", hidden: true })
    this.links = new LinkList(words, this.announcer, (what, id) => this.wish(what, id))
    this.recordList = element("ul", { className: "cards" })
    this.unfinished = section(words.unfinished_label, this.recordList)
    this.files = section(
      words.transfers_label,
      this.totals.element,
      this.list,
      this.waiting,
      this.links.element,
    )
    this.root = element(
      "div",
      { className: "uploader" },
      this.drop.element,
      this.unsent,
      this.toldTwins,
      this.toldCleared,
      this.live,
      this.unfinished,
      this.files,
    )
    parent.append(this.root)
    this.stopListening = queue.listen(() => this.update())
    this.timer = setInterval(() => this.update(), TICK)
    sharedHasher() // so that the first file need not wait for it
    queue.pages += 1
    queue.repaint()
  }

  /** Have Python do something with a finished file; details are brought into sight once they are there. */
  wish(what, id) {
    this.tell({ what, id })
    if (what !== "details") return
    const seen = new MutationObserver(() => {
      const place = document.querySelector(`${DETAILS}-${CSS.escape(id)}`)
      if (!place) return
      seen.disconnect()
      place.scrollIntoView({ block: "start" })
    })
    seen.observe(document.body, { childList: true, subtree: true })
    setTimeout(() => seen.disconnect(), DETAILS_WAIT)
  }

  /** Name what was chosen and not begun before the page was loaded anew, until it is chosen again. */
  tellUnsent() {
    const names = queue.unsent?.names ?? []
    this.unsent.replaceChildren()
    if (!names.length) return
    const { words } = this
    const shown = names.slice(0, NAMED).join(", ") + (names.length > NAMED ? " …" : "")
    const text = counted(words.unsent, names.length, { names: shown })
    const close = button(words.close, () => {
      queue.unsent = null
      this.tellUnsent()
      this.drop.choose.focus()
    })
    this.unsent.append(element("p", { textContent: text }), close)
  }

  /** Take files in; those that are in the list already only when that is wanted all the same. */
  take(files) {
    const twins = files.filter((file) => queue.has(file))
    queue.add(files.filter((file) => !twins.includes(file)))
    queue.chosenAgain(files.map(({ name }) => name))
    this.tellUnsent()
    if (twins.length) this.tellTwins([...this.twins, ...twins])
  }

  tellTwins(twins) {
    this.twins = twins
    this.toldTwins.replaceChildren()
    if (!twins.length) return
    const { words } = this
    const text = counted(words.twins, twins.length, { name: twins[0].name })
    const again = button(words.add_twins, () => {
      this.tellTwins([])
      queue.add(twins)
    })
    this.toldTwins.append(element("p", { textContent: text }), again)
  }

  /** Say what was cleared as long as it can be shown again. */
  tellCleared() {
    const { cleared } = queue
    if (cleared === this.cleared) return
    this.cleared = cleared
    const hadFocus = this.toldCleared.contains(focused(this.root))
    this.toldCleared.replaceChildren()
    if (hadFocus) this.drop.choose.focus()
    if (!cleared) return
    const { words } = this
    const text = counted(words.cleared, cleared.ids.length)
    const undo = button(words.undo, () => queue.undoClear())
    this.toldCleared.append(element("p", { textContent: text }), undo)
    undo.focus()
  }

  remove() {
    clearInterval(this.timer)
    this.drop.remove()
    this.announcer.stop()
    this.stopListening()
    for (const card of this.cards.values()) card.remove()
    this.links.remove()
    queue.pages -= 1
    queue.repaint()
    this.root.remove()
  }

  update() {
    const holder = focused(this.root)
    const { active } = queue
    // What goes in one PUT has nothing to show that its bar does not.
    const cut = active?.plan?.kind === "multipart" ? active : undefined
    openParts.follow(cut, (id) => queue.find(id))
    this.updateCards()
    this.links.update()
    const hasFiles = this.cards.size > 0 || !this.links.element.hidden
    this.files.hidden = !hasFiles
    this.files.dataset.done = String(queue.transfers.filter(({ state }) => state === "done").length)
    this.drop.element.classList.toggle("compact", hasFiles)
    this.updateRecords()
    this.totals.update()
    this.tellCleared()
    const isGone = holder && (!holder.isConnected || holder.closest("[hidden]"))
    if (isGone && (!focused(this.root) || focused(this.root) === holder)) this.refocus(holder)
  }

  updateCards() {
    const shown = this.shownCards()
    const held = new Set(shown.map(({ id }) => id))
    for (const [id, card] of this.cards) {
      if (held.has(id)) continue
      if (card.transfer.state === "done") card.speak()
      card.remove()
      this.cards.delete(id)
    }
    const added = shown.filter(({ id }) => !this.cards.has(id))
    this.list.append(...added.map((transfer) => this.add(transfer)))
    for (const card of this.cards.values()) card.update()
  }

  /** The cards of what is not done: of those that wait for their turn only the next ones. */
  shownCards() {
    const open = queue.transfers.filter(({ state }) => state !== "done")
    const waiting = open.filter(({ state }) => WAITING.has(state)).slice(WAITING_SHOWN)
    setText(this.waiting, waiting.length ? counted(this.words.files_waiting, waiting.length) : "")
    this.waiting.hidden = !waiting.length
    const hidden = new Set(waiting)
    return open.filter((transfer) => !hidden.has(transfer))
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
      this.links.rows.get(id) ??
      [...this.records.values(), ...this.cards.values()][0]
    ;(card?.name ?? this.drop.choose).focus()
  }
}

/** A place for a word on what was chosen or cleared, with what can be done about it. */
function told() {
  const place = element("div", { className: "told" })
  place.role = "status"
  return place
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
