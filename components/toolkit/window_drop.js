// Files dropped anywhere on the window, for a page that has a place to give files to.

import { element } from "./elements.js"
import { typingPlaceOf } from "./typing_place.js"

const SHOWN = `
  position: fixed; inset: 0; width: auto; height: auto; margin: 0; padding: 1rem; z-index: 1000000;
  display: grid; place-items: center; pointer-events: none; border: 4px dashed var(--st-primary-color);
  background: color-mix(in srgb, var(--st-background-color) 70%, transparent);
`
const WORDS = `
  padding: 0.75rem 1.5rem; font: 600 1.5rem var(--st-font); color: var(--st-text-color);
  background: var(--st-background-color); border: 2px solid var(--st-primary-color);
  border-radius: var(--st-base-radius);
`

/**
 * Takes the files of drops on the window and shows, while files are over it, that it does.
 *
 * Left alone are: drags of text and links, drags that began on this page (a picture of it is no new
 * file), whatever another place takes first (Streamlit's own places for files, an editor), and all of
 * it while a dialog is open, which makes the page behind it inert.
 */
export class WindowDrop {
  /**
   * @param {HTMLElement} zone the place for files; drops are taken while it is on the page
   * @param {string} words what the sign says
   * @param {(dropped: DataTransfer) => void} take
   */
  constructor(zone, words, take) {
    this.zone = zone
    this.take = take
    const label = element("p", { textContent: words })
    label.style.cssText = WORDS
    this.sign = element("div", {}, label)
    this.sign.style.cssText = SHOWN
    this.sign.dataset.sign = "drop"
    /** @type {EventTarget | null} */
    this.over = null // the innermost thing under the drag
    this.beganHere = false
    this.listening = new AbortController()
    const { signal } = this.listening
    document.addEventListener("dragstart", () => (this.beganHere = true), { signal })
    document.addEventListener("dragenter", (event) => this.move(event), { signal })
    document.addEventListener("dragover", (event) => this.move(event), { signal })
    document.addEventListener("dragleave", (event) => this.leave(event), { signal })
    document.addEventListener("drop", (event) => this.drop(event), { signal })
    // Browsers tell of no move of the mouse during a drag: with the first one, every drag is over.
    for (const kind of ["dragend", "mousemove"])
      document.addEventListener(kind, () => this.end(), { signal })
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.hide(), { signal })
  }

  /** @param {DragEvent} event */
  move(event) {
    if (!this.takes(event)) return this.hide()
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy"
    this.over = event.composedPath()[0]
    this.show()
  }

  /**
   * A drag enters the next thing before it leaves the last one: only who leaves what it was over last
   * has left the window, or has let it be.
   * @param {DragEvent} event
   */
  leave(event) {
    if (event.composedPath()[0] === this.over) this.hide()
  }

  /** @param {DragEvent} event */
  drop(event) {
    const takes = this.takes(event)
    this.end()
    if (!takes || !event.dataTransfer) return
    event.preventDefault()
    this.take(event.dataTransfer)
  }

  /** @param {DragEvent} event */
  takes(event) {
    const types = event.dataTransfer?.types ?? []
    const isText = typingPlaceOf(event) && types.some((type) => type.startsWith("text/"))
    return (
      types.includes("Files") &&
      !isText &&
      !event.defaultPrevented &&
      !this.beganHere &&
      this.zone.isConnected &&
      !hostOf(this.zone)?.closest("[inert]")
    )
  }

  show() {
    if (this.sign.isConnected) return
    this.zone.append(this.sign)
    if (!this.sign.showPopover) return
    this.sign.popover = "manual" // above everything, whatever the page stacks
    this.sign.showPopover()
  }

  hide() {
    this.over = null
    this.sign.remove()
  }

  end() {
    this.beganHere = false
    this.hide()
  }

  remove() {
    this.listening.abort()
    this.hide()
  }
}

/**
 * The element of the page that a node is in, if in a shadow root of it.
 * @param {Node} node
 */
function hostOf(node) {
  const root = node.getRootNode()
  return root instanceof ShadowRoot ? root.host : node.parentElement
}
