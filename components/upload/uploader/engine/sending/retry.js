// Which answers of a store are worth another try, after how long, and when to give up (contract 8).

import { RETRY } from "./retry_table.js"

/** @typedef {{ status: number, code: string }} Refusal what a store answered, status 0 where it did not */

const MOST_GRAVE = 2 // a bit flips once; twice in the same part is no accident, nor is silence of minutes
const PATIENCE = 1000 * RETRY.pagePatience // milliseconds; an app restarts in 10 to 15 s
const FIRST_DELAY = 1000 * RETRY.firstDelay // milliseconds
const LONGEST_DELAY = 1000 * RETRY.longestDelay // milliseconds
const RETRIED_CODES = new Set(RETRY.storageCodes)
const MISMATCHES = new Set(["BadDigest", "etag-mismatch"])
const FINAL_CODES = new Set(["unreadable", "etag-hidden"])
const OUTAGES = new Set([0, 429, ...RETRY.awayStatuses])

/**
 * Whether what arrived is not what was sent.
 * @param {{ code: string }} outcome
 */
export function isMismatch({ code }) {
  return MISMATCHES.has(code)
}

/**
 * Whether a second of these is no accident: damaged bytes, or no answer in minutes (`Silence`).
 * @param {{ code: string }} outcome
 */
export function isGrave(outcome) {
  return isMismatch(outcome) || outcome.code === "unanswered"
}

/**
 * Whether the store, or what stands before it, asks for fewer requests.
 * @param {Refusal} outcome
 */
export function asksToSlowDown({ status, code }) {
  return status === 429 || status === 503 || code === "SlowDown"
}

/**
 * Whether the same request may succeed later.
 * @param {Refusal} outcome
 */
export function isWorthRetrying({ status, code }) {
  if (RETRY.neverStatuses.includes(status) || FINAL_CODES.has(code)) return false
  if (status === 0 || isMismatch({ code }) || RETRIED_CODES.has(code)) return true
  return RETRY.statuses.includes(status) || status >= RETRY.everyStatusFrom
}

/**
 * Whether a part has had all its tries.
 *
 * While nothing at all comes through, the store is away rather than the part unlucky, and 6 tries can
 * be over in 8 s: then there are as many as fit into a minute. As many other parts as are sent at
 * once may still arrive after such an outage began; more of them mean that the store is there.
 *
 * @param {Refusal} outcome
 * @param {{ tries: number, grave: number, since: number, others: number }} strikes `since` is milliseconds
 *   since the first failure, `others` the parts that arrived meanwhile
 * @param {number} parallel
 */
export function isGivenUp(outcome, { tries, grave, since, others }, parallel) {
  if (isGrave(outcome)) return grave >= MOST_GRAVE
  if (tries < RETRY.pageTries) return false
  return !OUTAGES.has(outcome.status) || others > parallel || since >= PATIENCE
}

/**
 * Milliseconds to wait after the given number of tries: full jitter, or what the store asked for.
 * @param {number} tries
 * @param {number} retryAfterSeconds 0 where it did not ask
 */
export function delayAfter(tries, retryAfterSeconds) {
  if (retryAfterSeconds > 0) return Math.min(retryAfterSeconds * 1000, LONGEST_DELAY)
  return Math.random() * Math.min(FIRST_DELAY * 2 ** (tries - 1), LONGEST_DELAY)
}
