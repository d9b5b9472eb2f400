// A download link: shown shortened, copied whole, with the time it has left.

import { copyText } from "../temp-file-workbench.toolkit/clipboard.js"
import { sentence } from "../temp-file-workbench.toolkit/format.js"
import { endOf } from "../temp-file-workbench.toolkit/link_end.js"
import { whenGone } from "../temp-file-workbench.toolkit/when_gone.js"

const LAST_MINUTES = 300 // seconds: tick every second below
const views = new WeakMap()

export default function ({ data, parentElement }) {
  const view = views.get(parentElement) ?? new Link(parentElement)
  views.set(parentElement, view)
  view.show(data)
  return whenGone(parentElement, () => view.remove())
}

class Link {
  constructor(parent) {
    this.root = parent.appendChild(create("div", "link"))
    this.url = this.root.appendChild(create("span", "url"))
    this.copy = this.root.appendChild(create("button", "copy"))
    this.copy.type = "button"
    this.copy.addEventListener("click", () => this.copyUrl())
    this.open = this.root.appendChild(create("a", "open"))
    Object.assign(this.open, { target: "_blank", rel: "noopener noreferrer" })
    this.expiry = this.root.appendChild(create("p", "expiry"))
    this.heard = this.root.appendChild(create("p", "only-heard"))
    this.heard.setAttribute("role", "status")
  }

  show(data) {
    this.data = data
    this.copy.textContent = data.words.copy
    this.copy.setAttribute("aria-label", sentence(data.words.copy_label, data))
    this.open.textContent = data.words.open
    this.open.setAttribute("aria-label", sentence(data.words.open_label, data))
    this.url.textContent = shortened(data.url)
    this.url.title = data.url
    this.tick()
  }

  tick() {
    clearTimeout(this.timer)
    const { words, deadline, url } = this.data
    const now = Date.now() / 1000
    const left = deadline - now
    const { how, text } = endOf(deadline, now, words.ends)
    this.root.dataset.expiry = how
    this.expiry.textContent = text
    this.copy.disabled = left <= 0
    if (left <= 0) this.disableOpen()
    else this.open.href = url
    if (left > 0) this.timer = setTimeout(() => this.tick(), left < LAST_MINUTES ? 1000 : 30_000)
  }

  /** A link without an address, which screen readers still call one, and an unusable one. */
  disableOpen() {
    this.open.removeAttribute("href")
    this.open.setAttribute("role", "link")
    this.open.setAttribute("aria-disabled", "true")
  }

  async copyUrl() {
    const copied = await copyText(this.data.url, this.root)
    const { words } = this.data
    this.copy.textContent = copied ? words.copied : words.copy_by_hand
    this.heard.textContent = this.copy.textContent
    setTimeout(() => {
      this.copy.textContent = words.copy
      this.heard.textContent = ""
    }, 3000)
  }

  remove() {
    clearTimeout(this.timer)
    this.root.remove()
  }
}

/** Host and path whole, the signature cut: it says nothing to people. */
function shortened(url) {
  const [address, query = ""] = url.split("?")
  return query ? `${address}?…${query.slice(-8)}` : address
}

function create(tag, className) {
  return Object.assign(document.createElement(tag), { className })
}
