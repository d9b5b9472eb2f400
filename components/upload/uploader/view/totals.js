// One line over all files of this page, where there is more than one.

import { element, setText } from "../../temp-file-workbench.toolkit/elements.js"
import { counted, rate, sentence, size } from "../../temp-file-workbench.toolkit/format.js"

export class Totals {
  constructor(words) {
    this.words = words
    this.element = element("p", { className: "totals", hidden: true })
  }

  update({ transfers, totals }) {
    const { words } = this
    this.element.hidden = transfers.length < 2
    if (this.element.hidden) return
    const having = (state) => transfers.filter((transfer) => transfer.state === state).length
    const text = [counted(words.files_done, transfers.length, { done: having("done") })]
    if (having("failed")) text.push(sentence(words.files_failed, { failed: having("failed") }))
    text.push(
      sentence(words.bytes_of, { bytes: size(totals.confirmed), total: size(totals.bytes) }),
    )
    if (totals.rate) text.push(rate(totals.rate))
    setText(this.element, text.join(" · "))
  }
}
