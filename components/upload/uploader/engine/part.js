// One part of a file: where it is in the file, and how it stands.

/** Statuses: waiting, sending, retrying, done, failed, cancelled. */
export class Part {
  /** @param etag what the store gave for it earlier, or undefined */
  constructor([number, start, end, url], etag) {
    Object.assign(this, { number, start, end, url, size: end - start })
    this.status = etag ? "done" : "waiting"
    this.etag = etag ?? null
    this.sent = etag ? this.size : 0
    this.tries = 0
    this.seconds = 0 // of the try that brought it there
    this.startedAt = null // seconds since 1970, of the try that is on the wire
    this.note = ""
    this.error = null
    this.forget()
  }

  /** Begin to count failed tries anew. */
  forget() {
    this.strikes = { tries: 0, grave: 0, begun: 0, arrivedBefore: 0 }
  }

  /** Whether its last byte is out, so that only the store's answer is missing. */
  get isOut() {
    return this.status === "sending" && this.sent === this.size
  }

  begin() {
    this.tries += 1
    this.sent = 0
    this.startedAt = Date.now() / 1000
  }

  /** Back among those that wait, unless it is there already. */
  putBack() {
    if (this.status !== "done") Object.assign(this, { status: "waiting", sent: 0, startedAt: null })
  }

  confirm({ etag, seconds }) {
    Object.assign(this, { status: "done", sent: this.size, etag, seconds, note: "", startedAt: null })
  }

  fail(note, error) {
    Object.assign(this, { status: "failed", sent: 0, startedAt: null, note, error })
  }
}
