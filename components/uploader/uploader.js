// The upload page's component: a place to give files to, and a card with a live part table for each.
// It draws what `queue` holds and tells the queue what the person wants; Python is told by the tray.

import { duration, rate, sentence, size } from "./format.js"
import { element, icon, partTable } from "./part_table.js"
import { queue } from "./queue.js"
import { sampleImage, sampleVideo } from "./samples.js"
import { ENDS } from "./transfer.js"

const SAMPLE_SIZES = [12e6, 250e6, 1e9, 2e9] // bytes
const ANNOUNCED_STEPS = 4 // a screen reader hears every quarter, not every tick
const views = new WeakMap()

export default function ({ data, parentElement }) {
  const view = views.get(parentElement) ?? new Uploader(parentElement, data.words)
  views.set(parentElement, view)
  view.update()
  return () => view.remove()
}

class Uploader {
  constructor(parent, words) {
    this.words = words
    this.cards = new Map()
    this.root = parent.appendChild(element("div", { className: "uploader" }))
    this.message = element("p", { className: "refusal", role: "alert" })
    this.live = element("p", { className: "only-heard", role: "status" })
    this.list = element("ul", { className: "cards" })
    this.list.setAttribute("aria-label", words.transfers_label)
    this.root.append(this.dropZone(), this.message, this.live, this.list)
    this.paste = (event) => this.take([...(event.clipboardData?.files ?? [])])
    document.addEventListener("paste", this.paste)
    this.stopListening = queue.listen(() => this.update())
    queue.pages += 1
    queue.repaint()
  }

  remove() {
    document.removeEventListener("paste", this.paste)
    this.stopListening()
    queue.pages -= 1
    queue.repaint()
    this.root.remove()
  }

  dropZone() {
    const { words } = this
    const zone = element("section", { className: "drop" })
    zone.setAttribute("aria-label", words.drop_label)
    const input = element("input", { type: "file", multiple: true, hidden: true })
    input.addEventListener("change", () => {
      this.take([...input.files])
      input.value = ""
    })
    zone.append(
      element("p", { className: "title", textContent: words.drop_title }),
      element("p", { textContent: words.drop_hint }),
      this.buttons(input),
      element("p", { className: "limits", textContent: words.limits }),
      input,
    )
    this.acceptDrops(zone)
    return zone
  }

  buttons(input) {
    const { words } = this
    const row = element("div", { className: "buttons" })
    const choose = button(words.choose, () => input.click(), "primary")
    const sizes = element("select")
    sizes.setAttribute("aria-label", words.sample_size)
    for (const bytes of SAMPLE_SIZES) sizes.append(element("option", { value: bytes, textContent: size(bytes) }))
    const image = button(words.sample_image, async () => this.take([await sampleImage()]))
    const video = button(words.sample_video, async () => this.take([await sampleVideo(Number(sizes.value))]))
    const pair = element("span", { className: "pair" })
    pair.append(video, sizes)
    row.append(choose, image, pair)
    return row
  }

  acceptDrops(zone) {
    zone.addEventListener("dragover", (event) => {
      event.preventDefault()
      zone.classList.add("over")
    })
    zone.addEventListener("dragleave", () => zone.classList.remove("over"))
    zone.addEventListener("drop", (event) => {
      event.preventDefault()
      zone.classList.remove("over")
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.())
      const files = [...event.dataTransfer.files].filter((_, index) => !entries[index]?.isDirectory)
      this.take(files)
      if (files.length < event.dataTransfer.files.length) this.message.textContent = this.words.folder_refused
    })
  }

  take(files) {
    this.message.textContent = ""
    if (files.length) queue.add(files)
  }

  update() {
    for (const transfer of queue.transfers) {
      if (!this.cards.has(transfer.id)) this.add(transfer)
      this.cards.get(transfer.id).update()
    }
  }

  add(transfer) {
    const card = new Card(transfer, this.words, (text) => (this.live.textContent = text))
    this.cards.set(transfer.id, card)
    this.list.prepend(card.element)
  }
}

