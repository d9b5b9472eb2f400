// The part table, and the links, as RFC 4180 text for spreadsheets.

const HEADER = ["part", "first byte", "last byte", "size", "status", "tries", "seconds", "ETag"]
const LINK_HEADER = ["name", "size", "link", "link ends"]
const FORMULA = /^[=+\-@\t\r]/

/** One line per part, lines ended by CRLF, every cell safe to open in a spreadsheet. */
export function partsCsv(parts) {
  const rows = parts.map((part) => [
    part.number,
    part.start,
    part.end - 1,
    part.size,
    part.status,
    part.tries,
    part.seconds ? part.seconds.toFixed(3) : "",
    part.etag ?? "",
  ])
  return written([HEADER, ...rows])
}

/** One line per finished file, with the moment its link ends in ISO 8601. */
export function linksCsv(finished) {
  const rows = finished.map(({ name, size, link }) => [
    name,
    size,
    link.url,
    new Date(link.deadline * 1000).toISOString(),
  ])
  return written([LINK_HEADER, ...rows])
}

function written(rows) {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("")
}

/** What a store sent might be a formula to a spreadsheet; a leading apostrophe makes it text. */
function cell(value) {
  const text = FORMULA.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
