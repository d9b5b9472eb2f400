// The name that a link gives its file: stores keep Content-Disposition of a PUT (S3's system metadata).

const LONGEST = 1500 // bytes; S3 takes 2 KB of metadata in all
const QUOTABLE = /^[ !#$&-[\]-~]+$/ // printable ASCII that a quoted string needs no escape for
const BARE = /[\w.~-]/

/**
 * What Content-Disposition says of a name (RFC 6266); "" for a name too long for it.
 * @param {string} name
 */
export function disposition(name) {
  const said = QUOTABLE.test(name) ? `filename="${name}"` : `filename*=UTF-8''${encoded(name)}`
  return said.length > LONGEST ? "" : `inline; ${said}`
}

/**
 * Percent-encoded UTF-8, as RFC 8187 has it.
 * @param {string} text
 */
function encoded(text) {
  const bytes = [...new TextEncoder().encode(text)]
  return bytes
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return BARE.test(character)
        ? character
        : `%${byte.toString(16).padStart(2, "0").toUpperCase()}`
    })
    .join("")
}
