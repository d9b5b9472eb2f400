// One line over all files of this page, where there is more than one.

import { button, element, setText } from "../../temp-file-workbench.toolkit/elements.js"
import {
  counted,
  duration,
  rate,
  sentence,
  size,
} from "../../temp-file-workbench.toolkit/format.js"
import { Together } from "../engine/together.js"
import { queue } from "../page_queue.js"

export class Totals {
  constructor(words) {
    this.words = words
    this.together = null
    this.text = element("span")
    this.cancel = button(words.cancel_all, () => this.ask(true))
    this.element = element(
      "div",
      { className: "totals buttons", hidden: true },
      this.text,
      this.cancel,
      this.question(),
    )
  }

  /** What may have taken hours to send is not given up by one press. */
  question() {
    const { words } = this
    this.asked = element("span")
    const yes = button(words.cancel_them, () => queue.cancelAll(), "danger")
    this.goOn = button(words.go_on, () => this.ask(false))
    const parts = [this.asked, yes, this.goOn]
    this.confirm = element("div", { className: "buttons confirm", hidden: true }, ...parts)
    this.confirm.role = "group"
    this.confirm.addEventListener("keydown", ({ key }) => key === "Escape" && this.ask(false))
    return this.confirm
  }

  ask(isAsking) {
    this.confirm.hidden = !isAsking
    this.cancel.hidden = isAsking
    this.update()
    ;(isAsking ? this.goOn : this.cancel).focus()
  }

  update() {
    this.together ??= new Together(queue.clock)
    const { batch, unfinished } = queue
    this.together.look(batch)
    const counting = batch.filter(({ state }) => state !== "cancelled")
    this.element.hidden = counting.length < 2
    if (this.element.hidden) return
    setText(this.text, this.textOf(counting))
    if (unfinished < 2) this.confirm.hidden = true
    this.cancel.hidden = unfinished < 2 || !this.confirm.hidden
    setText(this.asked, counted(this.words.cancel_question, unfinished))
    this.confirm.ariaLabel = this.asked.textContent
  }

  textOf(transfers) {
    const { words, together } = this
    const having = (state) => transfers.filter((transfer) => transfer.state === state).length
    const text = [counted(words.files_done, transfers.length, { done: having("done") })]
    if (having("failed")) text.push(sentence(words.files_failed, { failed: having("failed") }))
    const { sent, confirmed, bytes } = together
    if (having("done") === transfers.length) return text.join(" · ")
    const sizes = { sent: size(sent), confirmed: size(confirmed), total: size(bytes) }
    text.push(sentence(words.all_sent, sizes))
    if (together.rate) text.push(rate(together.rate))
    if (together.secondsLeft)
      text.push(sentence(words.time_left, { time: duration(together.secondsLeft) }))
    return text.join(" · ")
  }
}
