import assert from "node:assert/strict"
import { test } from "node:test"

import {
  mattePixels,
  spotOf,
  tintPixels,
} from "../../../components/background/compare/pictures/pixels.js"

const cutout = Uint8ClampedArray.from([10, 20, 30, 255, 9, 9, 9, 128, 0, 0, 0, 0])

test("the matte is the alpha as grey, opaque", () => {
  assert.deepEqual([...mattePixels(cutout)], [255, 255, 255, 255, 128, 128, 128, 255, 0, 0, 0, 255])
})

test("the tint covers what was removed, as much as it was", () => {
  const strengths = [...tintPixels(cutout)].filter((_, at) => at % 4 === 3)
  assert.deepEqual(strengths, [0, 89, 178])
})

test("a spot is kept, removed or in between", () => {
  const pixels = { data: cutout, width: 3, height: 1 }
  assert.deepEqual(
    [0, 0.4, 1].map((x) => spotOf(pixels, [x, 1])),
    ["kept", "partly", "removed"],
  )
})
