// Prettify on texts that chance writes: white space changes, and nothing else.

import assert from "node:assert/strict"
import { test } from "node:test"

import { layOutJson } from "../../../frontend/editor/language/json_text.js"
import { prettify } from "../../../frontend/editor/language/prettify.js"
import { chance } from "./chance.js"

const ROUNDS = 500
const PLAIN = ["1.10", "1E5", "9007199254740993", "-0", "0", "1e400", "true", "null"]
const STRINGS = ['""', '"a b"', '"# no"', '"\\u00e9 \\" \\\\"', '"é 😀 {,}"', '"\\/"']

test("variables keep every letter that is not white space", () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const text = new Json(chance(seed)).value(4)
    const made = layOutJson(text)
    assert.equal(withoutSpace(made), withoutSpace(text), `seed ${seed}`)
    assert.equal(layOutJson(made), made, `seed ${seed}`)
  }
})

test("a document keeps every word and every comment", () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const text = new Document(chance(seed)).text()
    const made = prettify(text)
    assert.deepEqual(wordsOf(made), wordsOf(text), `seed ${seed}: ${text}`)
    assert.deepEqual(commentsOf(made), commentsOf(text), `seed ${seed}: ${text}`)
    assert.equal(prettify(made), made, `seed ${seed}: ${text}`)
  }
})

const STRING = /"""[\s\S]*?"""|"(?:[^"\\]|\\.)*"/g

function withoutSpace(json) {
  return json.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (found) => (found[0] === '"' ? found : ""))
}

/** Commas are white space to GraphQL. */
function wordsOf(text) {
  return text
    .match(/"(?:[^"\\]|\\.)*"|#.*|\.\.\.|[$@]?[\w.+-]+|[^\s,]/g)
    .filter((word) => word[0] !== "#")
}

function commentsOf(text) {
  return (text.replace(STRING, "").match(/#.*/g) ?? []).map((one) => one.trim()).sort()
}

class Json {
  constructor(random) {
    this.random = random
  }

  space() {
    return this.random.of(["", "", " ", "\n", "\t ", "\r\n  "])
  }

  value(deep) {
    const { random } = this
    const kind = deep ? random(4) : 0
    if (kind < 2) return this.space() + random.of(random(2) ? PLAIN : STRINGS) + this.space()
    const count = random(4)
    const inside = Array.from({ length: count }, () =>
      kind === 2 ? this.value(deep - 1) : `${this.name()}:${this.value(deep - 1)}`,
    )
    const [open, close] = kind === 2 ? "[]" : "{}"
    return `${this.space()}${open}${inside.join(",") || this.space()}${close}${this.space()}`
  }

  name() {
    return this.space() + this.random.of(['"a"', '"b"', '"10"', '"9"', '"\\u00e9"']) + this.space()
  }
}

class Document {
  constructor(random) {
    this.random = random
    this.count = 0
  }

  text() {
    const parts = Array.from({ length: 1 + this.random(3) }, (_, at) => this.operation(at))
    return this.gap() + this.row(parts) + this.gap()
  }

  row(parts) {
    return parts.reduce((made, part) => made + this.gap() + part)
  }

  /** Now and then a comment, each another one. */
  gap() {
    const kind = this.random(12)
    if (kind === 0) return ` # c${++this.count}\n`
    if (kind === 1) return `\n# c${++this.count}\n`
    return this.random.of([" ", "  ", "\n", "\n\n  ", ", "])
  }

  operation(at) {
    const variables = this.random(2) ? ["(", "$v", ":", "[Int!]!", "=", "[1]", ")"] : []
    const named = this.random(4) ? ["query", `Q${at}`, ...variables] : ["query"]
    const begin = this.random(4) ? named : ["fragment", `F${at}`, "on", "T"]
    return this.row([...begin, ...this.directive(), this.selections(3)])
  }

  selections(deep) {
    const inside = Array.from({ length: 1 + this.random(3) }, () => this.selection(deep))
    return this.row(["{", ...inside, "}"])
  }

  selection(deep) {
    const { random } = this
    if (!random(6)) return this.row(["...", `F${random(3)}`, ...this.directive()])
    if (deep && !random(6)) return this.row(["...", "on", "T", this.selections(deep - 1)])
    const alias = random(4) ? [] : ["other", ":"]
    const args = random(3) ? [] : ["(", ...this.arguments(), ")"]
    const below = deep && random(2) ? [this.selections(deep - 1)] : []
    return this.row([...alias, `f${random(9)}`, ...args, ...this.directive(), ...below])
  }

  arguments() {
    return Array.from({ length: 1 + this.random(3) }, (_, at) => [
      `a${at}`,
      ":",
      this.value(2),
    ]).flat()
  }

  directive() {
    return this.random(6) ? [] : ["@d", "(", ...this.arguments(), ")"]
  }

  value(deep) {
    const { random } = this
    const kind = deep ? random(5) : random(3)
    if (kind === 0)
      return random.of(["1.10", "1E5", "9007199254740993", "0", "true", "null", "RED"])
    if (kind === 1) return random.of(STRINGS)
    if (kind === 2) return "$v"
    const inside = Array.from({ length: random(3) }, (_, at) =>
      kind === 3 ? [this.value(deep - 1)] : [`k${at}`, ":", this.value(deep - 1)],
    ).flat()
    return this.row([kind === 3 ? "[" : "{", ...inside, kind === 3 ? "]" : "}"])
  }
}
