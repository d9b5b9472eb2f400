// The two editors: what each of them is able to do.

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete"
import {
  defaultKeymap,
  history,
  historyField,
  historyKeymap,
  isolateHistory,
} from "@codemirror/commands"
import { json } from "@codemirror/lang-json"
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  indentOnInput,
} from "@codemirror/language"
import { lintGutter, lintKeymap } from "@codemirror/lint"
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search"
import { EditorState, Prec } from "@codemirror/state"
import {
  EditorView,
  drawSelection,
  dropCursor,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view"
import { graphqlLanguageSupport } from "cm6-graphql"

import { hoverDocumentation } from "./language/hover.js"
import { lastNamesField } from "./language/last_values.js"
import { queryCompletion } from "./language/query_completion.js"
import { queryLint } from "./language/query_lint.js"
import { schemaField } from "./language/schema.js"
import { variablesCompletion } from "./language/variables_completion.js"
import { variablesLint } from "./language/variables_lint.js"
import { variableTypesField } from "./language/variable_types.js"
import { plainInput } from "./plain_input.js"
import { commonEnds } from "./rebase.js"
import { highlighting, look } from "./theme.js"

const KEPT = { history: historyField }

// Tab is bound to nothing, so that the keyboard gets out of the editor the way it came in.
const KEYS = [
  closeBracketsKeymap,
  defaultKeymap,
  searchKeymap,
  historyKeymap,
  foldKeymap,
  completionKeymap,
  lintKeymap,
]

/** A pane in `parent`; `kept` is what `keep` returned of an earlier one with the same text. */
export function pane(parent, { text, kept, extensions }) {
  const configuration = { extensions }
  const state = kept
    ? EditorState.fromJSON(kept, configuration, KEPT)
    : EditorState.create({ doc: text, ...configuration })
  return new EditorView({ state, parent, root: parent.getRootNode() })
}

/** What outlives the pane: text, selection and what can be undone. */
export function keep(view) {
  return view.state.toJSON(KEPT)
}

/** Replace the text by another, changing only what differs, so that the caret and undo stay. */
export function replaceText(view, text) {
  const now = view.state.doc.toString()
  if (now === text) return
  const [from, tail] = commonEnds(now, text)
  change(view, { from, to: now.length - tail, insert: text.slice(from, text.length - tail) })
}

/** Change the text as the person did not; one undo brings back what was typed just before. */
export function change(view, changes) {
  view.dispatch({ changes, annotations: isolateHistory.of("full") })
}

/** The pane of the operations. */
export function queryExtensions({ label, words, readOnly, keys, heard, open }) {
  return [
    schemaField,
    graphqlLanguageSupport(),
    queryCompletion,
    queryLint(words),
    hoverDocumentation(words, open),
    plainInput("graphql", words),
    common({ label, readOnly, keys, heard }),
  ]
}

/** The pane of the variables. */
export function variablesExtensions({ label, words, readOnly, keys, heard }) {
  return [
    variableTypesField,
    lastNamesField,
    json(),
    variablesCompletion,
    variablesLint(words),
    plainInput("json", words),
    common({ label, readOnly, keys, heard }),
  ]
}

/** A pane to look at an answer in. */
export function answerExtensions({ label }) {
  return [
    json(),
    reading(label),
    lineNumbers(),
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
  ]
}

function common({ label, readOnly, keys, heard }) {
  return [
    Prec.highest(keymap.of(keys)),
    reading(label),
    lineNumbers(),
    lintGutter(),
    history(),
    dropCursor(),
    indentOnInput(),
    closeBrackets(),
    autocompletion({
      icons: false,
      activateOnTypingDelay: 10, // as in GraphiQL: whoever types on sees no list meanwhile
      optionClass: ({ type }) => (type === "deprecated" ? "struck" : ""),
    }),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    EditorState.readOnly.of(readOnly),
    EditorView.updateListener.of(heard),
  ]
}

function reading(label) {
  return [
    codeFolding(),
    foldGutter(),
    drawSelection(),
    bracketMatching(),
    highlightSelectionMatches(),
    search({ top: true }),
    keymap.of(KEYS.flat()),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    highlighting,
    look,
  ]
}
