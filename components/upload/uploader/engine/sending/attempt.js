// One attempt at a part: by the route that its store's origin needs, with the check that it takes.

import { base64Of } from "../hashing/digests.js"
import { Closed, Unreadable } from "../hashing/hasher.js"
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
      if (error instanceof Closed) return null
      if (error instanceof Unreadable) return UNREADABLE
      throw error
    }
  }

  /**
   * Find out whether the browser may talk to this store; the relay tells a closed door from an outage.
   * @param {PartRequest} request
   */
  async probe(request) {
    const outcome = await this.request(request, "direct", this.origin.takesMd5 === true)
    if (outcome.status === 200 && outcome.etag) this.origin.decide("direct")
    if (!isRefusedByBrowser(outcome) && !isWithoutEtag(outcome)) return outcome
    const relayed = await this.checked(request, "relay")
    if (relayed.status === 200)
      this.origin.decide("relay", isWithoutEtag(outcome) ? "etag" : "cors")
    return relayed
  }

  /**
   * With Content-MD5 if the store may take it; without, if it turns out that it does not.
   * @param {PartRequest} request
   * @param {Route} route
   */
  async checked(request, route) {
    const { origin } = this
    const withMd5 = request.md5 !== null && origin.takesMd5 !== false
    const outcome = await this.request(request, route, withMd5)
    if (!withMd5 || origin.takesMd5) return outcome
    if (outcome.status === 200) origin.takesMd5 = true
    if (!isHeaderRefused(outcome, route)) return outcome
    const bare = await this.request(request, route, false)
    if (bare.status === 200) origin.takesMd5 = false
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
    const url = route === "relay" ? this.routes.relayUrl(transfer.id, part.number) : part.url
    const answer = await transfer.put(url, transfer.source.slice(part.start, part.end), {
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
   * @param {string | null} md5
   * @returns {Record<string, string>}
   */
  headers(md5) {
    const { plan } = this.transfer
    return {
      ...(plan?.kind === "single" && { "Content-Type": plan.contentType }),
      ...(md5 && { "Content-MD5": base64Of(md5) }),
    }
  }
}

/**
 * A browser does not say why it withholds an answer; offline there is none to withhold.
 * @param {Outcome} outcome
 */
function isRefusedByBrowser({ status, code }) {
  return status === 0 && code === "network" && navigator.onLine
}

/** @param {Outcome} outcome */
function isWithoutEtag({ status, etag }) {
  return status === 200 && !etag
}

/**
 * A signed URL answers 403 to a header that was not signed; CORS rules may not list it either.
 * @param {Outcome} outcome
 * @param {Route} route
 */
function isHeaderRefused(outcome, route) {
  if (outcome.status === 403) return !isExpired(outcome)
  return route === "direct" && isRefusedByBrowser(outcome)
}

/**
 * Whether a store refused because the URL's hour is over.
 * @param {Outcome} outcome
 */
export function isExpired({ status, message }) {
  return status === 403 && message === "Request has expired"
}
