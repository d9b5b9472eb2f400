// The strokes of a picture, with undo and redo, and what Python and the browser agree on about them.

export const MOST_STROKES = 500
const MOST_POINTS = 200 // of one stroke
const TOLERANCE = 0.0005 // of the long side: below a pixel of a 1600 pixel preview

export class StrokeList {
  /** @param report is given the whole list whenever it changed */
  constructor(report) {
    this.report = report
    this.reset([])
  }

  /** Start over with a list that cannot be undone, as for another picture. */
  reset(strokes) {
    this.strokes = strokes
    this.past = []
    this.future = []
    this.agreed = identity(strokes)
    this.unanswered = []
  }

  get isFull() {
    return this.strokes.length >= MOST_STROKES
  }

  add(stroke) {
    this.change([...this.strokes, stroke])
  }

  clear() {
    this.change([])
  }

  undo() {
    if (!this.past.length) return
    this.future.push(this.strokes)
    this.tell(this.past.pop())
  }

  redo() {
    if (!this.future.length) return
    this.past.push(this.strokes)
    this.tell(this.future.pop())
  }

  /**
   * Take over the list that Python holds, unless it is an older one of ours: strokes painted while
   * Python was at work must not vanish. Say whether it was another list than ours.
   */
  accept(strokes) {
    const given = identity(strokes)
    const answered = this.unanswered.indexOf(given)
    if (answered >= 0) this.unanswered.splice(0, answered + 1)
    const known = answered >= 0 || given === this.agreed
    this.agreed = given
    if (known) return false
    this.reset(strokes)
    return true
  }

  change(strokes) {
    this.past.push(this.strokes)
    this.future = []
    this.tell(strokes)
  }

  tell(strokes) {
    this.strokes = strokes
    this.unanswered.push(identity(strokes))
    this.report(strokes)
  }
}

/**
 * A stroke with as few points as show the same line.
 * @param points [x, y] from 0 to 1 of width and height
 * @param radius relative to the long side
 */
export function stroke(mode, radius, points, size) {
  const long = Math.max(size.width, size.height)
  const inLongSides = points.map(([x, y]) => [(x * size.width) / long, (y * size.height) / long])
  let tolerance = TOLERANCE
  let kept = essential(inLongSides, tolerance)
  while (kept.length > MOST_POINTS) {
    tolerance *= 1.5
    kept = essential(inLongSides, tolerance)
  }
  return {
    mode,
    radius: rounded(radius),
    points: kept.map((index) => points[index].map((value) => rounded(inside(value)))),
  }
}

/** The same text for the same strokes, in whatever order their fields come. */
function identity(strokes) {
  return JSON.stringify(strokes.map(({ mode, radius, points }) => [mode, radius, points]))
}

/** Indexes of the points of a line that matter (Ramer, Douglas and Peucker), without recursion. */
function essential(points, tolerance) {
  const kept = new Set([0, points.length - 1])
  const spans = [[0, points.length - 1]]
  while (spans.length) {
    const [first, last] = spans.pop()
    const { index, distance } = farthest(points, first, last)
    if (distance <= tolerance) continue
    kept.add(index)
    spans.push([first, index], [index, last])
  }
  return [...kept].sort((one, other) => one - other)
}

function farthest(points, first, last) {
  let found = { index: -1, distance: 0 }
  for (let index = first + 1; index < last; index += 1) {
    const distance = distanceToSegment(points[index], points[first], points[last])
    if (distance > found.distance) found = { index, distance }
  }
  return found
}

function distanceToSegment([x, y], [x1, y1], [x2, y2]) {
  const [dx, dy] = [x2 - x1, y2 - y1]
  const length = dx * dx + dy * dy
  const along = length ? inside(((x - x1) * dx + (y - y1) * dy) / length) : 0
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy)
}

function inside(value) {
  return Math.min(Math.max(value, 0), 1)
}

function rounded(value) {
  return Number(value.toFixed(5))
}
