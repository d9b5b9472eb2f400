// The open operations as tabs. What a person does is shown at once and told to Python, which decides: what
// it says is shown once it has heard all that was told. Arrow keys only move the focus, and Enter shows the
// tab, since showing one takes a run of the page.

import { Announcer } from "../temp-file-workbench.toolkit/announcer.js"
import { button, element, focused, setText } from "../temp-file-workbench.toolkit/elements.js"
import { sentence } from "../temp-file-workbench.toolkit/format.js"
import { whenGone } from "../temp-file-workbench.toolkit/when_gone.js"
import { Drag } from "./drag.js"
import { Menu } from "./menu.js"
import { Slot } from "./slot.js"
import { Wishes } from "./wishes.js"

/**
 * @typedef {import("./slot.js").Tab} Tab
 *
 * @typedef {object} Data what Python says
 * @property {Tab[]} tabs
 * @property {string} active
 * @property {boolean} canReopen
 * @property {number} longestName
 * @property {number} heard
 * @property {Record<string, string>} words
 */

/** @type {WeakMap<HTMLElement, TabStrip>} */
const strips = new WeakMap()

/**
 * @param {object} call
 * @param {Data} call.data
 * @param {HTMLElement} call.parentElement
 * @param {(event: string, value: object) => void} call.setTriggerValue
 */
export default function ({ data, parentElement, setTriggerValue }) {
  const strip = strips.get(parentElement) ?? new TabStrip(parentElement, data)
  strips.set(parentElement, strip)
  strip.wishes.tell = (told) => setTriggerValue("wishes", told)
  strip.take(data)
  return whenGone(parentElement, () => strip.remove())
}

class TabStrip {
  /** @type {Tab[]} */
  tabs = []
  active = ""
  canReopen = false
  reached = "" // the tab that the Tab key comes to
  inView = "" // the tab that was scrolled to last
  focusComes = false // the focus was on a tab that is gone, and no other is there yet
  /** @type {Map<string, Slot>} */
  slots = new Map()
  wishes = new Wishes()
  /** @type {Map<string, number>} */
  ended = new Map() // of each tab, when its last run began, once that is over
  /** @type {Data | undefined} */
  latest // what Python said and is not shown yet

  /**
   * @param {HTMLElement} parent
   * @param {Data} data
   */
  constructor(parent, { words, longestName }) {
    this.words = words
    this.longestName = longestName
    // A tablist may hold nothing but tabs. Their close buttons are beside them, so it owns them from afar.
    this.list = element("div", { className: "list" })
    this.list.setAttribute("role", "tablist")
    this.list.ariaLabel = words.tabs
    this.scroller = element("div", { className: "scroller" })
    this.scroller.addEventListener("keydown", (event) => this.press(event))
    this.scroller.addEventListener("focusin", () => this.reach())
    this.scroller.addEventListener("wheel", (event) => this.roll(event), { passive: false })
    // The window and the names of tabs change, and the tab on show stays in view.
    this.sizes = new ResizeObserver((changes) => {
      const shown = this.slots.get(this.active)?.element
      const isOfIt = changes.some(({ target }) => target === this.scroller || target === shown)
      if (isOfIt) this.scrollTo(this.active)
    })
    this.sizes.observe(this.scroller)
    this.drag = new Drag(
      this.scroller,
      () => this.tabs.map(({ id }) => this.slot(id)),
      (id, index) => this.move(id, index),
      () => this.catchUp(),
    )
    const add = button("+", (event) => this.open(event), "new")
    add.ariaLabel = add.title = words.new
    this.menu = new Menu(words.more, () => this.entries())
    this.message = element("p", { className: "message" })
    const heard = element("p", { className: "only-heard" })
    this.message.role = heard.role = "status"
    this.announcer = new Announcer(heard)
    const row = element(
      "div",
      { className: "row" },
      this.list,
      this.scroller,
      add,
      this.menu.element,
    )
    this.root = element("div", { className: "tab-strip" }, row, this.message, heard)
    parent.append(this.root)
  }

