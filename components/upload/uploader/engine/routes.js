// How each store is reached, learnt once per page load: straight from the browser, or through the
// relay on our own origin where the store does not let this page in; and whether it takes Content-MD5.

const MD5 = /^"?([0-9a-f]{32})"?$/

/** What is known of the origin that some presigned URLs lead to. */
export class StoreOrigin {
  constructor(own) {
    this.own = own
    this.verdict = null // "direct" or "relay" once the automatic route is decided
    this.why = null // "cors" or "etag"
    this.takesMd5 = null // whether an unsigned Content-MD5 header is welcome; null: not known yet
    this.etagIsMd5 = null // whether its ETags are MD5s of parts; null: not known yet
  }

  /** "direct" or "relay", or null while only a probe can tell. */
  route(wanted) {
    if (wanted !== "automatic") return wanted
    return this.own ? "direct" : this.verdict
  }

  /** Why parts go through the relay: "cors", "etag" or "chosen"; null when they do not. */
  reason(wanted) {
    if (this.route(wanted) !== "relay") return null
    return wanted === "relay" ? "chosen" : this.why
  }

  decide(verdict, why = null) {
    this.verdict = verdict
    this.why = why
  }

  /** Whether several parts may be sent at once: nothing is left to be found out with a single one. */
  isSettled(wanted, checkParts) {
    return this.route(wanted) !== null && !(checkParts && this.takesMd5 === null)
  }

  /** Whether MD5s of parts are of any use with this store. */
  get usesMd5() {
    return this.takesMd5 !== false || this.etagIsMd5 !== false
  }

  /**
   * Whether an ETag belies the bytes that were sent. Encrypting stores have other ETags than MD5s, so
   * one is believed only after an earlier one, the first this page load saw, was the MD5 of its part.
   */
  belies(etag, md5) {
    const found = etag?.match(MD5)?.[1]
    if (!md5 || !found) return false
    this.etagIsMd5 ??= found === md5
    return this.etagIsMd5 && found !== md5
  }
}

/** The stores met in this page load. */
export class Routes {
  constructor(ownOrigin) {
    this.ownOrigin = ownOrigin
    this.origins = new Map()
  }

  of(url) {
    const { origin } = new URL(url)
    if (!this.origins.has(origin)) this.origins.set(origin, new StoreOrigin(origin === this.ownOrigin))
    return this.origins.get(origin)
  }

  relayUrl(transferId, partNumber) {
    return new URL(`/relay/${encodeURIComponent(transferId)}/${partNumber}`, this.ownOrigin).href
  }
}
