// One attempt at a part: by the route that its store's origin needs, with the check that it takes.
//
// Nothing waits for what is not known yet of a store: the parts that are out find it out side by side,
// and each that was refused is sent once more at once, the other way. What one part learns holds for all
// that begin after it. A success proves something, a refusal only lets it be supposed.

import { base64Of } from "../hashing/digests.js"
import { Unreadable } from "../hashing/hasher.js"
import { disposition } from "./download_name.js"
import { noAnswer } from "./put.js"

/**
 * @import { PartDigests } from "../hashing/digests.js"
 * @import { Part } from "../part.js"
 * @import { Outcome } from "./put.js"
 * @import { Route, Routes, StoreOrigin } from "./routes.js"
 * @import { Transfer } from "../transfer.js"
 *
 * @typedef {{ part: Part, md5: string | null, signal: AbortSignal }} PartRequest
 */

const UNREADABLE = Symbol("the source changed or is gone")

export class Attempts {
  /**
   * @param {Transfer} transfer
   * @param {StoreOrigin} origin its URLs lead to
   * @param {Routes} routes
   * @param {PartDigests} digests of its parts
   */
  constructor(transfer, origin, routes, digests) {
    this.transfer = transfer
    this.origin = origin
    this.routes = routes
    this.digests = digests
  }

  /**
   * Send a part once, or a second time at once where the first request taught how this store wants
   * it. Resolves to the outcome of the last request, as `put` does; code is also "etag-mismatch" and
   * "etag-hidden", which come with status 200.
   *
   * @param {Part} part
   * @param {AbortSignal} signal
   * @returns {Promise<Outcome>}
   */
  async make(part, signal) {
    const { settings } = this.transfer
    const md5 = settings.checkParts && this.origin.usesMd5 ? await this.md5Of(part) : null
    if (md5 === UNREADABLE) return noAnswer("unreadable")
    const request = { part, md5, signal }
    const route = this.origin.route(settings.route)
    const outcome = route ? await this.checked(request, route) : await this.probe(request)
    return outcome.status === 200 && !outcome.etag ? { ...outcome, code: "etag-hidden" } : outcome
  }

  /** @param {Part} part */
  async md5Of(part) {
    try {
      const md5 = await this.digests.of(part)
      if (md5 === null) this.origin.takesMd5 ??= false // this browser will never find out
      return md5
    } catch (error) {
      if (error instanceof Unreadable) return UNREADABLE
      throw error
    }
  }

  /**
   * Find out whether the browser may talk to this store; the relay tells a closed door from an outage.
   *
   * Without Content-MD5 unless the store is known to take it: a browser does not say whether CORS closes
   * the door to the page or to that header only. The few parts that are out before the first answer are
   * then held against their ETags alone; those that begin after it go with the header.
   *
   * @param {PartRequest} request
   */
  async probe(request) {
    const { origin } = this
    const outcome = await this.request(request, "direct", origin.takesMd5 === true)
    if (outcome.status === 200 && outcome.etag) origin.decide("direct")
    const isRefused = isRefusedByBrowser(outcome, request.part) && origin.verdict !== "direct"
    if (!isRefused && !isWithoutEtag(outcome)) return outcome
    const relayed = await this.checked(request, "relay")
    if (relayed.status === 200) origin.decide("relay", isWithoutEtag(outcome) ? "etag" : "cors")
    return relayed
  }

  /**
   * With Content-MD5 if the store may take it; without, if it turns out that it does not. As long as
   * that is not known, every part goes with it: nothing goes unchecked to a store that would check it,
   * and one that does not want it costs each of the parts that are out a second request.
   *
   * @param {PartRequest} request
   * @param {Route} route
   */
  async checked(request, route) {
    const { origin } = this
    const withMd5 = request.md5 !== null && origin.takesMd5 !== false
    const outcome = await this.request(request, route, withMd5)
    if (!withMd5) return outcome
    if (outcome.status === 200) origin.takesMd5 = true
    if (origin.takesMd5 || !isHeaderRefused(outcome, route, request.part)) return outcome
    const bare = await this.request(request, route, false)
    if (bare.status === 200) origin.takesMd5 ??= false
    return bare
  }

  /**
   * @param {PartRequest} request
   * @param {Route} route
   * @param {boolean} withMd5
   * @returns {Promise<Outcome>}
   */
  async request({ part, md5, signal }, route, withMd5) {
    const { transfer } = this
    if (signal.aborted || transfer.state !== "sending") return noAnswer("stopped")
    part.begin(transfer.clock.date() / 1000)
    transfer.changed(transfer)
    const url = route === "relay" ? this.routes.relayUrl(transfer.id, part) : part.url
    const answer = await transfer.put(url, this.bytesOf(part), {
      headers: this.headers(withMd5 ? md5 : null),
      signal,
      onProgress: (sent) => transfer.moved(part, sent),
    })
    const isBelied = answer.status === 200 && this.origin.belies(answer.etag, md5)
    const outcome = isBelied ? { ...answer, code: "etag-mismatch" } : answer
    transfer.note(part, outcome, route)
    return outcome
  }

  /**
   * The whole file needs no slice: each is a message to another process that the page waits for.
   * @param {Part} part
   */
  bytesOf({ start, end }) {
    const { source, size } = this.transfer
    return start === 0 && end === size ? source : source.slice(start, end)
  }

  /**
   * A file in parts has neither type nor name: its upload was created without. Other stores than the
   * app's own may refuse a header that they did not sign or that their CORS rules do not list.
   * @param {string | null} md5
   * @returns {Record<string, string>}
   */
  headers(md5) {
    const { plan, name } = this.transfer
    const isWhole = plan?.kind === "single"
    const named = isWhole && this.origin.own && disposition(name)
    return {
      ...(isWhole && { "Content-Type": plan.contentType }),
      ...(named && { "Content-Disposition": named }),
      ...(md5 && { "Content-MD5": base64Of(md5) }),
    }
  }
}

/**
 * A browser does not say why it withholds an answer; offline there is none to withhold. It asks the
 * store before the first byte, and looks at the answer after the last: what ends in between is an outage.
 * @param {Outcome} outcome
 * @param {Part} part
 */
function isRefusedByBrowser({ status, code }, { sent, size }) {
  return status === 0 && code === "network" && (sent === 0 || sent === size) && navigator.onLine
}

/** @param {Outcome} outcome */
function isWithoutEtag({ status, etag }) {
  return status === 200 && !etag
}

/**
 * A signed URL answers 403 to a header that was not signed; CORS rules may not list it either.
 * @param {Outcome} outcome
 * @param {Route} route
 * @param {Part} part
 */
function isHeaderRefused(outcome, route, part) {
  if (outcome.status === 403) return !isExpired(outcome)
  return route === "direct" && isRefusedByBrowser(outcome, part)
}

/**
 * Whether a store refused because the URL's hour is over.
 * @param {Outcome} outcome
 */
export function isExpired({ status, message }) {
  return status === 403 && message === "Request has expired"
}
