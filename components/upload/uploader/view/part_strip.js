// The strip: one cell per part, so 410 parts are seen at a glance. Cells wrap into rows where they
// would become too narrow. Colour says the status, and so does the shape of the cell.

import { element, icon, setText } from "../../temp-file-workbench.toolkit/elements.js"
import { sentence } from "../../temp-file-workbench.toolkit/format.js"

const SHOWN = ["done", "sending", "retrying", "failed", "waiting", "cancelled"]
const FILL_STEPS = 10 // a cell being sent fills up in tenths

export class PartStrip {
  constructor(transfer, words) {
    this.transfer = transfer
    this.words = words
    this.cells = []
    this.drawn = []
    this.strip = element("div", { className: "strip" })
    this.strip.role = "img"
    this.legend = element("p", { className: "legend" })
    this.counts = new Map(SHOWN.map((status) => [status, element("span")]))
    for (const [status, count] of this.counts) {
      this.legend.append(element("span", { hidden: true }, key(status), icon(status), " ", count))
    }
    this.element = element("div", { className: "overview" }, this.strip, this.legend)
  }

  update() {
    const { parts } = this.transfer
    this.element.hidden = parts.length < 2
    if (this.element.hidden) return
    const added = parts.slice(this.cells.length).map(() => element("span"))
    this.cells.push(...added)
    this.strip.append(...added)
    for (const [index, part] of parts.entries()) this.updateCell(part, index)
    this.count()
  }

  updateCell(part, index) {
    const fill =
      part.status === "sending" ? Math.round((FILL_STEPS * part.sent) / part.size) / FILL_STEPS : 0
    const look = `${part.status} ${fill}`
    if (this.drawn[index] === look) return
    this.drawn[index] = look
    const cell = this.cells[index]
    cell.dataset.cell = part.status
    cell.title = sentence(this.words.strip_cell, {
      part: part.number,
      status: this.words.status_count[part.status],
    })
    cell.style.setProperty("--fill", `${20 + 80 * fill}%`)
  }

  count() {
    const { words } = this
    const totals = Object.fromEntries(SHOWN.map((status) => [status, 0]))
    for (const { status } of this.transfer.parts) totals[status] += 1
    const present = SHOWN.filter((status) => totals[status])
    const texts = present.map((status) => `${totals[status]} ${words.status_count[status]}`)
    const label = sentence(words.strip_label, {
      name: this.transfer.name,
      counts: texts.join(", "),
    })
    if (this.strip.ariaLabel === label) return
    this.strip.ariaLabel = label
    for (const [status, count] of this.counts) {
      count.parentElement.hidden = !totals[status]
      setText(count, `${totals[status]} ${words.status_count[status]}`)
    }
  }
}

function key(status) {
  const sample = element("span", { className: "key" })
  sample.dataset.cell = status
  return sample
}
