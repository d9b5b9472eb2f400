// The place to give pictures to. It hands them to the same queue as the upload page, and tells Python
// which of them have arrived: at most once a second, for each time has the page drawn.

import { isTouched, pasteKeys } from "../temp-file-workbench.toolkit/devices.js"
import {
  button,
  element,
  fileName,
  icon,
  setText,
} from "../temp-file-workbench.toolkit/elements.js"
import { sentence, size } from "../temp-file-workbench.toolkit/format.js"
import { pastedFiles } from "../temp-file-workbench.toolkit/pasted_files.js"
import { percentOf } from "../temp-file-workbench.toolkit/progress_bar.js"
import { sampleImage } from "../temp-file-workbench.toolkit/samples.js"
import { namesOf, sortOut } from "../temp-file-workbench.toolkit/unreadable.js"
import { whenGone } from "../temp-file-workbench.toolkit/when_gone.js"
import { WindowDrop } from "../temp-file-workbench.toolkit/window_drop.js"
import { queue } from "../temp-file-workbench.uploader/page_queue.js"

const SAMPLES = ["astronaut.jpg", "cat.jpg"] // and one that is drawn
const TELL_EVERY = 1000 // milliseconds
const picked = [] // transfers, of this page load
const drops = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  const drop = drops.get(parentElement) ?? new PictureDrop(parentElement, data)
  drops.set(parentElement, drop)
  drop.tell = (ids) => setStateValue("picked", ids)
  drop.root.classList.toggle("compact", data.compact)
  drop.update()
  nameInAddress(data.name)
  return whenGone(parentElement, () => drop.remove())
}

/**
 * Name the picture on show in an address that names none, without another step of the history:
 * Streamlit itself can only add one. It reads the address anew for its next run.
 */
function nameInAddress(name) {
  const address = new URL(location.href)
  for (const [key, value] of Object.entries(name)) {
    if (address.searchParams.has(key)) continue
    address.searchParams.set(key, value)
    history.replaceState(history.state, "", address)
  }
}

class PictureDrop {
  /** @type {(ids: string[]) => void} */
  tell = () => {} // set by each run
  constructor(parent, { words, most, largest, endings }) {
    this.words = words
    this.most = most
    this.largest = largest
    this.endings = endings
    this.message = element("div", { className: "refusal" })
    this.message.role = "alert"
    this.input = element("input", { type: "file", multiple: true, hidden: true, accept: "image/*" })
    this.input.addEventListener("change", () => {
      this.add([...this.input.files])
      this.input.value = ""
    })
    this.rows = new Map()
    this.list = element("ul", { className: "rows" })
    this.list.ariaLabel = words.rows_label
    const zone = this.zone()
    this.root = element("div", { className: "picture-drop" }, zone, this.message, this.list)
    parent.append(this.root)
    this.drops = new WindowDrop(zone, words.drop_anywhere, ({ files }) => {
      if (files.length) this.add([...files])
    })
    this.paste = (event) => {
      const files = pastedFiles(event)
      if (files.length) this.add(files)
    }
    document.addEventListener("paste", this.paste)
    this.covering = false
    this.told = ""
    this.toldAt = -TELL_EVERY // by performance.now()
    this.timer = null
    this.stopListening = queue.listen(() => this.update())
  }

  zone() {
    const { words } = this
    const zone = element("section", { className: "drop" })
    zone.ariaLabel = words.label
    const samples = [
      button(words.sample_drawn, async () => this.add([await sampleImage()])),
      ...SAMPLES.map((name) => button(words.samples[name], () => this.addSample(name))),
    ]
    const touched = isTouched() // fingers can neither drop nor press keys
    const hint = sentence(words.hint, { keys: pasteKeys() })
    zone.append(
      element("p", { className: "title", textContent: touched ? words.label : words.title }),
      element("p", { textContent: hint, hidden: touched }),
      element(
        "div",
        { className: "buttons" },
        button(words.choose, () => this.input.click(), "primary"),
        ...samples,
      ),
      element("p", { className: "limits", textContent: words.limits }),
      this.input,
    )
    return zone
  }

