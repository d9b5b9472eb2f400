// Which answers of a store are worth another try, after how long, and when to give up (contract 8).

export const MOST_TRIES = 6
const MOST_GRAVE = 2 // a bit flips once; twice in the same part is no accident, nor is silence of minutes
const PATIENCE = 60_000 // milliseconds; an app restarts in 10 to 15 s
const FIRST_DELAY = 500 // milliseconds
const LONGEST_DELAY = 20_000 // milliseconds
const PASSING_STATUSES = new Set([408, 429])
const DISK_FULL = 507 // not emptied in seconds
const PASSING_CODES = new Set(["RequestTimeout", "SlowDown"])
const MISMATCHES = new Set(["BadDigest", "etag-mismatch"])
const FINAL_CODES = new Set(["unreadable", "etag-hidden"])
const OUTAGES = new Set([0, 429, 502, 503, 504])

/** Whether what arrived is not what was sent. */
export function isMismatch({ code }) {
  return MISMATCHES.has(code)
}

/** Whether a second of these is no accident: damaged bytes, or no answer in minutes (`Silence`). */
export function isGrave(outcome) {
  return isMismatch(outcome) || outcome.code === "unanswered"
}

/** Whether the store, or what stands before it, asks for fewer requests. */
export function asksToSlowDown({ status, code }) {
  return status === 429 || status === 503 || code === "SlowDown"
}

/** Whether the same request may succeed later. Status 0 means that no answer came. */
export function isWorthRetrying({ status, code }) {
  if (status === DISK_FULL || FINAL_CODES.has(code)) return false
  return status === 0 || status >= 500 || PASSING_STATUSES.has(status) || PASSING_CODES.has(code) || isMismatch({ code })
}

/**
 * Whether a part has had all its tries.
 *
 * While nothing at all comes through, the store is away rather than the part unlucky, and 6 tries can
 * be over in 8 s: then there are as many as fit into a minute. As many other parts as are sent at
 * once may still arrive after such an outage began; more of them mean that the store is there.
 *
 * @param strikes { tries, grave, since (milliseconds), others (parts arrived meanwhile) }
 */
export function isGivenUp(outcome, { tries, grave, since, others }, parallel) {
  if (isGrave(outcome)) return grave >= MOST_GRAVE
  if (tries < MOST_TRIES) return false
  return !OUTAGES.has(outcome.status) || others > parallel || since >= PATIENCE
}

/** Milliseconds to wait after the given number of tries: full jitter, or what the store asked for. */
export function delayAfter(tries, retryAfterSeconds) {
  if (retryAfterSeconds > 0) return Math.min(retryAfterSeconds * 1000, LONGEST_DELAY)
  return Math.random() * Math.min(FIRST_DELAY * 2 ** (tries - 1), LONGEST_DELAY)
}
