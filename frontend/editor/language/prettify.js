// Laying out a document anew: white space changes, and nothing else. graphql-js prints documents but drops
// their comments, so each is put back beside the same word of the printed text. It also spells strings
// its own way and leaves out the `query` of `query { … }`: those are put back too.

import { Lexer, Source, TokenKind, parse, print } from "graphql"

/** The document in standard layout; throws a GraphQLError where it cannot be read. */
export function prettify(text) {
  const plain = spelled(text, `${print(parse(text))}\n`)
  const comments = commentsOf(text)
  return comments.length ? withComments(text, plain, comments) : plain
}

/** The printed text with each word as it was written. */
function spelled(text, plain) {
  const printed = wordsOf(plain)
  let [made, from, at] = ["", 0, 0]
  for (const word of wordsOf(text)) {
    const twin = printed[at]
    if (!isTwin(word, twin)) {
      made += `${plain.slice(from, twin.start)}${word.value} `
      from = twin.start
      continue
    }
    if (word.kind === TokenKind.STRING) {
      made += plain.slice(from, twin.start) + text.slice(word.start, word.end)
      from = twin.end
    }
    at++
  }
  return made + plain.slice(from)
}

function isTwin(word, printed) {
  return (
    printed.kind === word.kind &&
    (printed.value === word.value || printed.kind === TokenKind.BLOCK_STRING)
  )
}

function withComments(text, plain, comments) {
  const printed = wordsOf(plain)
  const twins = pair(wordsOf(text), printed)
  const [above, after] = [new Map(), new Map()]
  const add = (lines, at, comment) => lines.set(at, [...(lines.get(at) ?? []), comment])
  for (const { comment, previous, next } of comments) {
    const behind = previous && previous.line === comment.line && twins.get(previous.start)
    const end = behind && lineEnd(plain, behind.end)
    if (behind && !after.has(end)) add(after, end, comment)
    else add(above, next ? lineStart(plain, twins.get(next.start), printed) : plain.length, comment)
  }
  return merged(plain, above, after)
}

/** Every comment with the words around it. */
function commentsOf(text) {
  const found = []
  for (let token = allTokens(text); token; token = token.next) {
    if (token.kind !== TokenKind.COMMENT) continue
    found.push({
      comment: token,
      previous: neighbour(token, "prev"),
      next: neighbour(token, "next"),
    })
  }
  return found
}

function neighbour(token, way) {
  let other = token[way]
  while (other?.kind === TokenKind.COMMENT) other = other[way]
  return other && other.kind !== TokenKind.SOF && other.kind !== TokenKind.EOF ? other : undefined
}

/** The linked list of tokens, comments among them. */
function allTokens(text) {
  const lexer = new Lexer(new Source(text))
  const first = lexer.token
  while (lexer.advance().kind !== TokenKind.EOF);
  return first
}

function wordsOf(text) {
  const found = []
  for (let token = allTokens(text); token; token = token.next) {
    if (![TokenKind.SOF, TokenKind.EOF, TokenKind.COMMENT].includes(token.kind)) found.push(token)
  }
  return found
}

/** Each word's start to its twin. */
function pair(words, printed) {
  return new Map(words.map((word, at) => [word.start, printed[at]]))
}

function lineEnd(text, at) {
  const end = text.indexOf("\n", at)
  return end < 0 ? text.length : end
}

/** The start of a word's line, but never within a string of several lines. */
function lineStart(text, word, words) {
  const start = text.lastIndexOf("\n", word.start - 1) + 1
  const around = words.find((other) => other.start < start && start < other.end)
  return around ? lineStart(text, around, words) : start
}

function merged(plain, above, after) {
  const places = [...new Set([...above.keys(), ...after.keys()])].sort((one, other) => one - other)
  let [made, from] = ["", 0]
  for (const at of places) {
    made += plain.slice(from, at)
    for (const comment of after.get(at) ?? []) made += ` ${written(comment)}`
    const indent = indentOf(plain, at)
    for (const comment of above.get(at) ?? []) made += `${indent}${written(comment)}\n`
    from = at
  }
  return made + plain.slice(from)
}

/** As deep as what follows; before a closing brace, as deep as what is in the braces. */
function indentOf(text, at) {
  const [, indent, sign] = /^( *)(.?)/.exec(text.slice(at))
  return sign === "}" ? `${indent}  ` : indent
}

function written({ value }) {
  return `#${value}`.trimEnd()
}
