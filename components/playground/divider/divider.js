// The line between what is written and its answer. It is dragged, or moved by the arrow keys, and the
// browser remembers where it was left; components/shell.css draws the columns by it.

import { element } from "../temp-file-workbench.toolkit/elements.js"
import { whenGone } from "../temp-file-workbench.toolkit/when_gone.js"

const PAGE = '[data-testid="stMain"]'
const CONTENT = '[data-testid="stMainBlockContainer"]'
const KEPT = "tfw-playground-answer-share"
const [LEAST, MOST] = [20, 80] // percent of the width that the answer takes
const STEP = 2
const STEPS = { ArrowLeft: STEP, ArrowRight: -STEP, Home: 100, End: -100 }
const views = new WeakMap()

export default function ({ data, parentElement }) {
  const view = views.get(parentElement) ?? new Divider(parentElement, data.words)
  views.set(parentElement, view)
  view.place()
  return whenGone(parentElement, () => view.remove())
}

class Divider {
  /** @type {number | null} */
  share = kept() // percent; null: as wide as the other columns

  constructor(parent, words) {
    this.root = element("div", { className: "divider", tabIndex: 0, title: words.hint })
    this.root.role = "separator"
    this.root.ariaOrientation = "vertical"
    this.root.ariaLabel = words.label
    this.root.ariaValueMin = String(LEAST)
    this.root.ariaValueMax = String(MOST)
    this.root.addEventListener("pointerdown", (event) => this.grab(event))
    this.root.addEventListener("pointermove", (event) => this.drag(event))
    this.root.addEventListener("dblclick", () => this.move(null))
    this.root.addEventListener("keydown", (event) => this.press(event))
    parent.append(this.root)
    // What stands above comes and goes: heights are made of what is left of the window.
    this.above = new ResizeObserver(() => this.place())
    this.above.observe(document.querySelector(CONTENT) ?? this.root)
  }

  /** @returns {HTMLElement | null} */
  get workspace() {
    return document.querySelector(".st-key-playground-workspace")
  }

  grab(event) {
    this.root.setPointerCapture(event.pointerId)
    event.preventDefault() // nothing is selected on the way
    this.root.focus()
  }

  drag({ pointerId, clientX }) {
    const box = this.workspace?.getBoundingClientRect()
    if (!box || !this.root.hasPointerCapture(pointerId)) return
    this.move((100 * (box.right - clientX)) / box.width)
  }

  press(event) {
    event.stopPropagation() // Streamlit has shortcuts of its own
    const step = STEPS[event.key]
    if (step) this.move((this.share ?? this.now) + step)
    else if (event.key === "Enter") this.move(null)
    else return
    event.preventDefault()
  }

  /** Percent of the width that the answer takes now. */
  get now() {
    const { workspace } = this
    const answer = workspace?.querySelector(".st-key-playground-answering")
    if (!workspace || !answer) return 50
    return (100 * answer.getBoundingClientRect().width) / workspace.getBoundingClientRect().width
  }

  /** @param {number | null} share percent, or null to let the columns be as they come */
  move(share) {
    this.share = share === null ? null : Math.min(MOST, Math.max(LEAST, share))
    this.place()
    // The columns beside it keep a least width: there is nothing to be had beyond that.
    if (this.share !== null) this.share = Math.min(this.share, Math.ceil(this.now))
    keep(this.share)
  }

  /** What is set stands above all that Streamlit draws: it may make the workspace anew. */
  place() {
    const { workspace, share } = this
    if (!workspace) return
    const { style } = document.documentElement
    const page = workspace.closest(PAGE)
    const top = workspace.getBoundingClientRect().top + (page?.scrollTop ?? 0)
    style.setProperty("--workspace-top", `${Math.round(top)}px`)
    if (share === null) style.removeProperty("--answer-share")
    else style.setProperty("--answer-share", `${share}%`)
    this.root.ariaValueNow = String(Math.round(share ?? this.now))
  }

  remove() {
    this.above.disconnect()
    this.root.remove()
  }
}

/** A browser that keeps nothing is no reason to do without the divider. */
function kept() {
  try {
    return Number(localStorage.getItem(KEPT)) || null
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}

/** @param {number | null} share */
function keep(share) {
  try {
    if (share === null) localStorage.removeItem(KEPT)
    else localStorage.setItem(KEPT, String(share))
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
}
