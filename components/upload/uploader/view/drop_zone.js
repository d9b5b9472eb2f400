// The place to give files to: drop anywhere on the window, choose, choose a folder, paste, or try a sample.

import { button, element } from "../../temp-file-workbench.toolkit/elements.js"
import { chooseFiles } from "./file_dialog.js"
import { isTouched, pasteKeys } from "../../temp-file-workbench.toolkit/devices.js"
import {
  chosenFiles,
  droppedEntries,
  filesOf,
  MOST_FILES,
} from "../../temp-file-workbench.toolkit/folders.js"
import { sentence, size } from "../../temp-file-workbench.toolkit/format.js"
import { pastedFiles } from "../../temp-file-workbench.toolkit/pasted_files.js"
import { sampleImage, sampleVideo } from "../../temp-file-workbench.toolkit/samples.js"
import { namesOf, sortOut } from "../../temp-file-workbench.toolkit/unreadable.js"
import { FIRST_ASKED } from "../engine/queue.js"
import { WindowDrop } from "../../temp-file-workbench.toolkit/window_drop.js"

const AT_ONCE = 20 // files that are looked at together: the first go on their way before the last are
const SAMPLE_SIZES = [12e6, 250e6, 1e9, 2e9] // bytes

export class DropZone {
  /**
   * @param read reads a small file, as it is needed for sending it
   * @param begin is called when files are chosen
   * @param take is called with them, some at a time
   * @param isThere tells whether a file is in the list already
   */
  constructor(words, { read, begin, take, isThere }) {
    this.words = words
    this.read = read
    this.begin = begin
    this.take = take
    this.isThere = isThere
    this.message = element("div", { className: "refusal" })
    this.message.role = "alert"
    this.input = element("input", { type: "file", multiple: true, hidden: true })
    this.input.addEventListener("change", () => {
      this.add([...this.input.files])
      this.input.value = ""
    })
    this.zone = this.section()
    this.element = element("div", { className: "giving" }, this.zone, this.message)
    this.paste = (event) => this.addSome(pastedFiles(event))
    document.addEventListener("paste", this.paste)
    this.drops = new WindowDrop(this.zone, words.drop_anywhere, (dropped) =>
      this.addDropped(droppedEntries(dropped)),
    )
  }

  section() {
    const { words } = this
    const zone = element("section", { className: "drop" })
    zone.ariaLabel = words.drop_label
    zone.append(
      ...this.invitation(),
      this.buttons(),
      element("p", { className: "limits", textContent: words.limits }),
      this.input,
    )
    return zone
  }

  /** Fingers can neither drop nor press keys. */
  invitation() {
    const { words } = this
    const touched = isTouched()
    const title = touched ? words.drop_label : words.drop_title
    const hint = sentence(words.drop_hint, { keys: pasteKeys() })
    return [
      element("p", { className: "title", textContent: title }),
      element("p", { textContent: hint, hidden: touched }),
    ]
  }

  buttons() {
    const { words } = this
    this.choose = button(words.choose, () => this.input.click(), "primary")
    const folder = button(words.choose_folder, () => this.chooseFolder())
    const image = button(words.sample_image, async () => this.add([await sampleImage()]))
    const sizes = element(
      "select",
      {},
      ...SAMPLE_SIZES.map((bytes) => element("option", { value: bytes, textContent: size(bytes) })),
    )
    sizes.ariaLabel = words.sample_size
    const video = button(words.sample_video, async () =>
      this.add([await sampleVideo(Number(sizes.value))]),
    )
    return element(
      "div",
      { className: "buttons" },
      this.choose,
      folder,
      image,
      element("span", { className: "pair" }, video, sizes),
    )
  }

  async chooseFolder() {
    const files = await chooseFiles({ folder: true })
    if (files.length) this.addFolder(chosenFiles(files))
  }

  /** A drop may hold no file at all, as some browsers hand over none. */
  async addDropped(entries) {
    if (!entries.length) return
    const { files, unreadable } = await filesOf(entries)
    this.addFolder(files, unreadable)
  }

  addFolder(files, unreadable = []) {
    if (files.length || unreadable.length) this.add(files, unreadable)
    else this.message.textContent = this.words.folder_empty
  }

  /** Nothing pasted, or a paste of text meant for somewhere else, leaves everything as it is. */
  addSome(files) {
    if (files.length) this.add(files)
  }

  /** @param unreadable what was found with them and cannot be read */
  async add(files, unreadable = []) {
    const { words } = this
    const taken = this.first(files)
    const refused = [...unreadable]
    this.begin()
    for (let at = 0, count = FIRST_ASKED; at < taken.length; at += count, count = AT_ONCE) {
      const sorted = await sortOut(taken.slice(at, at + count), this.read)
      if (sorted.readable.length) this.take(sorted.readable)
      refused.push(...sorted.unreadable)
      await soon() // what was taken is asked for before the next ones are looked at, which takes a while
    }
    const count = files.length.toLocaleString("en")
    const tooMany =
      files.length > MOST_FILES
        ? [element("p", { textContent: sentence(words.too_many, { count, limit: MOST_FILES }) })]
        : []
    this.message.replaceChildren(...tooMany, ...namesOf(refused, words))
  }

  /** As many as are taken at once; of more, first those that are not there already from the last time. */
  first(files) {
    if (files.length <= MOST_FILES) return files
    const isThere = new Set(files.filter(this.isThere))
    const others = files.filter((file) => !isThere.has(file))
    return [...others, ...isThere].slice(0, MOST_FILES)
  }

  remove() {
    document.removeEventListener("paste", this.paste)
    this.drops.remove()
  }
}

/** A later turn of the page's thread. */
function soon() {
  return new Promise((resolve) => setTimeout(resolve))
}
