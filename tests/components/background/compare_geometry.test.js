import assert from "node:assert/strict"
import { test } from "node:test"

import {
  fitted,
  isCropped,
  panned,
  pixelAt,
  rectangle,
  revealing,
  settled,
  visibleSpan,
  zoomed,
} from "../../../components/background/compare/geometry.js"

const size = { width: 4000, height: 3000 }
const pane = { width: 1000, height: 600 }

test("a fitted picture is whole, in the middle, and follows the pane", () => {
  const view = fitted(pane, size)
  assert.deepEqual(rectangle(view, pane, size), { x: 100, y: 0, width: 800, height: 600 })
  assert.ok(!isCropped(view, pane, size))
  assert.equal(settled(view, { width: 500, height: 600 }, size).scale, 0.125)
})

test("a small picture is not blown up to fill the pane", () => {
  assert.equal(fitted(pane, { width: 40, height: 30 }).scale, 2)
})

test("zooming keeps the pixel under the pointer where it is", () => {
  const point = { x: 350, y: 220 }
  const before = fitted(pane, size)
  const after = zoomed(before, pane, size, 1, point)
  const [one, other] = [pixelAt(before, pane, point), pixelAt(after, pane, point)]
  assert.ok(Math.abs(one.x - other.x) < 1e-9 && Math.abs(one.y - other.y) < 1e-9)
  assert.equal(after.scale, 1)
})

test("the zoom ends at fit and at sixteen", () => {
  const view = fitted(pane, size)
  assert.deepEqual(zoomed(view, pane, size, 0.01), view)
  assert.equal(zoomed(view, pane, size, 99).scale, 16)
})

test("a picture can be shown at actual size where that is less than fits", () => {
  const icon = { width: 40, height: 30 }
  assert.equal(zoomed(fitted(pane, icon), pane, icon, 1).scale, 1)
})

test("moving stops at the picture's edges", () => {
  const view = panned(zoomed(fitted(pane, size), pane, size, 1), pane, size, 1e6, -1e6)
  assert.deepEqual(rectangle(view, pane, size), { x: 0, y: 600 - 3000, width: 4000, height: 3000 })
  assert.ok(isCropped(view, pane, size))
})

test("a narrow part of the picture stays in the middle of the pane", () => {
  const view = panned(zoomed(fitted(pane, size), pane, size, 0.22), pane, size, 500, 0)
  assert.equal(view.x, 2000)
})

test("a place out of sight is brought in, off the edge", () => {
  const view = zoomed(fitted(pane, size), pane, size, 1)
  const { x } = rectangle(revealing(view, pane, size, { x: 3000, y: 1500 }), pane, size)
  assert.equal(x + 3000, 900)
  assert.deepEqual(revealing(view, pane, size, { x: 2100, y: 1500 }), view)
})

test("the divider runs along what is seen of the picture", () => {
  const view = fitted(pane, size)
  assert.deepEqual(visibleSpan(view, pane, size), { left: 100, width: 800 })
  assert.deepEqual(visibleSpan(zoomed(view, pane, size, 1), pane, size), { left: 0, width: 1000 })
})
