// One part of a file: where it is in the file, and how it stands.

/**
 * @typedef {"waiting" | "sending" | "retrying" | "done" | "failed" | "cancelled"} PartStatus
 * @typedef {{ code: string, details?: Record<string, string | number>, text?: string }} Problem
 *   a code and the values its words need, or its words once Python has found them
 */

export class Part {
  sent = 0 // bytes of the try that is on the wire
  furthest = 0 // bytes of the try that came furthest
  tries = 0
  seconds = 0 // of the try that brought it there
  /** @type {number | null} */
  startedAt = null // seconds since 1970, of the try that is on the wire
  note = ""
  /** @type {Problem | null} */
  error = null
  strikes = noStrikes()

  /**
   * @param {{ number: number, start: number, end: number, url: string }} place
   * @param {string | null} etag what the store gave for it earlier
   */
  constructor({ number, start, end, url }, etag) {
    this.number = number
    this.start = start
    this.end = end
    this.url = url
    this.size = end - start
    /** @type {PartStatus} */
    this.status = etag ? "done" : "waiting"
    this.etag = etag
    if (etag) this.sent = this.furthest = this.size
  }

  /** Begin to count failed tries anew. */
  forget() {
    this.strikes = noStrikes()
  }

  /** Whether its last byte is out, so that only the store's answer is missing. */
  get isOut() {
    return this.status === "sending" && this.sent === this.size
  }

  /** Whether bytes go that an earlier try has sent already. */
  get isRepeated() {
    return (this.status === "sending" || this.status === "retrying") && this.sent < this.furthest
  }

  /** @param {number} now seconds since 1970 */
  begin(now) {
    this.tries += 1
    this.sent = 0
    this.startedAt = now
  }

  /**
   * So many bytes of the try are out.
   * @param {number} sent
   * @returns how many more than before
   */
  move(sent) {
    const before = this.sent
    this.sent = Math.min(sent, this.size)
    this.furthest = Math.max(this.furthest, this.sent)
    return this.sent - before
  }

  /** Back among those that wait, unless it is there already. */
  putBack() {
    if (this.status !== "done") this.become("waiting")
  }

  /** @param {{ etag: string | null, seconds: number }} outcome */
  confirm({ etag, seconds }) {
    this.become("done", "")
    this.sent = this.furthest = this.size
    this.etag = etag
    this.seconds = seconds
  }

  /** @param {string} note of what went wrong, until the next try */
  waitToRetry(note) {
    this.become("retrying", note)
  }

  /**
   * @param {string} note
   * @param {Problem} error
   */
  fail(note, error) {
    this.become("failed", note)
    this.error = error
  }

  /**
   * @param {PartStatus} status in which nothing of it is on the wire
   * @param {string} note
   */
  become(status, note = this.note) {
    this.status = status
    this.note = note
    this.sent = 0
    this.startedAt = null
  }
}

/** Failed tries in a row, by `clock.now()` and by how many other parts had arrived at the first. */
function noStrikes() {
  return { tries: 0, grave: 0, begun: 0, arrivedBefore: 0 }
}