/** One transfer: name, one-line plan, overall bar, numbers, buttons, part table. */
class Card {
  constructor(transfer, words, announce) {
    Object.assign(this, { transfer, words, announce, table: null, announced: "", drawn: "" })
    this.element = element("li", { className: "card" })
    this.element.dataset.transfer = transfer.id
    this.title = element("p", { className: "name" })
    this.title.append(element("bdi", { textContent: transfer.name, title: transfer.name }))
    this.state = element("span", { className: "state" })
    const head = element("div", { className: "head" })
    head.append(this.title, this.state)
    this.plan = element("p", { className: "plan" })
    this.error = element("p", { className: "error", role: "alert" })
    this.bar = this.progressBar()
    this.numbers = element("p", { className: "numbers" })
    this.cancel = button(words.cancel, () => queue.cancel(transfer.id))
    this.retry = button(words.retry, () => queue.retry(transfer.id))
    this.pause = button(words.pause, () => queue.pause(transfer.id))
    this.resume = button(words.resume, () => queue.resume(transfer.id), "primary")
    const buttons = element("div", { className: "buttons" })
    buttons.append(this.retry, this.pause, this.resume, this.cancel)
    this.details = element("details", { open: true, hidden: true })
    this.summary = this.details.appendChild(element("summary"))
    this.element.append(head, this.plan, this.error, this.bar, this.numbers, buttons, this.details)
  }

  progressBar() {
    const bar = element("div", { className: "bar", role: "progressbar" })
    bar.setAttribute("aria-label", sentence(this.words.overall_progress, { name: this.transfer.name }))
    bar.append(element("span", { className: "confirmed" }), element("span", { className: "moving" }))
    return bar
  }

  update() {
    const { transfer, words } = this
    this.element.dataset.state = transfer.state
    if (this.drawn !== shownState(transfer)) this.drawState()
    this.plan.textContent = transfer.plan?.explanation ?? ""
    this.error.textContent = transfer.error?.text ?? ""
    this.drawProgress()
    if (!this.table && transfer.parts.length) this.showTable()
    this.table?.update()
    this.speak(words)
  }

  drawState() {
    const { state } = this.transfer
    this.drawn = shownState(this.transfer)
    const sign = ["done", "failed", "cancelled", "sending"].includes(this.drawn) ? this.drawn : "waiting"
    this.state.replaceChildren(icon(sign), ` ${this.words.states[this.drawn]}`)
    this.pause.hidden = state !== "sending"
    this.resume.hidden = state !== "paused"
    this.cancel.hidden = ENDS.has(state) || state === "completing"
    this.retry.hidden = state !== "failed" || !this.transfer.plan
    this.details.open = !["done", "cancelled"].includes(state)
  }

  drawProgress() {
    const { transfer, words } = this
    const { confirmed, onTheWay, size: total, state } = transfer
    // All bytes there is not yet done: the store still has to put the parts together.
    const percent = state === "done" ? 100 : Math.min(99, Math.floor((100 * confirmed) / Math.max(total, 1)))
    this.percent = percent
    this.bar.hidden = this.numbers.hidden = state === "queued"
    this.bar.setAttribute("aria-valuenow", percent)
    const [done, moving] = this.bar.children
    done.style.width = `${percent}%`
    moving.style.width = `${Math.min(100 - percent, (100 * onTheWay) / Math.max(total, 1))}%`
    const text = [sentence(words.confirmed, { percent, confirmed: size(confirmed), total: size(total) })]
    const speed = state === "sending" ? transfer.rate : null
    if (speed) text.push(rate(speed), sentence(words.time_left, { time: duration((total - confirmed) / speed) }))
    this.numbers.textContent = text.join(" · ")
    const count = transfer.parts.filter(({ status }) => status === "done").length
    this.summary.textContent = sentence(words.parts_done, { count, total: transfer.parts.length })
  }

  showTable() {
    this.table = partTable(this.transfer, this.words)
    this.details.append(this.table.element)
    this.details.hidden = false
  }

  speak(words) {
    const { name, state } = this.transfer
    const step = Math.floor((this.percent * ANNOUNCED_STEPS) / 100)
    const heard = `${state} ${step}`
    if (state === "queued" || heard === this.announced) return
    this.announced = heard
    const percent = (100 / ANNOUNCED_STEPS) * step
    this.announce(sentence(words.announce[state], { name, percent }))
  }
}

/** A transfer that is sending while the browser has no network waits for one. */
function shownState({ state }) {
  return state === "sending" && !navigator.onLine ? "offline" : state
}

function button(text, act, className = "") {
  const control = element("button", { type: "button", textContent: text, className })
  control.addEventListener("click", act)
  return control
}
