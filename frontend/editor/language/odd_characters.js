// Characters that look like a plain space, or like nothing, and typographic quotes. They come along
// from chats and word processors, and from AltGr+Space. GraphQL and JSON take them in strings only,
// GraphQL in comments too; anywhere else they stand for the plain character or for none.

const ODD = String.raw`(?! )[\p{Zs}\p{Zl}\p{Zp}\p{Cf}\v\f\x85“”„‟]`
const STRING = String.raw`"(?:\\[^\n\r]|[^"\\\n\r])*"?`
const TYPOGRAPHIC_STRING = String.raw`[“”„‟](?:\\[^\n\r]|[^"“”„‟\\\n\r])*["“”„‟]?`
const ANY_ODD = new RegExp(ODD, "u")
const IS_QUOTE = /["“”„‟]/

/** What may hold any character, by the language of a pane. */
const PARTS = {
  graphql: new RegExp(
    String.raw`"""(?:\\"""|[^])*?(?:"""|$)|#[^\n\r]*|${STRING}|${TYPOGRAPHIC_STRING}|${ODD}`,
    "gu",
  ),
  json: new RegExp(`${STRING}|${TYPOGRAPHIC_STRING}|${ODD}`, "gu"),
}

/** Where odd characters stand that may not, as `{from, to, insert}` with what they stand for. */
export function oddCharacters(text, language) {
  const found = []
  const note = (from, letter) =>
    found.push({ from, to: from + letter.length, insert: meantBy(letter) })
  for (const { 0: part, index } of text.matchAll(PARTS[language])) {
    if (part[0] === '"' || part[0] === "#") continue
    const first = String.fromCodePoint(part.codePointAt(0))
    note(index, first)
    const last = part.at(-1)
    if (part.length > first.length && IS_QUOTE.test(last) && last !== '"')
      note(index + part.length - 1, last)
  }
  return found
}

/** The text with the characters that are meant. */
export function tidied(text, language) {
  return oddCharacters(text, language).reduceRight(
    (made, { from, to, insert }) => made.slice(0, from) + insert + made.slice(to),
    text,
  )
}

/** Whether there is any odd character, in a string or not. */
export function hasOdd(text) {
  return ANY_ODD.test(text)
}

/** As people name a character: "U+00A0 (no-break space)". */
export function nameOf(letter, words) {
  const code = letter.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")
  return `U+${code} (${words.characters[code] ?? words.other_character})`
}

function meantBy(letter) {
  if (IS_QUOTE.test(letter)) return '"'
  return /\p{Cf}/u.test(letter) ? "" : " "
}
