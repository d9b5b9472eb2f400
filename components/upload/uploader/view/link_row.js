// A finished file: its link to copy, and what is done with it next, in one line where there is room.

import { copyText } from "../../temp-file-workbench.toolkit/clipboard.js"
import {
  button,
  element,
  fileName,
  icon,
  setText,
} from "../../temp-file-workbench.toolkit/elements.js"
import { pathOf } from "../../temp-file-workbench.toolkit/folders.js"
import { sentence, size } from "../../temp-file-workbench.toolkit/format.js"
import { endOf } from "../../temp-file-workbench.toolkit/link_end.js"
import { PartSection } from "./part_section.js"

const SHOWN_FOR = 3000 // milliseconds that "Copied" stands on the button

export class LinkRow {
  /**
   * @param {import("../engine/queue.js").Finished} finished
   * @param wish is called with what a person wants done in Python, and the id
   */
  constructor(finished, words, announcer, wish) {
    this.finished = finished
    this.words = words
    this.announcer = announcer
    this.wish = wish
    const { id, name, size: bytes, transfer } = finished
    const path = transfer ? pathOf(transfer.source) : ""
    this.name = element("h3", { className: "name", tabIndex: -1 }, fileName(name, path || name))
    this.state = element("span", { className: "state only-heard" }, ` ${words.states.done}`)
    this.expiry = element("span", { className: "expiry" })
    const head = element(
      "div",
      { className: "head" },
      icon("done"),
      this.name,
      element("span", { className: "file-size", textContent: size(bytes) }),
      this.state,
      this.expiry,
    )
    this.buttons = this.actions()
    this.element = element("li", { className: "card link-row" }, head, this.buttons)
    this.element.dataset.transfer = id
    this.element.dataset.state = "done"
    this.element.dataset.own = String(transfer !== null)
    if (transfer?.parts.length) {
      this.parts = new PartSection(transfer, words, (text) => announcer.say(text))
      this.element.append(this.parts.element)
    }
    this.element.append(...this.remarks(transfer))
  }

  actions() {
    const { words, finished } = this
    const { name, id, link } = finished
    const act = (label, what) =>
      named(
        button(label, () => this.wish(what, id)),
        label,
        name,
      )
    this.copy = named(
      button(words.copy_link, () => this.copyLink(), "primary"),
      words.copy_link,
      name,
    )
    this.open = element("a", {
      className: "button",
      textContent: words.open_link,
      target: "_blank",
      rel: "noopener noreferrer",
    })
    named(this.open, words.open_link, name)
    this.background = act(words.remove_background, "background")
    this.background.hidden = !link.image
    this.asset = act(words.create_asset, "asset")
    this.details = act(words.details, "details")
    return element(
      "div",
      { className: "buttons" },
      this.copy,
      this.open,
      this.background,
      this.asset,
      this.details,
    )
  }

  /** Whether Python has looked at the object: until then it does nothing with it. */
  get isKept() {
    return this.finished.transfer?.isKept ?? true
  }

  /** What there is to know of a file that was sent by this page load. */
  remarks(transfer) {
    const { words, finished } = this
    const texts = []
    if (transfer && transfer.name !== finished.name)
      texts.push(sentence(words.sent_from, { name: transfer.name }))
    const relayed = transfer?.route === "relay" && words.relayed[transfer.routeReason]
    if (relayed) texts.push(relayed)
    if (transfer?.sha256) texts.push(sentence(words.sha256, transfer))
    return texts.map((textContent) => element("p", { className: "remark", textContent }))
  }

  /** @param {number} now seconds since 1970 by the app's clock */
  update(now) {
    const { words, finished } = this
    const { deadline, url } = finished.link
    const { how, text } = endOf(deadline, now, words.link_ends)
    const isOver = how === "over"
    setText(this.expiry, text)
    this.element.dataset.expiry = how
    this.copy.disabled = isOver
    for (const control of [this.background, this.asset]) control.disabled = isOver || !this.isKept
    this.details.disabled = !this.isKept
    if (isOver) {
      this.open.removeAttribute("href")
      this.open.role = "link"
      this.open.ariaDisabled = "true"
    } else if (!this.open.href) this.open.href = url
    this.parts?.update()
  }

  async copyLink() {
    const copied = await copyText(this.finished.link.url, this.element)
    const said = copied ? this.words.copied : this.words.not_copied
    setText(this.copy, said)
    this.announcer.say(said)
    setTimeout(() => setText(this.copy, this.words.copy_link), SHOWN_FOR)
  }

  remove() {
    this.parts?.remove()
    this.element.remove()
  }
}

/** What is seen of a control begins the name that is heard of it (WCAG 2.5.3). */
function named(control, label, name) {
  control.ariaLabel = `${label}: ${name}`
  return control
}
