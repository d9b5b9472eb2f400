// The tray: on every page, so it is what carries events to Python and Python's answers back, and it
// keeps a running upload in sight where the upload page is not on show.

import { sentence } from "../temp-file-workbench.uploader/format.js"
import { queue } from "../temp-file-workbench.uploader/queue.js"

const trays = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  const tray = trays.get(parentElement) ?? new Tray(parentElement, data.words)
  trays.set(parentElement, tray)
  queue.deliver = (event) => setTriggerValue("event", event)
  queue.accept(data)
  return () => tray.remove()
}

class Tray {
  constructor(parent, words) {
    this.words = words
    this.root = parent.appendChild(document.createElement("div"))
    this.root.className = "tray"
    this.root.hidden = true
    this.name = this.root.appendChild(document.createElement("bdi"))
    this.progress = this.root.appendChild(document.createElement("progress"))
    this.progress.max = 100
    this.text = this.root.appendChild(document.createElement("span"))
    this.stopListening = queue.listen(() => this.update())
    this.update()
  }

  update() {
    const transfer = queue.active
    this.root.hidden = !transfer || queue.pages > 0
    if (!transfer) return
    const percent = Math.min(99, Math.floor((100 * transfer.confirmed) / Math.max(transfer.size, 1)))
    this.name.textContent = transfer.name
    this.progress.value = percent
    this.progress.setAttribute("aria-label", sentence(this.words.overall_progress, { name: transfer.name }))
    this.text.textContent = `${percent} % · ${this.words.states[transfer.state]}`
  }

  remove() {
    this.stopListening()
    this.root.remove()
  }
}
