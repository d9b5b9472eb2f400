// One transfer: name and state, how much is there, what to know, what to do, and its parts.

import { CardButtons } from "./card_buttons.js"
import { element, fileName, icon, setText } from "../../temp-file-workbench.toolkit/elements.js"
import { pathOf } from "../../temp-file-workbench.toolkit/folders.js"
import {
  counted,
  duration,
  elapsed,
  rate,
  sentence,
  size,
} from "../../temp-file-workbench.toolkit/format.js"
import { Notices, noticesOf } from "./notices.js"
import { openParts } from "./open_parts.js"
import { PartSection } from "./part_section.js"
import { percentOf, ProgressBar } from "../../temp-file-workbench.toolkit/progress_bar.js"
import { queue } from "../page_queue.js"
import { UNANSWERED_AFTER } from "../engine/sending/silence.js"

const ANNOUNCED_STEPS = 4 // a screen reader hears every quarter, not every tick
const AT_REST = new Set(["queued", "done", "cancelled"])
const SIGNS = new Set(["done", "failed", "cancelled", "sending"])

/** What was said of a transfer, whichever card of it said so. */
const said = new WeakMap()

export class Card {
  constructor(transfer, words, announcer) {
    this.transfer = transfer
    this.words = words
    this.announcer = announcer
    this.drawn = ""
    const { name } = transfer
    this.name = element(
      "h3",
      { className: "name", tabIndex: -1 },
      fileName(name, pathOf(transfer.source) || name),
    )
    this.size = element("span", { className: "file-size", textContent: size(transfer.size) })
    this.state = element("span", { className: "state" })
    this.error = element("p", { className: "error" })
    this.error.role = "alert"
    this.bar = new ProgressBar(name, words)
    this.numbers = element("p", { className: "numbers" })
    this.notices = new Notices()
    this.buttons = new CardButtons(transfer, words, this.name)
    this.parts = new PartSection(transfer, words, (text) => announcer.say(text))
    const head = element("div", { className: "head" }, this.name, this.size, this.state)
    const rows = [
      head,
      this.error,
      this.bar.element,
      this.numbers,
      this.notices.element,
      this.buttons.element,
      this.parts.element,
    ]
    this.element = element("li", { className: "card" }, ...rows)
    this.element.dataset.transfer = transfer.id
  }

  update() {
    const { transfer } = this
    if (this.isUnchanged()) return
    this.element.dataset.state = transfer.state
    this.percent = percentOf(transfer)
    this.drawState()
    setText(this.error, transfer.lost ? "" : (transfer.error?.text ?? ""))
    this.drawProgress()
    const waits = transfer.state === "queued" && !transfer.sent
    this.notices.show(waits ? [] : noticesOf(transfer, queue.settings, this.words))
    this.buttons.update()
    this.parts.update()
    this.speak()
  }

  /** With 200 files, those that wait or are through cost nothing. */
  isUnchanged() {
    const { state, id, sha256, lost } = this.transfer
    const now = `${state} ${sha256} ${lost} ${openParts.isOpen(id)}`
    const same = AT_REST.has(state) && now === this.drawn
    this.drawn = now
    return same
  }

  drawState() {
    const shown = this.transfer.phase
    if (shown === this.stateDrawn) return
    this.stateDrawn = shown
    this.state.replaceChildren(
      icon(SIGNS.has(shown) ? shown : "waiting"),
      ` ${this.words.states[shown]}`,
    )
  }

  drawProgress() {
    const { transfer, words, percent } = this
    const { confirmed, sent, size: total, state } = transfer
    this.bar.element.hidden = this.numbers.hidden = state === "queued" && !sent
    const there = percentOf({ state, sent: confirmed, size: total })
    const share = sentence(confirmed ? words.share : words.share_sent, { percent, there })
    this.bar.update(percent, there, share)
    const bytes = sentence(words.bytes_of, { bytes: size(sent), total: size(total) })
    const pace = state === "sending" ? this.paceTexts() : []
    if (state === "paused" && transfer.startsAnew) pace.push(words.starts_anew)
    setText(this.numbers, [share, bytes, ...pace].join(" · "))
  }

  /** How fast it goes and how long it takes, or why there is nothing to tell, and what goes twice. */
  paceTexts() {
    const { transfer, words } = this
    const texts = []
    if (transfer.quiet) texts.push(this.quietText())
    else if (transfer.phase === "sending" && transfer.rate) {
      texts.push(rate(transfer.rate))
      if (transfer.secondsLeft)
        texts.push(sentence(words.time_left, { time: duration(transfer.secondsLeft) }))
    }
    if (transfer.repeated && transfer.parts.length === 1)
      texts.push(sentence(words.repeated_single, { bytes: size(transfer.onTheWay) }))
    else if (transfer.repeated) texts.push(counted(words.repeated, transfer.repeated))
    return texts
  }

  /** For how long nothing has moved: the line stands still, or the store takes its time to answer. */
  quietText() {
    const { transfer, words } = this
    return sentence(transfer.isHeld ? words.no_answer_for : words.no_byte, {
      time: elapsed(transfer.quiet),
      patience: duration(UNANSWERED_AFTER / 1000),
    })
  }

  /** Tell the start, every quarter, pause and resume, failures and the end, once each. */
  speak() {
    const { transfer, words } = this
    const before = said.get(transfer) ?? { state: "queued", step: 0 }
    const now = { state: saidOf(transfer), step: stepOf(transfer) }
    if (now.state === "queued" || (now.state === before.state && now.step <= before.step)) return
    said.set(transfer, now)
    const kind = announcementOf(transfer, now.state, before.state)
    const text = sentence(words.announce[kind], {
      name: transfer.name,
      percent: (100 / ANNOUNCED_STEPS) * now.step,
    })
    this.announcer.say(text, kind === "sending" ? transfer.id : null)
  }

  remove() {
    this.parts.remove()
    this.element.remove()
  }
}

function stepOf(transfer) {
  return Math.floor((percentOf(transfer) * ANNOUNCED_STEPS) / 100)
}

/** What is said of it: not what soon passes. */
function saidOf({ lost, phase, quiet }) {
  if (lost) return "lost"
  if (phase === "answering" && quiet) return phase
  return { answering: "sending", comparing: "planning" }[phase] ?? phase
}

/** The kind of announcement that a state is told by, after the one that was told before. */
function announcementOf({ startsAnew, repeated, parts, sent, claim }, state, before) {
  if (state === "paused" && startsAnew) return "paused_anew"
  if (state !== "sending" || before === "sending") return state
  if (repeated && parts.length === 1) return "anew"
  const isNew = before === "queued" || before === "planning"
  return (isNew ? claim : sent || before === "offline") ? "resumed" : "began"
}
