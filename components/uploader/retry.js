// Which answers of a store are worth another try, and after how long (contract section 8).

export const MOST_TRIES = 6
const FIRST_DELAY = 500 // milliseconds
const LONGEST_DELAY = 20_000 // milliseconds
const PASSING_STATUSES = new Set([408, 429])
const DISK_FULL = 507 // not emptied in seconds
const PASSING_CODES = new Set(["RequestTimeout", "SlowDown"])

/** Whether the same request may succeed later. Status 0 means that no answer came. */
export function isWorthRetrying({ status, code }) {
  if (status === DISK_FULL) return false
  return status === 0 || status >= 500 || PASSING_STATUSES.has(status) || PASSING_CODES.has(code)
}

/** Milliseconds to wait after the given number of tries: full jitter, or what the store asked for. */
export function delayAfter(tries, retryAfterSeconds) {
  if (retryAfterSeconds > 0) return Math.min(retryAfterSeconds * 1000, LONGEST_DELAY)
  return Math.random() * Math.min(FIRST_DELAY * 2 ** (tries - 1), LONGEST_DELAY)
}
