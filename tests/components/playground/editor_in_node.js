// The editor without its panes on a page: one command a line comes in, what it tells goes out. Time is
// what the commands say it is.

import { createInterface } from "node:readline"

import { EditorState } from "../../../frontend/node_modules/@codemirror/state/dist/index.js"

let now = 0
let timers = []
let count = 0
globalThis.setTimeout = /** @type {any} */ (
  (then, wait) => {
    timers.push({ id: ++count, at: now + wait, then })
    return count
  }
)
globalThis.clearTimeout = (id) => {
  timers = timers.filter((timer) => timer.id !== id)
}
Date.now = () => now

const { Agreement } = await import("../../../frontend/editor/agreement.js")
const { Playground } = await import("../../../frontend/editor/playground.js")
const { Reporter } = await import("../../../frontend/editor/reporter.js")

class Pane {
  constructor(text, heard) {
    this.state = EditorState.create({ doc: text })
    this.heard = heard
  }

  dispatch(change) {
    const { state, docChanged } = this.state.update(change)
    this.state = state
    if (docChanged) this.heard()
  }
}

let told = []
let editor

/** Those parts of the editor that know nothing of a page. */
function open(data) {
  timers = []
  editor = Object.create(Playground.prototype)
  editor.reporter = new Reporter(
    () => editor.content(),
    (event, value) => editor.tellPython(event, value),
  )
  const tell = (event) => (value) => told.push({ event, value })
  editor.tell = { draft: tell("draft"), run: tell("run") }
  editor.agreement = new Agreement(data)
  editor.document = data.document
  editor.query = new Pane(data.text, () => editor.reporter.changed())
  editor.variables = new Pane(data.variables, () => editor.reporter.changed())
}

const COMMANDS = {
  open,
  type({ pane, behind, letter }) {
    const { doc } = editor[pane].state
    const at = behind === "" ? doc.length : doc.toString().indexOf(behind) + behind.length
    editor[pane].dispatch({ changes: { from: at, insert: letter } })
  },
  leave: () => editor.reporter.flush(),
  run: () => editor.reporter.run(),
  update(data) {
    editor.reporter.heard(data.heard)
    editor.agree(data)
  },
  wait: () => {},
}

function pass(time) {
  for (;;) {
    const due = timers.filter(({ at }) => at <= time).sort((one, other) => one.at - other.at)[0]
    if (!due) break
    now = due.at
    timers = timers.filter((timer) => timer !== due)
    due.then()
  }
  now = time
}

for await (const line of createInterface({ input: process.stdin })) {
  const { command, time, ...rest } = JSON.parse(line)
  if (command === "open") now = time
  else pass(time)
  COMMANDS[command](rest)
  const { text, variables } = editor.content()
  const next = Math.min(...timers.map(({ at }) => at))
  process.stdout.write(
    `${JSON.stringify({ told, text, variables, next: Number.isFinite(next) ? next : null })}\n`,
  )
  told = []
}
