// Which card shows its parts: one at a time. The transfer on its way opens by itself, unless the
// person closed it or is looking at another one. Kept here, so it survives a visit to another page.

const SHUT_AT = new Set(["done", "cancelled"])

export class OpenParts {
  constructor() {
    this.id = null
    this.chosen = false // whether the person opened it
    this.followed = null // the transfer that is on its way, as of the last look; null when none is
    this.closed = new Set()
  }

  isOpen(id) {
    return this.id === id
  }

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

  /** Look at what is on its way now and at how the open one stands. */
  follow(active, find) {
    if (this.id && !this.chosen && SHUT_AT.has(find(this.id)?.state)) this.id = null
    if (!active) this.followed = null // from now on who opens its parts has chosen them
    if (!active || active.id === this.followed) return
    this.followed = active.id
    if (this.chosen && find(this.id)) return
    this.chosen = false
    if (!this.closed.has(active.id)) this.id = active.id
  }
}

export const openParts = new OpenParts()
