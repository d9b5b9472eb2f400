// The tray: on every page, it keeps a running upload in sight where the upload page is not on show, and
// tells the engine who is signed in and how files are to be sent. It also remembers which connection this
// window uses.

import { button, element, focused, setText } from "../temp-file-workbench.toolkit/elements.js"
import { counted, sentence, withoutTurns } from "../temp-file-workbench.toolkit/format.js"
import { refuseStrayDrops } from "../temp-file-workbench.toolkit/stray_drops.js"
import { whenGone } from "../temp-file-workbench.toolkit/when_gone.js"
import { percentOf } from "../temp-file-workbench.toolkit/progress_bar.js"
import { Together } from "../temp-file-workbench.uploader/engine/together.js"
import { queue } from "../temp-file-workbench.uploader/page_queue.js"
import { WindowChoice } from "./window_choice.js"

const trays = new WeakMap()
const choice = new WindowChoice()
let isAwaited = false // files were on their way while no upload page was on show, and nobody saw the end

refuseStrayDrops() // on this page load's sign-in page too: files may be on their way there

export default function ({ data, parentElement, setTriggerValue }) {
  const tray = trays.get(parentElement) ?? new Tray(parentElement, data.words)
  trays.set(parentElement, tray)
  queue.accept(data)
  choice.meet(data, (name) => setTriggerValue("connection", name))
  tray.slot = data.slot
  tray.tellSpent = (slot) => setTriggerValue("spent", slot)
  return whenGone(parentElement, () => tray.remove())
}

class Tray {
  /** @type {string | null} */
  slot = null // the links that the page says the next file goes to
  /** @type {(slot: string) => void} */
  tellSpent = () => {} // set by each run
  told = "" // what was told last
  constructor(parent, words) {
    this.words = words
    this.name = element("bdi")
    this.progress = element("progress", { max: 100 })
    this.text = element("span")
    this.together = new Together(queue.clock)
    this.pause = button(words.pause, () => queue.pause(queue.active?.id))
    this.resume = button(words.resume, () => queue.resume(queue.active?.id))
    this.close = button(words.close, () => this.seen())
    const controls = [this.pause, this.resume, this.close]
    const line = element("div", { className: "line" }, this.text, ...controls)
    this.root = element(
      "section",
      { className: "tray", hidden: true },
      this.name,
      this.progress,
      line,
    )
    this.root.ariaLabel = words.tray_label
    parent.append(this.root)
    this.stopListening = queue.listen(() => this.update())
    queue.meet()
    this.update()
  }

  update() {
    this.tellOnce(queue.spentSlot)
    const transfer = queue.active
    if (transfer || queue.pages > 0 || !queue.batch.length)
      isAwaited = Boolean(transfer) && queue.pages === 0
    this.root.hidden = !isAwaited
    this.close.hidden = Boolean(transfer)
    if (!isAwaited) return setText(this.name, "")
    if (transfer) this.drawProgress(transfer)
    else this.drawEnd()
  }

  /** How it went is there to see until somebody has closed it or looked at the upload page. */
  drawEnd() {
    const { batch } = queue
    const failed = batch.filter(({ state }) => state === "failed").length
    const name = batch.length === 1 ? batch[0].name : this.ofAll()
    const state = batch.length === 1 ? this.words.states[batch[0].phase] : ""
    setText(this.name, withoutTurns(name))
    setText(this.text, failed ? sentence(this.words.files_failed, { failed }) : state)
    this.progress.hidden = true
    this.drawButtons("done")
  }

  seen() {
    isAwaited = false
    this.update()
  }

  /** @param transfer the one that is on its way, or paused */
  drawProgress(transfer) {
    const { words } = this
    this.progress.hidden = false
    const isOnly = queue.unfinished === 1
    const percent = isOnly ? percentOf(transfer) : this.percentOfAll()
    const name = isOnly ? transfer.name : this.ofAll()
    setText(this.name, withoutTurns(name))
    this.progress.value = percent
    this.progress.ariaLabel = sentence(words.overall_progress, { name })
    setText(this.text, `${percent} % · ${words.states[transfer.phase]}`)
    this.drawButtons(isOnly ? transfer.state : "queued") // which are for one file
  }

  /** Links that a file was planned with are gone: the page that still offers them is to be drawn anew. */
  tellOnce(spent) {
    if (!spent || spent !== this.slot || spent === this.told) return
    this.told = spent
    this.tellSpent(spent)
  }

  percentOfAll() {
    this.together.look(queue.batch)
    const { sent, bytes } = this.together
    return percentOf({ state: "sending", sent, size: bytes })
  }

  ofAll() {
    const counting = queue.batch.filter(({ state }) => state !== "cancelled")
    const done = counting.filter(({ state }) => state === "done").length
    return counted(this.words.files_done, counting.length, { done })
  }

  drawButtons(state) {
    const holder = focused(this.root)
    this.pause.hidden = state !== "sending"
    this.resume.hidden = state !== "paused"
    if (holder === this.pause && this.pause.hidden) this.resume.focus()
    if (holder === this.resume && this.resume.hidden) this.pause.focus()
  }

  remove() {
    this.stopListening()
    this.root.remove()
  }
}
