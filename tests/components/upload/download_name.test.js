import assert from "node:assert/strict"
import { test } from "node:test"

import "./browser_in_node.js"

import { disposition } from "../../../components/upload/uploader/engine/sending/download_name.js"
import { file, UploadDesk } from "./upload_desk.js"

for (const [name, said] of [
  ["it's a film.mp4", `inline; filename="it's a film.mp4"`],
  ["Übersicht (2).png", "inline; filename*=UTF-8''%C3%9Cbersicht%20%282%29.png"],
  ['a"b.txt', "inline; filename*=UTF-8''a%22b.txt"],
  ["100%.txt", "inline; filename*=UTF-8''100%25.txt"],
  ["a\\b.txt", "inline; filename*=UTF-8''a%5Cb.txt"],
  ["line\nbreak", "inline; filename*=UTF-8''line%0Abreak"],
  ["ü".repeat(255), ""],
]) {
  test(`a store is told of ${JSON.stringify(name.slice(0, 20))}`, () => {
    assert.equal(disposition(name), said)
  })
}

test("a file in one PUT to the app itself has its name, and no other", async () => {
  const own = new UploadDesk()
  await own.send(file(1, "a.mov"), { kind: "single" })
  assert.equal(own.wire[0].headers["Content-Disposition"], 'inline; filename="a.mov"')
  const parts = new UploadDesk()
  await parts.send(file(2, "a.mov"))
  assert.ok(!("Content-Disposition" in parts.wire[0].headers))
  const elsewhere = new UploadDesk()
  const urls = ["https://store.example/1"]
  await elsewhere.send(file(1, "a.mov"), { kind: "single", urls })
  assert.ok(!("Content-Disposition" in elsewhere.wire[0].headers))
})