  /**
   * Open a new tab. A key that is held, or typed before the new tab has the caret, opens no other.
   * @param {MouseEvent} event
   */
  open({ detail }) {
    const isByKey = detail === 0
    if (isByKey && this.wishes.unheard.some(({ kind }) => kind === "new")) return
    this.wishes.add({ kind: "new" })
  }

  /** @param {Data} data */
  take(data) {
    this.wishes.heard(data.heard)
    this.tellOutcomes(data.tabs)
    this.latest = data
    this.catchUp()
  }

  /**
   * What came of runs is heard, of tabs that are out of sight too; not of those that ended before.
   * @param {Tab[]} tabs
   */
  tellOutcomes(tabs) {
    for (const { id, ended, outcome } of tabs) {
      const before = this.ended.get(id)
      if (before !== undefined && ended && ended !== before) this.announcer.say(outcome)
      this.ended.set(id, ended || (before ?? 0))
    }
  }

  /** Show what Python said last, unless it does not know yet what the person did, or does just now. */
  catchUp() {
    if (!this.latest || this.wishes.unheard.length || this.drag.held) return
    const { tabs, active, canReopen } = this.latest
    this.latest = undefined
    const isFirst = !this.tabs.length && !this.slots.size
    const opened = tabs.filter(({ id }) => !this.slots.has(id))
    this.tabs = tabs
    this.active = active
    this.canReopen = canReopen
    this.draw()
    if (isFirst) return
    for (const { title } of opened) this.announcer.say(sentence(this.words.opened, { title }))
  }

  /** @param {string} id */
  slot(id) {
    return /** @type {Slot} */ (this.slots.get(id))
  }

  draw() {
    const { scroller, tabs } = this
    const holder = focused(this.root)
    for (const tab of tabs) {
      if (!this.slots.has(tab.id)) this.slots.set(tab.id, this.made(tab))
      this.slot(tab.id).show(tab, tab.id === this.active)
    }
    for (const [id, slot] of this.slots) {
      if (tabs.some((tab) => tab.id === id)) continue
      slot.element.remove()
      this.sizes.unobserve(slot.element)
      this.slots.delete(id)
    }
    for (const [index, { id }] of tabs.entries()) {
      const { element } = this.slot(id)
      if (scroller.children[index] !== element)
        scroller.insertBefore(element, scroller.children[index])
    }
    this.list.setAttribute("aria-owns", tabs.map(({ id }) => this.slot(id).tab.id).join(" "))
    if (holder?.isConnected && holder !== focused(this.root)) holder.focus() // it was moved
    if (this.focusComes && tabs.length) this.focus(this.active)
    this.reach()
    if (this.inView !== this.active) this.scrollTo(this.active)
  }

  /** @param {Tab} tab */
  made(tab) {
    const acts = {
      show: (/** @type {string} */ id) => this.activate(id),
      close: (/** @type {string} */ id) => this.close(id),
      named: (/** @type {string} */ id, /** @type {string | null} */ name) => this.named(id, name),
      say: (/** @type {string} */ text) => setText(this.message, text),
    }
    const slot = new Slot(tab, this.words, acts, this.longestName)
    this.drag.listenTo(slot)
    this.sizes.observe(slot.element)
    return slot
  }

  /** The Tab key comes to the tab that had the focus last; from elsewhere, to the one on show. */
  reach() {
    const holder = focused(this.root)
    const within = this.tabs.find(({ id }) => this.slot(id).element.contains(holder))
    this.reached = within?.id ?? this.active
    for (const [id, slot] of this.slots) slot.reach(id === this.reached)
  }

  /** @param {string} id */
  focus(id) {
    this.focusComes = false
    this.slot(id)?.tab.focus()
    this.scrollTo(id)
  }

  /** @param {string} id */
  scrollTo(id) {
    const slot = this.slots.get(id)
    if (!slot) return
    this.inView = id
    const box = slot.element.getBoundingClientRect()
    const { left, right } = this.scroller.getBoundingClientRect()
    if (box.left < left) this.scroller.scrollLeft -= left - box.left
    else if (box.right > right) this.scroller.scrollLeft += box.right - right
  }

  // What the person does -----------------------------------------------------------------------

