"""Waits for a page to rest: nothing asked of Python, nothing half drawn, nothing left to tell.

What was pressed and run before is kept in the page, for the report of a test that fails.
"""

from playwright.sync_api import Locator, Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

RERUN = BackMsg.DESCRIPTOR.fields_by_name["rerun_script"].number
BEGUN = ForwardMsg.DESCRIPTOR.fields_by_name["new_session"].number
FINISHED = ForwardMsg.DESCRIPTOR.fields_by_name["script_finished"].number
EVENTS_KEPT = 80

WATCH_RUNS = f"""(() => {{
  // `tfwRunsAwaited`: "asked" from the message that asks for a run of the script to that run's
  // beginning, "begun" until its end; "" when nothing is awaited. The page itself says "not
  // running" until the answer to a click has come.
  window.tfwRunsAwaited = ""
  // `tfwEvents`: what was pressed and run of late, in ms since the page was opened.
  window.tfwEvents = []
  const note = (event) => {{
    window.tfwEvents.push(`${{Math.round(performance.now())}} ${{event}}`)
    window.tfwEvents.splice(0, window.tfwEvents.length - {EVENTS_KEPT})
  }}
  for (const kind of ["mousedown", "mouseup", "click", "keydown"])
    addEventListener(kind, ({{ target, key = "" }}) =>
      note(`${{kind}} ${{key}} ${{target.nodeName}} ${{target.textContent?.slice(0, 40)}}`), true)
  const watched = new WeakSet()
  const send = WebSocket.prototype.send

  // The numbers of the fields of a protobuf message, with the values of those that are varints.
  const fieldsOf = (bytes) => {{
    const found = new Map()
    let at = 0
    const varint = () => {{
      let value = 0, scale = 1
      while (true) {{
        const byte = bytes[at++]
        value += (byte & 127) * scale
        if (byte < 128) return value
        scale *= 128
      }}
    }}
    while (at < bytes.length) {{
      const tag = varint(), kind = tag % 8
      const value = kind === 0 || kind === 2 ? varint() : 0
      found.set(Math.floor(tag / 8), value)
      at += kind === 2 ? value : kind === 1 ? 8 : kind === 5 ? 4 : 0
    }}
    return found
  }}

  const heard = ({{ data }}) => {{
    if (!(data instanceof ArrayBuffer)) return
    const fields = fieldsOf(new Uint8Array(data))
    if (fields.has({BEGUN})) {{
      note("run begun")
      if (window.tfwRunsAwaited) window.tfwRunsAwaited = "begun"
    }}
    if (fields.has({FINISHED})) {{
      const how = fields.get({FINISHED})
      note(`run finished: ${{how}}`)
      const cutShort = how === {ForwardMsg.FINISHED_EARLY_FOR_RERUN}
      if (window.tfwRunsAwaited === "begun" && !cutShort) window.tfwRunsAwaited = ""
    }}
  }}

  WebSocket.prototype.send = function (data) {{
    if (!watched.has(this)) {{
      watched.add(this)
      this.addEventListener("message", heard)
    }}
    if (data instanceof Uint8Array && fieldsOf(data).has({RERUN})) {{
      note("run asked for")
      window.tfwRunsAwaited = "asked"
    }}
    return send.call(this, data)
  }}
}})()"""

EVENTS = "window.tfwEvents.join('\\n')"

# The uploads of this page load, as the module of that name holds them; null before it is loaded.
FIND_UPLOADS = """async () => {
  const loaded = performance.getEntriesByType('resource')
    .find(({ name }) => name.endsWith('/temp-file-workbench.uploader/page_queue.js'))
  window.tfwUploads = loaded ? (await import(loaded.name)).queue : null
}"""

# An element of the run before is faded until it is drawn anew; a popover fades in.
AT_REST = """() => {
  const { asking, completing } = window.tfwUploads ?? {}
  if (window.tfwRunsAwaited || asking || completing) return false
  if (!document.querySelector('[data-test-script-state=notRunning]')) return false
  const elements = [...document.querySelectorAll('[data-testid=stElementContainer]')]
  const isDrawn = (one) => one.dataset.stale !== 'true' && getComputedStyle(one).opacity === '1'
  const moves = ({ playState, effect }) =>
    playState === 'running' && effect.getComputedTiming().endTime !== Infinity
  return elements.every(isDrawn) && !document.getAnimations().some(moves)
}"""

STEADY_FRAMES = 20
STEADY = """(box, frames) => new Promise(resolve => {
  let place = "", steady = 0
  const look = () => {
    const { x, y, width, height } = box.getBoundingClientRect()
    const now = [x, y, width, height].join()
    steady = now === place ? steady + 1 : 0
    place = now
    steady === frames ? resolve() : requestAnimationFrame(look)
  }
  look()
})"""

REPORTED = """() => {
  const { transfers, reports } = window.tfwUploads
  return transfers.every(transfer => {
    const told = reports.told.get(transfer)
    return !told || told.over || (!reports.busy && told.tries === transfer.history.length
      && transfer.parts.every(({ number, etag }) => !etag || told.parts.has(number)))
  })
}"""


def reported(page: Page) -> None:
    """Wait until the server has been told of every part that arrived, as it is each second."""
    page.evaluate(FIND_UPLOADS)
    page.wait_for_function(REPORTED)


def settled(page: Page) -> None:
    """Wait until what was done on a page has had all its effects, uploads themselves aside.

    That is: no run of the script is awaited or under way, nothing on show is of an earlier run or
    still fading in, and Python has heard all that the uploads have to tell.
    """
    page.evaluate(FIND_UPLOADS)
    page.wait_for_function(AT_REST)


def lies_still(box: Locator) -> None:
    """Wait until a page is settled and an element of it keeps its place and size.

    A click on what is still moving goes to what has come under the pointer meanwhile.
    """
    settled(box.page)
    box.evaluate(STEADY, STEADY_FRAMES)
