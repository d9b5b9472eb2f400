// Offsets in a document as the lines and columns that language services and people count in.

/** Line and column from 0, in the form that graphql-language-service takes. */
export function positionAt(doc, offset) {
  const { number, from } = doc.lineAt(offset)
  return new Position(number - 1, offset - from)
}

/** Line and column from 1, for people. */
export function placeOf(doc, offset) {
  const { number, from } = doc.lineAt(Math.min(offset, doc.length))
  return { line: number, column: offset - from + 1 }
}

class Position {
  constructor(line, character) {
    this.line = line
    this.character = character
    this.lessThanOrEqualTo = (other) =>
      this.line < other.line || (this.line === other.line && this.character <= other.character)
  }

  setLine(line) {
    this.line = line
  }

  setCharacter(character) {
    this.character = character
  }
}