  /** @param {string} id */
  activate(id) {
    if (id === this.active) return
    this.active = id
    this.draw()
    this.wishes.add({ kind: "show", tab: id })
  }

  /** @param {string} id */
  close(id) {
    const at = this.tabs.findIndex((tab) => tab.id === id)
    if (at < 0) return
    const hadFocus = this.slot(id).element.contains(focused(this.root))
    this.announcer.say(sentence(this.words.closed, this.tabs[at]))
    this.tabs = this.tabs.filter((tab) => tab.id !== id)
    this.canReopen = true
    const next = this.tabs[Math.min(at, this.tabs.length - 1)]
    if (id === this.active) this.active = next?.id ?? ""
    this.draw()
    if (hadFocus && next) this.focus(next.id)
    this.focusComes = hadFocus && !next
    this.wishes.add({ kind: "close", tab: id })
  }

  /**
   * @param {string} id
   * @param {number} index among the tabs
   */
  move(id, index) {
    const from = this.tabs.findIndex((tab) => tab.id === id)
    if (from < 0 || index < 0 || index >= this.tabs.length || index === from) return
    const others = this.tabs.filter((tab) => tab.id !== id)
    const before = others[index]?.id ?? ""
    this.tabs = others.toSpliced(index, 0, this.tabs[from])
    this.draw()
    this.scrollTo(id)
    const values = { title: this.tabs[index].title, place: index + 1, count: this.tabs.length }
    this.announcer.say(sentence(this.words.moved, values), id)
    this.wishes.add({ kind: "move", tab: id, before })
  }

  /**
   * @param {string} id
   * @param {string | null} name
   */
  named(id, name) {
    setText(this.message, "")
    if (name === null) return
    if (name) {
      this.tabs = this.tabs.map((tab) => (tab.id === id ? { ...tab, title: name } : tab))
      this.announcer.say(sentence(this.words.renamed, { title: name }))
      this.draw()
    }
    this.wishes.add({ kind: "rename", tab: id, name })
  }

  entries() {
    const { words, active, wishes } = this
    const at = this.tabs.findIndex(({ id }) => id === active)
    const last = this.tabs.length - 1
    return [
      { text: words.rename, act: () => this.slot(active).rename() },
      { text: words.duplicate, act: () => wishes.add({ kind: "duplicate", tab: active }) },
      { text: words.left, act: () => this.move(active, at - 1), isOff: at < 1 },
      { text: words.right, act: () => this.move(active, at + 1), isOff: at === last },
      { text: words.close_this, act: () => this.close(active) },
      {
        text: words.close_others,
        act: () => wishes.add({ kind: "close-others", tab: active }),
        isOff: last < 1,
      },
      {
        text: words.reopen,
        act: () => wishes.add({ kind: "reopen" }),
        isOff: !this.canReopen,
      },
    ]
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { key, shiftKey, altKey, ctrlKey, metaKey } = event
    const at = this.tabs.findIndex(({ id }) => this.slot(id).tab === focused(this.root))
    if (at < 0) return
    const { id } = this.tabs[at]
    const last = this.tabs.length - 1
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key]
    if (step && shiftKey && (altKey || ctrlKey || metaKey)) this.move(id, at + step)
    else if (shiftKey || altKey || ctrlKey || metaKey) return
    else if (step) this.focus(this.tabs[(at + step + last + 1) % (last + 1)].id)
    else if (key === "Home") this.focus(this.tabs[0].id)
    else if (key === "End") this.focus(this.tabs[last].id)
    else if (key === "Delete") this.close(id)
    else if (key === "F2") this.slot(id).rename()
    else if (key === "Escape" && this.drag.held) this.drag.end(false)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** A wheel that only goes up and down scrolls the strip as far as it goes, and then the page. */
  roll(/** @type {WheelEvent} */ event) {
    if (event.deltaX || event.ctrlKey) return
    const before = this.scroller.scrollLeft
    this.scroller.scrollLeft += event.deltaY
    if (this.scroller.scrollLeft !== before) event.preventDefault()
  }

  remove() {
    this.wishes.stop()
    this.sizes.disconnect()
    this.announcer.stop()
    this.root.remove()
  }
}
