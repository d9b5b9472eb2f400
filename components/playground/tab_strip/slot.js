// One tab with its close button beside it, and the field that takes its place while it is renamed.

import { button, element, setText } from "../temp-file-workbench.toolkit/elements.js"
import { sentence } from "../temp-file-workbench.toolkit/format.js"

/**
 * @typedef {{ id: string, title: string, runs: boolean, ended: number, outcome: string }} Tab
 *
 * @typedef {object} Acts what a person does with a tab
 * @property {(id: string) => void} show
 * @property {(id: string) => void} close
 * @property {(id: string, name: string | null) => void} named null where it keeps its name
 * @property {(text: string) => void} say something that is in the way
 */

export class Slot {
  /**
   * @param {Tab} tab
   * @param {Record<string, string>} words
   * @param {Acts} acts
   * @param {number} longestName
   */
  constructor(tab, words, acts, longestName) {
    this.id = tab.id
    this.words = words
    this.acts = acts
    this.longestName = longestName
    this.title = element("span", { className: "title" })
    this.mark = element("span", { className: "mark" })
    this.mark.ariaHidden = "true"
    this.running = element("span", { className: "only-heard" })
    this.tab = button("", () => acts.show(this.id), "tab")
    this.tab.id = `tab-${tab.id}`
    this.tab.setAttribute("role", "tab")
    this.tab.setAttribute("aria-keyshortcuts", "Delete F2 Alt+Shift+ArrowLeft Alt+Shift+ArrowRight")
    this.tab.append(this.mark, this.title, this.running)
    this.tab.addEventListener("dblclick", () => this.rename())
    this.close = button("×", () => acts.close(this.id), "close")
    this.element = element("div", { className: "slot" }, this.tab, this.close)
    this.element.addEventListener("mousedown", (event) => {
      if (event.button === 1) event.preventDefault() // or it scrolls the page from here on
    })
    this.element.addEventListener("auxclick", (event) => {
      if (event.button === 1) acts.close(this.id)
    })
    this.show(tab, false)
  }

  /**
   * @param {Tab} tab
   * @param {boolean} isActive
   */
  show({ title, runs }, isActive) {
    setText(this.title, title)
    this.tab.title = title
    this.mark.hidden = !runs
    setText(this.running, runs ? ` ${this.words.runs}` : "")
    this.tab.setAttribute("aria-selected", String(isActive))
    this.close.ariaLabel = this.close.title = sentence(this.words.close, { title })
  }

  /** @param {boolean} is whether the Tab key comes here */
  reach(is) {
    this.tab.tabIndex = this.close.tabIndex = is ? 0 : -1
  }

  /** Have the name typed in the tab's place: Enter and leaving keep it, Escape does not. */
  rename() {
    if (this.field) return
    const before = this.title.textContent ?? ""
    const field = element("input", { className: "name", value: before })
    field.maxLength = this.longestName
    field.ariaLabel = this.words.name
    this.field = field
    /** @param {boolean} isKept */
    const end = (isKept) => {
      if (!this.field) return
      const hadFocus = field.matches(":focus")
      this.field = undefined
      const name = field.value.trim()
      field.remove()
      if (hadFocus) this.tab.focus()
      this.acts.named(this.id, isKept && name !== before ? name : null)
    }
    field.addEventListener("blur", () => end(true))
    field.addEventListener("input", () => {
      const isFull = field.value.length >= this.longestName
      this.acts.say(isFull ? sentence(this.words.longest, { most: this.longestName }) : "")
    })
    field.addEventListener("keydown", (event) => {
      event.stopPropagation() // what is typed is no shortcut of the strip's, or of Streamlit's
      if (event.isComposing) return
      if (event.key === "Enter" || event.key === "Escape") end(event.key === "Enter")
    })
    this.element.append(field)
    this.element.scrollIntoView({ block: "nearest", inline: "nearest" }) // it is wider now
    field.select()
    field.focus()
  }
}
