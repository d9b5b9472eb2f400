// Tabs for the query, the variables, the answer, and form and library, where the window is too narrow for
// columns. Which of them is on show stands in an attribute of the workspace; components/shell.css draws by it.

import { button, element, setText } from "../temp-file-workbench.toolkit/elements.js"
import { addSkipLink } from "../temp-file-workbench.toolkit/skip_link.js"
import { whenGone } from "../temp-file-workbench.toolkit/when_gone.js"

const PANES = ["query", "variables", "beside", "answer"]
const STEPS = { ArrowRight: 1, ArrowLeft: -1 }
const WORKSPACE = ".st-key-playground-workspace"
const WRITING = ".st-key-playground-writing"
const FORM = ".st-key-playground-form"
const RUN_OF_FORM = ".st-key-playground-form-run button"
const FILLING = ".st-key-playground-filling"
const views = new WeakMap()
const last = { document: "", answered: 0, beside: 0 } // what was on show before, on whichever page

export default function ({ data, parentElement }) {
  const view = views.get(parentElement) ?? new Panes(parentElement, data.words)
  views.set(parentElement, view)
  view.update(data)
  return whenGone(parentElement, () => view.remove())
}

class Panes {
  shown = PANES[0]
  isTyping = false // since the person ran something or pressed elsewhere

  constructor(parent, words) {
    this.words = words
    this.tabs = PANES.map((pane) => {
      const tab = button(words[pane] ?? "", () => this.show(pane))
      tab.role = "tab"
      tab.dataset.pane = pane
      return tab
    })
    this.root = element("div", { className: "panes" }, ...this.tabs)
    this.root.role = "tablist"
    this.root.ariaLabel = words.label
    this.root.addEventListener("keydown", (event) => this.move(event))
    parent.append(this.root)
    this.removeSkipLink = addSkipLink(words.skip, () => this.findOperations())
    this.listening = new AbortController()
    // On the way down: the editor keeps its keys to itself.
    const how = { capture: true, signal: this.listening.signal }
    document.addEventListener("keydown", (event) => this.noteKey(event), how)
    document.addEventListener("pointerdown", () => this.noteOther(), how)
  }

  /** @returns {HTMLElement | null} */
  get workspace() {
    return document.querySelector(WORKSPACE)
  }

  /** Where operations are written; in a narrow window they come on show. */
  findOperations() {
    this.show("query")
    for (const { shadowRoot } of document.querySelectorAll(`${WRITING} *`)) {
      /** @type {HTMLElement | null | undefined} */
      const operations = shadowRoot?.querySelector(".query .cm-content")
      if (operations) return operations
    }
    return null
  }

  noteKey(event) {
    const isText = event.composedPath()[0]?.isContentEditable
    const isRun = event.key === "Enter" && (event.ctrlKey || event.metaKey)
    this.isTyping = isText && !isRun
    if (isRun && event.target.closest?.(FORM)) this.runFromForm(event.target)
  }

  /** What is being typed counts once its field is left. */
  runFromForm(field) {
    field.blur()
    /** @type {HTMLElement | null} */
    const run = document.querySelector(RUN_OF_FORM)
    run?.click()
    field.focus()
  }

  noteOther() {
    this.isTyping = false
  }

  /**
   * @param {object} data
   * @param {string} data.document the tab of the playground
   * @param {number} data.answered when its run began whose answer is there; 0 for none
   * @param {string[]} data.beside what of form and library is switched on
   */
  update({ document: tab, answered, beside }) {
    const isOther = tab !== last.document
    const isNew = !isOther && answered > 0 && answered !== last.answered
    const isMore = beside.length > last.beside
    Object.assign(last, { document: tab, answered, beside: beside.length })
    if (isMore) document.querySelector(FILLING)?.scrollTo(0, 0) // where the new one will stand
    const besideTab = this.tabOf("beside")
    setText(besideTab, beside.join(" · "))
    besideTab.hidden = !beside.length
    if (isNew && this.isTyping) this.tellNew(true)
    else if (isNew) this.show("answer")
    else if (isMore) this.show("beside")
    else this.show(isOther || this.tabOf(this.shown).hidden ? PANES[0] : this.shown)
  }

  tabOf(pane) {
    return this.tabs.find((tab) => tab.dataset.pane === pane)
  }

  /** The answer is there and not looked at yet: who types keeps what is typed into. */
  tellNew(isNew) {
    const { answer, answer_new: unseen } = this.words
    setText(this.tabOf("answer"), isNew ? unseen : answer)
  }

  show(pane) {
    const isLeft = pane !== this.shown && document.activeElement?.closest(WRITING)
    this.shown = pane
    for (const tab of this.tabs) {
      const isShown = tab.dataset.pane === pane
      tab.ariaSelected = String(isShown)
      tab.tabIndex = isShown ? 0 : -1
    }
    if (pane === "answer") this.tellNew(false)
    const { workspace } = this
    if (workspace) workspace.dataset.pane = pane
    if (isLeft && this.root.checkVisibility()) this.tabOf(pane).focus() // what had the keyboard is hidden
  }

  move(event) {
    event.stopPropagation() // Streamlit has shortcuts of its own
    const step = STEPS[event.key]
    if (!step) return
    const there = this.tabs.filter((tab) => !tab.hidden)
    const at = there.findIndex((tab) => tab.dataset.pane === this.shown) + step
    const next = there[(at + there.length) % there.length]
    this.show(next.dataset.pane)
    next.focus()
    event.preventDefault()
  }

  remove() {
    this.listening.abort()
    this.removeSkipLink()
    this.root.remove()
  }
}
