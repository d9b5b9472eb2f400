// The part table as RFC 4180 text for spreadsheets.

const HEADER = ["part", "first byte", "last byte", "size", "status", "tries", "seconds", "ETag"]
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
  return [HEADER, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("")
}

/** What a store sent might be a formula to a spreadsheet; a leading apostrophe makes it text. */
function cell(value) {
  const text = FORMULA.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
