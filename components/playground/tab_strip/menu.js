// What can be done with the tab on show, for whom neither keys nor a drag do it.

import { button, element } from "../temp-file-workbench.toolkit/elements.js"

/** @typedef {{ text: string, act: () => void, isOff?: boolean }} Entry */

export class Menu {
  /**
   * @param {string} label
   * @param {() => Entry[]} entries as they are when it is opened
   */
  constructor(label, entries) {
    this.entries = entries
    this.button = button("⋯", () => (this.isOpen ? this.close() : this.open()), "more")
    this.button.ariaLabel = this.button.title = label
    this.button.setAttribute("aria-haspopup", "menu")
    this.button.tabIndex = 0 // said, or Safari gives it no focus when it is clicked
    this.list = element("div", { className: "menu", hidden: true })
    this.list.setAttribute("role", "menu")
    this.list.ariaLabel = label
    this.list.addEventListener("keydown", (event) => this.press(event))
    this.element = element("div", { className: "menu-place" }, this.button, this.list)
    this.element.addEventListener("focusout", ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && this.element.contains(relatedTarget))) this.close()
    })
    this.button.ariaExpanded = "false"
  }

  get isOpen() {
    return !this.list.hidden
  }

  open() {
    this.list.replaceChildren(
      ...this.entries().map(({ text, act, isOff = false }) => {
        const item = button(text, () => {
          if (isOff) return
          this.button.focus()
          this.close()
          act()
        })
        item.setAttribute("role", "menuitem")
        item.tabIndex = -1
        if (isOff) item.ariaDisabled = "true"
        return item
      }),
    )
    this.list.hidden = false
    this.button.ariaExpanded = "true"
    this.items[0].focus()
  }

  close() {
    this.list.hidden = true
    this.button.ariaExpanded = "false"
  }

  get items() {
    return /** @type {HTMLElement[]} */ ([...this.list.children])
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { items } = this
    const at = items.findIndex((item) => item.matches(":focus"))
    /** @type {Record<string, number>} */
    const places = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }
    if (event.key === "Escape") {
      this.button.focus()
      this.close()
    } else if (event.key in places) {
      items.at(places[event.key] % items.length)?.focus()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
}
