// Reading JSON with the place of everything in it, and of what is wrong in it. `JSON.parse` says
// neither, or each browser says it in other words.

const DEEPEST = 200 // levels, as in client/json_object.py
const LITERALS = { true: true, false: false, null: null }
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /[\w$.+-]+/y
const SPACE = /[ \t\n\r]*/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

export class JsonProblem extends Error {
  constructor(message, from, to) {
    super(message)
    this.from = from
    this.to = to
  }
}

/**
 * The tree of a text: `{kind, from, to}` with `value` for plain values, `items` for lists, and
 * `entries` of `{key, name, value}` for objects. Throws a JsonProblem.
 */
export function readJson(text) {
  return new Reader(text).document()
}

/** The text in standard layout: only white space differs, since a number read and printed is another. */
export function layOutJson(text) {
  return laidOut(text, readJson(text), "")
}

function laidOut(text, node, indent) {
  const written = ({ from, to }) => text.slice(from, to)
  const inner = `${indent}  `
  switch (node.kind) {
    case "object":
      return block(
        "{",
        node.entries.map(({ name, value }) => `${written(name)}: ${laidOut(text, value, inner)}`),
        "}",
        indent,
      )
    case "list":
      return block(
        "[",
        node.items.map((item) => laidOut(text, item, inner)),
        "]",
        indent,
      )
    default:
      return written(node)
  }
}

function block(open, parts, close, indent) {
  if (!parts.length) return `${open}${close}`
  return `${open}\n${indent}  ${parts.join(`,\n${indent}  `)}\n${indent}${close}`
}

class Reader {
  constructor(text) {
    this.text = text
    this.at = 0
    this.depth = 0
  }

  document() {
    const value = this.value()
    this.space()
    if (this.at < this.text.length) this.fail("There is more after the end of the value")
    return value
  }

  value() {
    this.space()
    const from = this.at
    switch (this.text[from]) {
      case "{":
        return this.object(from)
      case "[":
        return this.list(from)
      case '"':
        return this.string(from)
      default:
        return this.plain(from)
    }
  }

  object(from) {
    const entries = []
    this.each("}", () => {
      if (this.text[this.at] !== '"')
        this.fail('A name in double quotes is expected here, such as "input"')
      const name = this.string(this.at)
      this.space()
      if (this.text[this.at] !== ":") this.fail(`A colon is expected after "${name.value}"`)
      this.at++
      entries.push({ key: name.value, name, value: this.value() })
    })
    return { kind: "object", from, to: this.at, entries }
  }

  list(from) {
    const items = []
    this.each("]", () => items.push(this.value()))
    return { kind: "list", from, to: this.at, items }
  }

  /** What stands between the opening sign, which is next, and the closing one, with its commas. */
  each(close, read) {
    if (++this.depth > DEEPEST) this.fail("This is nested too deep to be read")
    this.at++
    this.space()
    while (this.text[this.at] !== close) {
      read()
      this.space()
      if (this.text[this.at] === close) break
      if (this.text[this.at] !== ",") this.fail(`A comma or ${close} is expected here`)
      const comma = this.at++
      this.space()
      if (this.text[this.at] === close)
        throw new JsonProblem(`No comma may stand before ${close}`, comma, comma + 1)
    }
    this.depth--
    this.at++
  }

  string(from) {
    for (this.at++; this.text[this.at] !== '"'; ) {
      const letter = this.text[this.at]
      if (letter === undefined || letter === "\n") {
        throw new JsonProblem("The text that begins here has no closing quote", from, this.at)
      }
      if (letter < " ")
        this.fail("A tab or control character has to be written as an escape, such as \\t")
      if (letter !== "\\") this.at++
      else if (!this.take(ESCAPE))
        this.fail("No such escape; a backslash itself is written as \\\\")
    }
    this.at++
    return { kind: "string", from, to: this.at, value: JSON.parse(this.text.slice(from, this.at)) }
  }

  plain(from) {
    const word = this.take(WORD)
    if (!word)
      this.fail(
        from < this.text.length
          ? "A value is expected here"
          : "The text ends where a value is expected",
      )
    if (Object.hasOwn(LITERALS, word))
      return { kind: "literal", from, to: this.at, value: LITERALS[word] }
    NUMBER.lastIndex = from
    if (NUMBER.exec(this.text)?.[0] === word)
      return { kind: "number", from, to: this.at, value: Number(word), written: word }
    const advice = /^[-+\d.]/.test(word)
      ? "This is no number of JSON"
      : "Text has to be in double quotes"
    throw new JsonProblem(advice, from, this.at)
  }

  space() {
    this.take(SPACE)
  }

  take(pattern) {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0] ?? ""
    this.at += found.length
    return found
  }

  fail(message) {
    throw new JsonProblem(message, this.at, Math.min(this.text.length, this.at + 1))
  }
}
