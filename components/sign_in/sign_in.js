// Exchanges a ticket for the session cookie, or ends the session; then loads the page anew.
// The address stays as it is, so a deep link survives the sign-in.

const started = new Set() // Streamlit calls the component again when the theme changes

export default function ({ data, parentElement }) {
  showStatus(parentElement, data.busy, "status")
  if (started.has(data.id)) return
  started.add(data.id)
  exchange(data).then(
    () => window.location.reload(),
    () => showStatus(parentElement, data.failed, "alert"),
  )
}

async function exchange({ ticket }) {
  const options = ticket ? { method: "POST", body: ticket } : { method: "DELETE" }
  const response = await fetch("/session", options)
  if (!response.ok) throw new Error(`session request answered ${response.status}`)
}

function showStatus(parent, text, role) {
  let line = parent.querySelector("p")
  if (!line) line = parent.appendChild(document.createElement("p"))
  line.setAttribute("role", role)
  line.textContent = text
}
