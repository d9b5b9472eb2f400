// One line over all files of this page, where there is more than one.

import { element, setText } from "../../temp-file-workbench.toolkit/elements.js"
import {
  counted,
  duration,
  rate,
  sentence,
  size,
} from "../../temp-file-workbench.toolkit/format.js"
import { Together } from "../engine/together.js"

export class Totals {
  constructor(words) {
    this.words = words
    this.together = null
    this.element = element("p", { className: "totals", hidden: true })
  }

  update({ transfers, clock }) {
    this.together ??= new Together(clock)
    this.together.look(transfers)
    this.element.hidden = transfers.length < 2
    if (!this.element.hidden) setText(this.element, this.text(transfers))
  }

  text(transfers) {
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
