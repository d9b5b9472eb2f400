// One transfer: name and state, how much is there, what to know, what to do, and its parts.

import { CardButtons } from "./card_buttons.js"
import { element, icon, setText } from "../../temp-file-workbench.toolkit/elements.js"
import { pathOf } from "../../temp-file-workbench.toolkit/folders.js"
import { duration, rate, sentence, size } from "../../temp-file-workbench.toolkit/format.js"
import { Notices, noticesOf } from "./notices.js"
import { openParts } from "./open_parts.js"
import { PartSection } from "./part_section.js"
import { percentOf, ProgressBar } from "../../temp-file-workbench.toolkit/progress_bar.js"
import { queue } from "../page_queue.js"

const ANNOUNCED_STEPS = 4 // a screen reader hears every quarter, not every tick
const AT_REST = new Set(["queued", "done", "cancelled"])
const NEW = new Set(["queued", "planning"])
const SIGNS = new Set(["done", "failed", "cancelled", "sending"])

export class Card {
  constructor(transfer, words, announcer) {
    this.transfer = transfer
    this.words = words
    this.announcer = announcer
    this.drawn = ""
    this.said = {
      state: NEW.has(transfer.state) ? "queued" : saidOf(transfer),
      step: stepOf(transfer),
    }
    const { name } = transfer
    this.name = element(
      "h3",
      { className: "name", tabIndex: -1 },
      element("bdi", { textContent: name, title: pathOf(transfer.source) || name }),
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
    this.notices.show(noticesOf(transfer, queue.settings, this.words))
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
    const { confirmed, onTheWay, size: total, state } = transfer
    this.bar.element.hidden = this.numbers.hidden = state === "queued" && !transfer.plan
    this.bar.update(percent, (100 * onTheWay) / Math.max(total, 1))
    const text = [
      sentence(words.confirmed, { percent, confirmed: size(confirmed), total: size(total) }),
    ]
    if (state === "sending" && transfer.rate) {
      text.push(rate(transfer.rate))
      if (transfer.secondsLeft)
        text.push(sentence(words.time_left, { time: duration(transfer.secondsLeft) }))
    }
    setText(this.numbers, text.join(" · "))
  }

  /** Tell the start, every quarter, pause and resume, failures and the end, once each. */
  speak() {
    const { transfer, words } = this
    const before = this.said
    const now = { state: saidOf(transfer), step: stepOf(transfer) }
    if (now.state === "queued" || (now.state === before.state && now.step <= before.step)) return
    this.said = now
    const began = now.state === "sending" && before.state !== "sending"
    const kind = began
      ? before.state === "offline" || transfer.confirmed
        ? "resumed"
        : "began"
      : now.state
    const text = sentence(words.announce[kind], {
      name: transfer.name,
      percent: (100 / ANNOUNCED_STEPS) * now.step,
    })
    this.announcer.say(text, now.state === "sending" ? transfer.id : null)
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
function saidOf({ lost, phase }) {
  if (lost) return "lost"
  return { answering: "sending", comparing: "planning" }[phase] ?? phase
}
