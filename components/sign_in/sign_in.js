// Exchanges a ticket for the session cookie, or ends the session; then loads the page anew.
// The address stays as it is, so a deep link survives the sign-in. Files that are being sent would
// not survive: while there are some, Streamlit is made to connect anew as whoever is signed in now, and
// who signs out is asked first.

import { button, element } from "../temp-file-workbench.toolkit/elements.js"
import { counted } from "../temp-file-workbench.toolkit/format.js"
import { held } from "../temp-file-workbench.uploader/engine/page_load.js"

const PATIENCE = 10_000 // milliseconds that connecting anew may take before the page is loaded anew
const started = new Set() // Streamlit calls the component again when the theme changes

/** What went wrong, in words for people. */
class Told extends Error {}

export default function ({ data, parentElement }) {
  let leave
  const left = new Promise((resolve) => (leave = resolve))
  if (data.ticket) showStatus(parentElement, data.busy, "status")
  if (!started.has(data.id)) {
    started.add(data.id)
    const exchange = data.ticket ? signIn(data, left) : signOut(parentElement, data, left)
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
  if (queue?.unfinished && queue.owner === username) {
    if (await isConnectedAnew(left)) return
  } else queue?.drop()
  window.location.reload()
}

async function signOut(parent, data, left) {
  const { queue } = held
  if (queue?.unfinished && !(await isMeant(parent, data, queue.unfinished))) return
  showStatus(parent, data.busy, "status")
  try {
    await queue?.leave()
    await request({ method: "DELETE" })
  } catch (error) {
    queue?.reports.goOn()
    throw error
  }
  if (queue?.unfinished && (await isConnectedAnew(left))) return
  window.location.reload()
}

/** Ask whether to sign out while files are on their way, and say what becomes of them. */
function isMeant(parent, { words }, count) {
  return new Promise((resolve) => {
    const answer = (isYes) => () => {
      question.remove()
      resolve(isYes)
    }
    const stay = button(words.stay, answer(false))
    const question = element(
      "div",
      { className: "question" },
      element("p", { textContent: counted(words.leaving, count) }),
      button(words.leave, answer(true)),
      stay,
    )
    question.addEventListener("keydown", ({ key }) => key === "Escape" && answer(false)())
    question.role = "alertdialog"
    question.ariaLabel = words.leave
    parent.append(question)
    stay.focus()
  })
}

async function request(options) {
  const response = await fetch("/session", options)
  if (!response.ok) throw new Error(`session request answered ${response.status}`)
  return response
}

/** Whether Streamlit has drawn the page for whoever is signed in now, so that nothing is loaded anew. */
async function isConnectedAnew(left) {
  connectAnew()
  return Promise.race([left.then(() => true), pause(PATIENCE)])
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
  let line = parent.querySelector(".told")
  if (!line) line = parent.appendChild(element("p", { className: "told" }))
  line.setAttribute("role", role)
  line.textContent = text
}
