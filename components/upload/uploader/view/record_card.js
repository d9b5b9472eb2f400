// A transfer that is remembered but not held by this window: it can go on once its file is chosen
// again, unless another window is sending it right now.

import {
  button,
  element,
  fileName,
  focused,
  setText,
} from "../../temp-file-workbench.toolkit/elements.js"
import { chooseFiles } from "./file_dialog.js"
import { counted, sentence, size } from "../../temp-file-workbench.toolkit/format.js"
import { deadlineOf, freshStartText, Notices } from "./notices.js"
import { percentOf, ProgressBar } from "../../temp-file-workbench.toolkit/progress_bar.js"
import { queue } from "../page_queue.js"

export class RecordCard {
  constructor(record, words) {
    this.record = record
    this.words = words
    this.asking = false
    this.name = element(
      "h3",
      { className: "name", tabIndex: -1 },
      `${words.not_finished} `,
      fileName(record.name),
    )
    this.size = element("span", { className: "file-size", textContent: size(record.size) })
    this.state = element("span", { className: "state" })
    this.bar = new ProgressBar(record.name, words)
    this.facts = element("p", { className: "numbers" })
    this.notices = new Notices()
    this.error = element("p", { className: "error" })
    this.error.role = "alert"
    const head = element("div", { className: "head" }, this.name, this.size, this.state)
    this.element = element(
      "li",
      { className: "record" },
      head,
      this.error,
      this.bar.element,
      this.facts,
      this.notices.element,
      this.buttons(),
      this.question(),
    )
    this.element.dataset.transfer = record.id
  }

  buttons() {
    const { words } = this
    this.choose = button(words.choose_again, () => this.pick(), "primary")
    this.discard = button(words.discard, () => this.ask(true))
    this.actions = element("div", { className: "buttons" }, this.choose, this.discard)
    return this.actions
  }

  /** What is thrown away is asked once more, in place. */
  question() {
    const { words, record } = this
    const { parts_done: done } = record
    const text = element("span", {
      textContent: done ? counted(words.discard_question, done) : words.discard_nothing,
    })
    this.keep = button(words.keep, () => this.ask(false))
    const yes = button(words.discard, () => queue.discard(this.record), "danger")
    this.confirm = element(
      "div",
      { className: "buttons confirm", hidden: true },
      text,
      yes,
      this.keep,
    )
    this.confirm.role = "group"
    this.confirm.ariaLabel = text.textContent
    return this.confirm
  }

  ask(asking) {
    this.asking = asking
    this.update(this.record)
    ;(asking ? this.keep : this.discard).focus()
  }

  async pick() {
    const [file] = await chooseFiles()
    if (file && this.record.expired) this.startAnew(file)
    else if (file) queue.adopt(this.record.id, file)
  }

  /** What a fresh start costs was on show when the file was chosen. */
  startAnew(file) {
    queue.discard(this.record)
    queue.add([file])
  }

  update(record) {
    this.record = record
    const { words } = this
    const { elsewhere, expired, bytes_done: bytes, size: total } = record
    const percent = percentOf({ state: record.state, sent: bytes, size: total })
    const holder = focused(this.element)
    this.element.dataset.elsewhere = String(Boolean(elsewhere))
    setText(this.state, elsewhere ? words.elsewhere : "")
    setText(this.error, record.error?.text ?? "")
    this.bar.update(percent)
    setText(this.facts, this.factsText(percent))
    this.notices.show([expired ? { text: this.cost(), warning: true } : deadlineOf(record, words)])
    this.actions.hidden = elsewhere || this.asking
    this.confirm.hidden = elsewhere || !this.asking
    if (this.element.contains(holder) && holder.closest("[hidden]")) this.name.focus()
  }

  factsText(percent) {
    const { words, record } = this
    const { parts_done: done, parts_total: total, bytes_done: bytes } = record
    const sizes = {
      percent,
      bytes: size(bytes),
      size: size(record.size),
      left: size(record.size - bytes),
    }
    const parts =
      total === null ? counted(words.parts_there, done) : counted(words.parts_done, total, { done })
    const text = [parts, sentence(words.record_bytes, sizes)]
    if (!record.expired) text.push(sentence(words.record_left, sizes))
    return text.join(" · ")
  }

  cost() {
    const { parts_done: done, bytes_done: bytes, size: whole } = this.record
    return `${deadlineOf(this.record, this.words).text} ${freshStartText({ done, bytes, size: whole }, this.words)}`
  }
}
