// The timeline: when which part was sent. One lane per part that was on its way at the same time, one
// bar per try. Drawn only while it is open; the tries in the part table say the same in words.

import { element, setText, svg } from "../../temp-file-workbench.toolkit/elements.js"
import { counted, exactSeconds, sentence } from "../../temp-file-workbench.toolkit/format.js"

const LANE = 22 // pixels
const AXIS = 24 // pixels below the lanes
const LEAST_BAR = 2 // pixels
const TICK_EVERY = 80 // pixels at least
const REDRAW_EVERY = 500 // milliseconds, while something moves
const STEPS = [1, 2, 5]
let count = 0

export class Timeline {
  constructor(transfer, words) {
    this.transfer = transfer
    this.words = words
    this.drawnAt = 0
    this.drawn = ""
    this.picked = null
    this.bars = []
    count += 1
    this.pattern = `failed-${count}`
    this.chart = svg("svg", { role: "img" })
    this.plot = element("div", { className: "plot", tabIndex: 0 }, this.chart)
    this.plot.role = "group"
    this.plot.ariaLabel = words.timeline_keys
    this.readout = element("p", { className: "readout", textContent: words.timeline_hint })
    const summary = element("summary", { textContent: words.timeline })
    this.element = element("details", { className: "timeline" }, summary, this.plot, this.readout)
    this.element.addEventListener("toggle", () => this.update())
    this.plot.addEventListener("pointermove", (event) =>
      this.pick(this.bars.findIndex(({ shape }) => shape.contains(event.target))),
    )
    this.plot.addEventListener("keydown", (event) => this.step(event))
    this.resized = new ResizeObserver(() => {
      this.drawn = ""
      this.update()
    })
    this.resized.observe(this.plot)
  }

  update() {
    if (!this.element.open || !this.plot.clientWidth) return
    const tries = triesOf(this.transfer)
    const moving = tries.some(({ running }) => running)
    const now = performance.now()
    const state = `${tries.length} ${moving ? Math.floor(now / REDRAW_EVERY) : ""} ${this.transfer.state}`
    if (state === this.drawn) return
    this.drawn = state
    this.draw(lanesOf(tries))
  }

  draw({ tries, lanes, start, end }) {
    const width = this.plot.clientWidth
    const height = lanes * LANE + AXIS
    const total = Math.max(end - start, 0.1)
    const scale = (seconds) => (seconds / total) * (width - 2)
    for (const [name, value] of Object.entries({
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
    }))
      this.chart.setAttribute(name, String(value))
    this.bars = tries.map((one) => ({ one, shape: this.bar(one, start, scale) }))
    this.chart.replaceChildren(
      hatching(this.pattern),
      ...axis(total, scale, lanes * LANE),
      ...this.bars.map(({ shape }) => shape),
    )
    this.chart.setAttribute("aria-label", this.summary(tries, total))
    this.mark()
  }

  bar(one, start, scale) {
    const x = scale(one.started - start)
    const width = Math.max(LEAST_BAR, scale(one.seconds) - 1)
    const y = one.lane * LANE + 2
    const height = LANE - 4
    const shape = svg(
      "g",
      { class: `try ${one.outcome}` },
      svg("rect", { x, y, width, height, rx: 2 }),
    )
    if (one.outcome === "failed") {
      shape.append(
        svg("rect", { x, y, width, height, rx: 2, fill: `url(#${this.pattern})` }),
        cross(x + width, y + height / 2),
      )
    }
    if (width > 9 * String(one.part).length + 6 && one.outcome !== "failed")
      shape.append(label(one.part, x + 5, y + height / 2))
    return shape
  }

  summary(tries, total) {
    const { words } = this
    const failed = tries.filter(({ outcome }) => outcome === "failed").length
    const parts = new Set(tries.map(({ part }) => part)).size
    const counts = {
      tries: counted(words.tries_count, tries.length),
      parts: counted(words.parts_count, parts),
      failed,
    }
    return sentence(words.timeline_summary, { ...counts, seconds: exactSeconds(total) })
  }

  /** Say in the line below what one bar is; -1 for none. */
  pick(index) {
    if (index < 0 || this.bars[index].one.key === this.picked) return
    this.picked = this.bars[index].one.key
    this.mark()
  }

