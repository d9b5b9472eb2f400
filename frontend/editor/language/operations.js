// Where the operations of a document lie, broken documents included: the text is read by the
// editor's own parser, which goes on after an error.

import { ensureSyntaxTree, syntaxTree } from "@codemirror/language"

const PARSE_TIME = 50 // milliseconds at most

/** The operations as `{name, from, to}` in their order; an anonymous one has the name "". */
export function operationsOf(state) {
  const tree = ensureSyntaxTree(state, state.doc.length, PARSE_TIME) ?? syntaxTree(state)
  const found = []
  tree.iterate({
    enter(node) {
      if (node.name !== "OperationDefinition") return node.name === "Document" || node.name === "⚠"
      const name = node.node.getChild("Name")
      found.push({
        name: name ? state.sliceDoc(name.from, name.to) : "",
        from: node.from,
        to: node.to,
      })
      return false
    },
  })
  return found
}

/** The operation the caret is in, or else the one before it, or else the first; undefined if none. */
export function operationAt(state, position = state.selection.main.head) {
  const found = operationsOf(state)
  return found.findLast(({ from }) => from <= position) ?? found[0]
}
