// How each store is reached, learnt once per page load: straight from the browser, or through the
// relay on our own origin where the store does not let this page in; and whether it takes Content-MD5.

/**
 * @typedef {"direct" | "relay"} Route
 * @typedef {Route | "automatic"} WantedRoute
 * @typedef {"cors" | "etag"} RelayReason why a browser cannot send to a store itself
 */

const MD5 = /^"?([0-9a-f]{32})"?$/

/** What is known of the origin that some presigned URLs lead to. */
export class StoreOrigin {
  /** @type {Route | null} */
  verdict = null // once the automatic route is decided
  /** @type {RelayReason | null} */
  why = null
  /** @type {boolean | null} */
  takesMd5 = null // whether an unsigned Content-MD5 header is welcome; null: not known yet
  /** @type {boolean | null} */
  etagIsMd5 = null // whether its ETags are MD5s of parts; null: not known yet

  /** @param {boolean} own whether it is the page's origin */
  constructor(own) {
    this.own = own
  }

  /**
   * The route that parts take, or null while only a probe can tell.
   * @param {WantedRoute} wanted
   * @returns {Route | null}
   */
  route(wanted) {
    if (wanted !== "automatic") return wanted
    return this.own ? "direct" : this.verdict
  }

  /**
   * Why parts go through the relay; null when they do not.
   * @param {WantedRoute} wanted
   * @returns {RelayReason | "chosen" | null}
   */
  reason(wanted) {
    if (this.route(wanted) !== "relay") return null
    return wanted === "relay" ? "chosen" : this.why
  }

  /**
   * The first part that gets through decides; others that were out with it change nothing any more.
   * @param {Route} verdict
   * @param {RelayReason | null} why
   */
  decide(verdict, why = null) {
    if (this.verdict) return
    this.verdict = verdict
    this.why = why
  }

  /** Whether MD5s of parts are of any use with this store. */
  get usesMd5() {
    return this.takesMd5 !== false || this.etagIsMd5 !== false
  }

  /**
   * Whether an ETag belies the bytes that were sent. Encrypting stores have other ETags than MD5s, so
   * one is believed only after an earlier one of this page load was the MD5 of its part.
   *
   * @param {string | null} etag
   * @param {string | null} md5
   */
  belies(etag, md5) {
    const found = etag?.match(MD5)?.[1]
    if (!md5 || !found) return false
    if (found === md5) this.etagIsMd5 = true
    else this.etagIsMd5 ??= false
    return this.etagIsMd5 && found !== md5
  }
}

/** The stores met in this page load. */
export class Routes {
  /** @type {Map<string, StoreOrigin>} */
  origins = new Map()

  /** @param {string} ownOrigin */
  constructor(ownOrigin) {
    this.ownOrigin = ownOrigin
  }

  /** @param {string} url */
  of(url) {
    const { origin } = new URL(url)
    const known = this.origins.get(origin) ?? new StoreOrigin(origin === this.ownOrigin)
    this.origins.set(origin, known)
    return known
  }

  /**
   * @param {string} transferId
   * @param {{ number: number, start: number }} part
   */
  relayUrl(transferId, { number, start }) {
    const path = `/relay/${encodeURIComponent(transferId)}/${number}?start=${start}`
    return new URL(path, this.ownOrigin).href
  }
}