  step(event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (!by || !this.bars.length) return
    event.preventDefault()
    const at = this.bars.findIndex(({ one }) => one.key === this.picked)
    this.pick(Math.min(Math.max(at + by, 0), this.bars.length - 1))
  }

  mark() {
    for (const { one, shape } of this.bars)
      shape.classList.toggle("picked", one.key === this.picked)
    const bar = this.bars.find(({ one }) => one.key === this.picked)
    if (bar) setText(this.readout, this.describe(bar.one))
  }

  describe(one) {
    const { words } = this
    const answer = one.running
      ? words.status.sending
      : [one.status || words.no_answer, one.code].filter(Boolean).join(" ")
    const start = exactSeconds(one.started - this.bars[0].one.started)
    return sentence(words.timeline_try, {
      part: one.part,
      number: one.number,
      answer,
      start,
      seconds: exactSeconds(one.seconds),
    })
  }

  remove() {
    this.resized.disconnect()
  }
}

/** All tries, those still running too, by when they began. */
function triesOf({ history, parts }) {
  const now = Date.now() / 1000
  const ended = history.map((one) => ({ ...one, running: false, outcome: outcomeOf(one) }))
  const running = parts
    .filter(({ status, startedAt }) => status === "sending" && startedAt)
    .map(({ number, startedAt }) => ({
      part: number,
      started: startedAt,
      seconds: Math.max(0, now - startedAt),
      running: true,
      outcome: "running",
    }))
  return [...ended, ...running].sort((one, other) => one.started - other.started)
}

/** A try that a pause ended is no failure. */
function outcomeOf({ status, code }) {
  if (status === 200 && !code) return "done"
  return code === "stopped" ? "stopped" : "failed"
}

/** Give each try the first lane that is free when it begins, and its number among its part's tries. */
function lanesOf(tries) {
  const freeFrom = []
  const seen = new Map()
  let end = 0
  const placed = tries.map((one) => {
    const number = (seen.get(one.part) ?? 0) + 1
    seen.set(one.part, number)
    const free = freeFrom.findIndex((time) => time <= one.started + 0.001)
    const lane = free < 0 ? freeFrom.length : free
    freeFrom[lane] = one.started + one.seconds
    end = Math.max(end, freeFrom[lane])
    return { ...one, lane, number, key: `${one.part} ${number}` }
  })
  return { tries: placed, lanes: Math.max(freeFrom.length, 1), start: tries[0]?.started ?? 0, end }
}

function axis(total, scale, y) {
  const step = tickStep(total, scale)
  const marks = []
  for (let at = 0; at <= total; at += step) {
    const x = scale(at) + 0.5
    const nearEnd = x > scale(total) - 30
    marks.push(svg("line", { class: "tick", x1: x, x2: x, y1: 0, y2: y + 4 }))
    marks.push(
      svg(
        "text",
        {
          class: "axis",
          x,
          y: y + 18,
          "text-anchor": at === 0 ? "start" : nearEnd ? "end" : "middle",
        },
        `${Number(at.toFixed(2))} s`,
      ),
    )
  }
  return marks
}

function tickStep(total, scale) {
  for (let power = -2; ; power += 1) {
    for (const step of STEPS)
      if (scale(step * 10 ** power) >= TICK_EVERY || step * 10 ** power > total)
        return step * 10 ** power
  }
}

function hatching(id) {
  const pattern = svg("pattern", {
    id,
    width: 6,
    height: 6,
    patternUnits: "userSpaceOnUse",
    patternTransform: "rotate(45)",
  })
  pattern.append(svg("line", { class: "hatch", x1: 0, x2: 0, y1: 0, y2: 6 }))
  return svg("defs", {}, pattern)
}

function cross(x, y) {
  const lines = [1, -1].map((way) =>
    svg("line", { x1: x - 4, x2: x + 4, y1: y - 4 * way, y2: y + 4 * way }),
  )
  return svg("g", { class: "cross" }, ...lines)
}

function label(text, x, y) {
  return svg("text", { class: "number", x, y, "dominant-baseline": "central" }, String(text))
}
