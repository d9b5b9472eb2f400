// When a request on which nothing moves is given up.
//
// Bytes that are left to send must keep moving, from the first one on: until then a request may stand in
// line for one of the few connections that a browser opens to a host, behind other parts. Once the last one is out, nothing moves although all is
// well: what stands before a store may take a whole request at once and only then pass it on (nginx does
// so unless told otherwise), and a system may take megabytes that a slow line still has to carry.

/**
 * Milliseconds without a byte moving while some are left to send. A system takes bytes in lumps as its
 * buffer empties: 1.6 MB were seen in Linux, which at 50 kB/s are 33 s in which nothing seems to move.
 */
export const STALLED_AFTER = 120_000
/**
 * Milliseconds without an answer once every byte is out: twice what the relay gives a store, and enough
 * for a part of 16 MiB at 28 kB/s or a PUT of 100 MB at 170 kB/s behind a proxy that took it at once.
 */
export const UNANSWERED_AFTER = 600_000
const LOOK_EVERY = 1000 // milliseconds

/** Watches one request from its making until `stop()`. */
export class Silence {
  /**
   * @param {() => void} giveUp called once the silence was too long; `code` then says which it was
   */
  constructor(giveUp) {
    /** @type {"" | "stalled" | "unanswered"} */
    this.code = "" // until it is given up
    this.isOut = false
    this.hasBegun = false
    this.last = performance.now()
    this.timer = setInterval(() => this.look(giveUp), LOOK_EVERY)
  }

  /** A byte moved. */
  moved() {
    this.hasBegun = true
    this.last = performance.now()
  }

  /** The last byte is out: from now on only the answer is missing. */
  out() {
    if (this.isOut) return
    this.isOut = true
    this.moved()
  }

  stop() {
    clearInterval(this.timer)
  }

  /** @param {() => void} giveUp */
  look(giveUp) {
    const isMoving = this.hasBegun && !this.isOut
    if (performance.now() - this.last < (isMoving ? STALLED_AFTER : UNANSWERED_AFTER)) return
    this.code = this.isOut ? "unanswered" : "stalled"
    this.stop()
    giveUp()
  }
}