  async addSample(name) {
    const answer = await fetch(new URL(`samples/${name}`, import.meta.url))
    if (!answer.ok) throw new Error(`${name}: HTTP ${answer.status}`)
    this.add([new File([await answer.arrayBuffer()], name, { type: "image/jpeg" })])
  }

  /** Take the pictures; what is none, is too large or cannot be read is named and left out. */
  async add(files) {
    const pictures = files.filter(
      (file) => file.type.startsWith("image/") || this.endings.includes(endingOf(file.name)),
    )
    const small = pictures.filter((file) => file.size <= this.largest)
    const { readable, unreadable } = await sortOut(small.slice(0, this.most))
    this.message.replaceChildren(
      ...this.refusals(files, pictures, small),
      ...namesOf(unreadable, this.words),
    )
    picked.push(...queue.add(readable, { defaults: true }))
    if (this.root.isConnected) this.update()
  }

  refusals(files, pictures, small) {
    const { words, most } = this
    const other = files.find((file) => !pictures.includes(file))
    const large = pictures.find((file) => !small.includes(file))
    const texts = [
      other &&
        sentence(words.no_picture, { name: other.name, type: other.type || words.unknown_type }),
      large &&
        sentence(words.too_large, {
          name: large.name,
          size: size(large.size),
          limit: words.limit,
        }),
      small.length > most && sentence(words.too_many, { count: small.length, limit: most }),
    ]
    return texts.filter(Boolean).map((textContent) => element("p", { textContent }))
  }

  update() {
    for (const [index, transfer] of picked.entries()) picked[index] = transfer.successor ?? transfer
    const transfers = picked.filter(({ state, isKept }) => state !== "cancelled" && !isKept)
    for (const [id, row] of this.rows) {
      if (transfers.some((transfer) => transfer.id === id)) continue
      row.element.remove()
      this.rows.delete(id)
    }
    for (const transfer of transfers) this.row(transfer).update(transfer)
    this.tellOnce(picked.filter(({ isKept }) => isKept).map(({ id }) => id))
    this.cover(transfers.includes(queue.active))
  }

  /** Tell Python which transfers have arrived for it to read, whenever that changes. */
  tellOnce(ids) {
    if (ids.join() === this.told || this.timer !== null) return
    const wait = this.toldAt + TELL_EVERY - performance.now()
    if (wait > 0) {
      this.timer = setTimeout(() => {
        this.timer = null
        this.update()
      }, wait)
      return
    }
    this.told = ids.join()
    this.toldAt = performance.now()
    this.tell(ids)
  }

  row(transfer) {
    if (!this.rows.has(transfer.id)) {
      const row = new Row(transfer, this.words)
      this.rows.set(transfer.id, row)
      this.list.append(row.element)
    }
    return this.rows.get(transfer.id)
  }

  /** The tray need not show what is shown here. */
  cover(covering) {
    if (covering === this.covering) return
    this.covering = covering
    queue.pages += covering ? 1 : -1
    queue.repaint()
  }

  remove() {
    document.removeEventListener("paste", this.paste)
    clearTimeout(this.timer)
    this.drops.remove()
    this.stopListening()
    this.cover(false)
    this.root.remove()
  }
}

/** What follows a name's last dot, in lower case. */
function endingOf(name) {
  return /\.([^.]*)$/.exec(name)?.[1].toLowerCase()
}

/** A picture on its way up. */
class Row {
  constructor(transfer, words) {
    this.words = words
    this.progress = element("progress", { max: 100 })
    this.progress.ariaLabel = sentence(words.upload_of, { name: transfer.name })
    this.text = element("span")
    this.retry = button(words.retry, () => queue.retry(transfer.id))
    const cancel = button(words.cancel, () => queue.cancel(transfer.id))
    cancel.ariaLabel = sentence(words.cancel_of, { name: transfer.name })
    this.element = element(
      "li",
      {},
      icon("sending"),
      fileName(transfer.name),
      this.progress,
      this.text,
      this.retry,
      cancel,
    )
  }

  update(transfer) {
    const failed = transfer.state === "failed"
    this.progress.value = percentOf(transfer)
    this.progress.hidden = failed
    setText(
      this.text,
      failed
        ? (transfer.error?.text ?? this.words.states.failed)
        : this.words.states[transfer.state],
    )
    this.retry.hidden = !failed
  }
}
