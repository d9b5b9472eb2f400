// Which card shows its parts: one at a time. The transfer on its way opens by itself, unless the
// person closed it or is looking at another one. Kept here, so it survives a visit to another page.

const SHUT_AT = new Set(["done", "cancelled"])

/** @typedef {{ id: string, state: string }} Shown what of a transfer matters here */

export class OpenParts {
  /** @type {string | null} */
  id = null
  chosen = false // whether the person opened it
  /** @type {string | null} */
  followed = null // the transfer that is on its way, as of the last look; null when none is
  /** @type {Set<string>} */
  closed = new Set()

  /** @param {string} id */
  isOpen(id) {
    return this.id === id
  }

  /** @param {string} id */
  toggle(id) {
    if (this.id === id) {
      this.id = null
      this.chosen = false
      this.closed.add(id)
    } else {
      this.id = id
      this.chosen = id !== this.followed
      this.closed.delete(id)
    }
  }

  /**
   * Look at what is on its way now and at how the open one stands.
   * @param {Shown | undefined} active
   * @param {(id: string) => Shown | undefined} find
   */
  follow(active, find) {
    if (this.id && !this.chosen && SHUT_AT.has(find(this.id)?.state ?? "")) this.id = null
    if (!active) this.followed = null // from now on who opens its parts has chosen them
    if (!active || active.id === this.followed) return
    this.followed = active.id
    if (this.chosen && this.id && find(this.id)) return
    this.chosen = false
    if (!this.closed.has(active.id)) this.id = active.id
  }
}

export const openParts = new OpenParts()
