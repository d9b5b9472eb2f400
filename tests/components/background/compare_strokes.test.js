import assert from "node:assert/strict"
import { test } from "node:test"

import {
  MOST_STROKES,
  stroke,
  StrokeList,
} from "../../../components/background/compare/brush/stroke_list.js"

const size = { width: 1600, height: 1200 }
const [one, two, three] = [0.1, 0.2, 0.3].map((x) => stroke("keep", 0.02, [[x, 0.5]], size))

function listed() {
  const reports = []
  return { list: new StrokeList((strokes) => reports.push(strokes)), reports }
}

test("a straight line needs two points, whatever the pointer sent", () => {
  const points = Array.from({ length: 500 }, (_, index) => [index / 499, 0.25])
  assert.deepEqual(stroke("keep", 0.0123456, points, size), {
    mode: "keep",
    radius: 0.01235,
    points: [
      [0, 0.25],
      [1, 0.25],
    ],
  })
})

test("a dot is one point, in the picture", () => {
  assert.deepEqual(stroke("remove", 0.02, [[1.3, -0.1]], size).points, [[1, 0]])
})

test("a scribble keeps its shape in at most 200 points", () => {
  const points = Array.from({ length: 5000 }, (_, index) => [
    index / 4999,
    0.5 + 0.4 * Math.sin(index / 20),
  ])
  const { points: kept } = stroke("keep", 0.02, points, size)
  assert.ok(kept.length <= 200 && kept.length > 50, `${kept.length}`)
  assert.ok(Math.max(...kept.map(([, y]) => y)) > 0.88)
})

test("every change is reported as the whole list", () => {
  const { list, reports } = listed()
  list.add(one)
  list.add(two)
  list.undo()
  list.redo()
  list.clear()
  list.undo()
  assert.deepEqual(reports, [[one], [one, two], [one], [one, two], [], [one, two]])
  list.undo()
  list.add(three)
  list.redo()
  assert.deepEqual(list.strokes, [one, three])
})

test("nothing to undo is not reported", () => {
  const { list, reports } = listed()
  list.undo()
  list.redo()
  assert.deepEqual(reports, [])
})

test("an older list of ours does not undo what was painted meanwhile", () => {
  const { list } = listed()
  list.add(one)
  list.add(two)
  assert.ok(!list.accept([]))
  assert.ok(!list.accept([one]))
  assert.deepEqual(list.strokes, [one, two])
  list.add(three)
  assert.ok(!list.accept([one, two]))
  assert.deepEqual(list.strokes, [one, two, three])
})

test("answers may be skipped", () => {
  const { list } = listed()
  for (const next of [one, two, three]) list.add(next)
  assert.ok(!list.accept([one, two, three]))
  assert.ok(list.accept([one]))
})

test("another list from Python takes the place of ours", () => {
  const { list, reports } = listed()
  list.add(one)
  list.accept([one])
  assert.ok(list.accept([]))
  assert.deepEqual(list.strokes, [])
  list.undo()
  assert.deepEqual(list.strokes, [])
  assert.equal(reports.length, 1)
})

test("Python may give fields in another order", () => {
  const { list } = listed()
  list.add(one)
  const { mode, radius, points } = one
  assert.ok(!list.accept([{ points, radius, mode }]))
})

test("a list is full at the number of strokes that a picture takes", () => {
  const { list } = listed()
  list.reset(Array(MOST_STROKES - 1).fill(one))
  assert.ok(!list.isFull)
  list.add(two)
  assert.ok(list.isFull)
})
