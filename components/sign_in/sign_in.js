// Exchanges a ticket for the session cookie, or ends the session; then loads the page anew.
// The address stays as it is, so a deep link survives the sign-in. Files that are being sent would
// not survive: while there are some, Streamlit is made to connect anew as whoever is signed in now.

import { held } from "../temp-file-workbench.uploader/engine/page_load.js"

const PATIENCE = 10_000 // milliseconds that connecting anew may take before the page is loaded anew
const started = new Set() // Streamlit calls the component again when the theme changes

/** What went wrong, in words for people. */
class Told extends Error {}

export default function ({ data, parentElement }) {
  let leave
  const left = new Promise((resolve) => (leave = resolve))
  showStatus(parentElement, data.busy, "status")
  if (!started.has(data.id)) {
    started.add(data.id)
    const exchange = data.ticket ? signIn(data, left) : signOut()
    exchange.catch((error) =>
      showStatus(parentElement, error instanceof Told ? error.message : data.failed, "alert"),
    )
  }
  return leave
}

async function signIn({ ticket, notKept }, left) {
  await request({ method: "POST", body: ticket })
  const { username } = await (await request({ cache: "no-store" })).json()
  if (username === null) throw new Told(notKept)
  const { queue } = held
  if (queue?.active && queue.owner === username) {
    connectAnew()
    if (await Promise.race([left.then(() => true), pause(PATIENCE)])) return
  } else queue?.drop()
  window.location.reload()
}

async function signOut() {
  const { queue } = held
  try {
    await queue?.reports.leave()
    await request({ method: "DELETE" })
  } catch (error) {
    queue?.reports.goOn()
    throw error
  }
  if (queue?.active) connectAnew() // the browser asks whether to leave; who stays sees the sign-in form
  window.location.reload()
}

async function request(options) {
  const response = await fetch("/session", options)
  if (!response.ok) throw new Error(`session request answered ${response.status}`)
  return response
}

/** Streamlit listens to what its host page says; that is this page itself (client.allowedOrigins). */
function connectAnew() {
  for (const type of ["TERMINATE_WEBSOCKET_CONNECTION", "RESTART_WEBSOCKET_CONNECTION"]) {
    window.postMessage({ stCommVersion: 1, type }, window.location.origin)
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

function showStatus(parent, text, role) {
  let line = parent.querySelector("p")
  if (!line) line = parent.appendChild(document.createElement("p"))
  line.setAttribute("role", role)
  line.textContent = text
}
