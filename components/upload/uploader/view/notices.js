// What a person should know about a transfer besides its numbers, in sentences.

import { element } from "../../temp-file-workbench.toolkit/elements.js"
import {
  clock,
  counted,
  duration,
  rate,
  sentence,
  size,
} from "../../temp-file-workbench.toolkit/format.js"
import { SOON } from "../../temp-file-workbench.toolkit/link_end.js"
import { asksToSlowDown } from "../engine/sending/retry.js"

const MOVING = new Set(["sending", "paused"])

/** Draws notices and touches the page only where they changed. */
export class Notices {
  constructor() {
    this.element = element("div", { className: "notices" })
    this.drawn = ""
  }

  /** @param notices [{ text, warning }] */
  show(notices) {
    const now = JSON.stringify(notices)
    if (now === this.drawn) return
    this.drawn = now
    const lines = notices.map(({ text, warning }) =>
      element("p", { textContent: text, className: warning ? "warning" : "" }),
    )
    this.element.replaceChildren(...lines)
  }
}

/** Everything there is to say about one transfer, most pressing first. */
export function noticesOf(transfer, settings, words) {
  const { state, lost, plan, record, unlike } = transfer
  if (lost) return [warning(words.lost)]
  if (linksExpired(transfer)) return [warning(freshStart(transfer, words))]
  const notices = []
  if (unlike) notices.push(warning(sentence(words.unlike, { why: unlike.text })))
  if (plan && record && record.name !== transfer.name)
    notices.push(plain(sentence(words.resumed_as, { name: record.name })))
  if (plan && !["done", "cancelled", "completing"].includes(state))
    notices.push(deadlineOf(transfer, words))
  if (MOVING.has(state)) notices.push(...pace(transfer, settings, words))
  if (transfer.route === "relay" && words.relayed[transfer.routeReason])
    notices.push(plain(words.relayed[transfer.routeReason]))
  if (state === "completing" && settings.sha256 && !transfer.sha256)
    notices.push(plain(words.waits_for_hash))
  if (transfer.sha256) notices.push(plain(sentence(words.sha256, { sha256: transfer.sha256 })))
  return notices
}

function pace(transfer, settings, words) {
  const { late, limit, parallel, secondsLeft, deadline, history } = transfer
  const { rateCap } = settings
  const notices = []
  const missing = secondsLeft - (deadline - transfer.clock.appTime())
  if (late && missing > 0) notices.push(warning(sentence(words.late, { time: duration(missing) })))
  if (rateCap) notices.push(plain(sentence(words.rate_cap, { rate: rate(rateCap) })))
  // With a rate cap one part goes at a time whatever the store asks for.
  else if (limit < parallel && history.some(asksToSlowDown))
    notices.push(plain(sentence(words.slowed, { limit, parallel })))
  return notices
}

/** When the links of a transfer or record end, as a span and as a time of day; a warning from ten minutes on. */
export function deadlineOf(holder, words) {
  const { deadline } = holder
  const left = deadline - holder.clock.appTime()
  const values = { time: duration(left), clock: clock(deadline) }
  if (left <= 0) return warning(sentence(words.links_expired, values))
  return left <= SOON
    ? warning(sentence(words.links_expire_soon, values))
    : plain(sentence(words.links_expire, values))
}

/** Whether only a fresh start with new links can finish this transfer. */
export function linksExpired({ state, error }) {
  return state === "failed" && error?.code === "link-expired"
}

function freshStart({ parts, confirmed, size: total }, words) {
  const done = parts.filter(({ status }) => status === "done").length
  return freshStartText({ done, bytes: confirmed, size: total }, words)
}

/** What a fresh start costs: what had arrived, and that all of it is sent again. */
export function freshStartText({ done, bytes, size: whole }, words) {
  if (!done) return sentence(words.fresh_start_only, { size: size(whole) })
  return counted(words.fresh_start, done, { bytes: size(bytes), size: size(whole) })
}

function plain(text) {
  return { text, warning: false }
}

function warning(text) {
  return { text, warning: true }
}
