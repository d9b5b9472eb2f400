// The live part table: one row per part, drawn once, then only the cells that changed.

import { partSize, rate, sentence } from "./format.js"

export const ICONS = { waiting: "○", sending: "↑", retrying: "↻", done: "✓", failed: "✕", cancelled: "–" }

/** Build the table of a transfer; call the returned object's `update` after every change. */
export function partTable(transfer, words) {
  const scroller = element("div", { className: "parts", tabIndex: 0, role: "region" })
  scroller.setAttribute("aria-label", sentence(words.table_label, { name: transfer.name }))
  const table = scroller.appendChild(element("table"))
  const head = table.appendChild(element("thead")).appendChild(element("tr"))
  for (const title of words.columns) head.append(element("th", { scope: "col", textContent: title }))
  const body = table.appendChild(element("tbody"))
  const rows = transfer.parts.map((part) => row(body, part, words))
  return { element: scroller, update: () => rows.forEach((update) => update()) }
}

function row(body, part, words) {
  const line = body.appendChild(element("tr"))
  line.append(element("th", { scope: "row", textContent: part.number }))
  const cell = (className) => line.appendChild(element("td", { className }))
  cell("range").append(`${part.start.toLocaleString("en")}–`, element("wbr"), (part.end - 1).toLocaleString("en"))
  cell("size").textContent = partSize(part.size)
  const status = cell("status")
  const bar = cell("progress").appendChild(element("progress", { max: part.size }))
  bar.setAttribute("aria-label", sentence(words.part_progress, { part: part.number }))
  const [tries, speed, etag] = ["tries", "speed", "etag"].map(cell)
  let drawn = ""
  return () => {
    const now = `${part.status} ${part.sent} ${part.tries} ${part.etag}`
    if (now === drawn) return
    drawn = now
    line.dataset.status = part.status
    status.replaceChildren(icon(part.status), ` ${statusText(part, words)}`)
    bar.value = part.sent
    tries.textContent = part.tries || ""
    speed.textContent = part.status === "done" ? rate(part.size / part.seconds) : ""
    etag.textContent = part.etag ?? part.note
  }
}

function statusText(part, words) {
  return sentence(words.status[part.status], { tries: part.tries })
}

/** A sign beside a word that says the same, so it is hidden from screen readers. */
export function icon(status) {
  const sign = element("span", { className: "icon", textContent: ICONS[status] })
  sign.setAttribute("aria-hidden", "true")
  return sign
}

export function element(tag, properties = {}) {
  return Object.assign(document.createElement(tag), properties)
}
