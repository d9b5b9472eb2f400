import assert from "node:assert/strict"
import { test } from "node:test"

import { Routes } from "../../../components/upload/uploader/engine/sending/routes.js"

const OWN = "http://127.0.0.1:8501"
const OWN_URL = `${OWN}/files/a?partNumber=1`
const OTHER_URL = "https://bucket.example.com/a?partNumber=1"
const MD5 = "0123456789abcdef0123456789abcdef"

test("our own origin needs no probe", () => {
  const origin = new Routes(OWN).of(OWN_URL)
  assert.equal(origin.route("automatic"), "direct")
  assert.equal(origin.reason("automatic"), null)
})

test("another origin is unknown until it was tried, and then known for every transfer", () => {
  const routes = new Routes(OWN)
  assert.equal(routes.of(OTHER_URL).route("automatic"), null)
  routes.of(OTHER_URL).decide("relay", "cors")
  const again = routes.of("https://bucket.example.com/b")
  assert.deepEqual([again.route("automatic"), again.reason("automatic")], ["relay", "cors"])
  assert.equal(routes.of("https://bucket.example.com:8443/a").route("automatic"), null)
})

test("a route that was chosen overrules what was found", () => {
  const origin = new Routes(OWN).of(OTHER_URL)
  origin.decide("relay", "etag")
  assert.deepEqual([origin.route("direct"), origin.reason("direct")], ["direct", null])
  assert.deepEqual([origin.route("relay"), origin.reason("relay")], ["relay", "chosen"])
  assert.equal(new Routes(OWN).of(OWN_URL).reason("relay"), "chosen")
})

test("the first part that gets through decides on the route for all that were out with it", () => {
  const origin = new Routes(OWN).of(OTHER_URL)
  origin.decide("direct")
  origin.decide("relay", "cors")
  assert.deepEqual([origin.route("automatic"), origin.reason("automatic")], ["direct", null])
})

test("digests of parts are of use for Content-MD5, or else for ETags that are MD5s", () => {
  const origin = new Routes(OWN).of(OTHER_URL)
  origin.takesMd5 = false
  assert.ok(origin.usesMd5)
  origin.belies(`"${MD5.replace("0", "1")}"`, MD5)
  assert.ok(!origin.usesMd5)
})

test("an ETag belies a part only where ETags are known to be MD5s", () => {
  const origin = new Routes(OWN).of(OTHER_URL)
  assert.ok(!origin.belies('"not-an-md5"', MD5))
  assert.ok(!origin.belies(`"${MD5}"`, null))
  assert.ok(!origin.belies(`"${MD5}"`, MD5))
  assert.ok(origin.belies(`"${MD5.replace("0", "1")}"`, MD5))
  const encrypting = new Routes(OWN).of(OTHER_URL)
  assert.ok(!encrypting.belies(`"${MD5.replace("0", "1")}"`, MD5))
  assert.ok(!encrypting.belies(`"${MD5.replace("0", "2")}"`, MD5))
})

test("a first part that was damaged does not hide that ETags are MD5s", () => {
  const origin = new Routes(OWN).of(OTHER_URL)
  assert.ok(!origin.belies(`"${MD5.replace("0", "1")}"`, MD5))
  assert.ok(!origin.belies(`"${MD5}"`, MD5))
  assert.ok(origin.belies(`"${MD5.replace("0", "1")}"`, MD5))
})

test("the relay is on our own origin", () => {
  assert.equal(
    new Routes(OWN).relayUrl("a/b", { number: 3, start: 7 }),
    `${OWN}/relay/a%2Fb/3?start=7`,
  )
})
