// How the editor looks: Streamlit's theme, by its CSS variables, so that dark mode needs no script.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language"
import { EditorView } from "@codemirror/view"
import { tags } from "@lezer/highlight"

/** Colours are named in editor.css; the class says what a word is. */
export const highlighting = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.definitionKeyword, tags.keyword], class: "tok-keyword" },
    { tag: tags.propertyName, class: "tok-field" },
    { tag: tags.attributeName, class: "tok-argument" },
    { tag: [tags.variableName], class: "tok-variable" },
    { tag: [tags.string], class: "tok-string" },
    {
      tag: [tags.number, tags.integer, tags.float, tags.bool, tags.null, tags.special(tags.name)],
      class: "tok-value",
    },
    { tag: [tags.atom, tags.typeName], class: "tok-type" },
    { tag: tags.modifier, class: "tok-directive" },
    { tag: [tags.lineComment, tags.comment], class: "tok-comment" },
    { tag: tags.invalid, class: "tok-invalid" },
  ]),
)

export const look = EditorView.theme({
  "&": {
    color: "var(--st-text-color)",
    backgroundColor: "var(--st-background-color)",
    fontSize: "0.875rem",
  },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--st-code-font)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--st-text-color)", padding: "0.5rem 0" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--st-text-color)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    {
      backgroundColor: "var(--selected)",
    },
  ".cm-gutters": {
    color: "var(--quiet)",
    backgroundColor: "var(--st-background-color)",
    border: "none",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--active-line)" },
  ".cm-activeLineGutter": { color: "var(--st-text-color)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--matched)" },
  "&.cm-focused .cm-nonmatchingBracket": {
    backgroundColor: "transparent",
    outline: "1px solid var(--wrong)",
  },
  ".cm-foldPlaceholder": {
    color: "inherit",
    backgroundColor: "var(--matched)",
    border: "none",
    padding: "0 0.4em",
  },
  ".cm-panels": {
    color: "var(--st-text-color)",
    backgroundColor: "var(--st-secondary-background-color)",
  },
  ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panel.cm-search": { padding: "0.4rem 2.5rem 0.4rem 0.5rem", fontFamily: "var(--st-font)" },
  ".cm-panel.cm-search .cm-textfield, .cm-panel.cm-search .cm-button": {
    minHeight: "1.75rem",
    margin: "0.15rem 0.4rem 0.15rem 0",
    padding: "0.1rem 0.5rem",
    color: "inherit",
    fontSize: "0.875rem",
    background: "var(--st-background-color)",
    border: "1px solid var(--line)",
    borderRadius: "var(--st-base-radius)",
  },
  ".cm-panel.cm-search label": {
    display: "inline-block",
    padding: "0.35rem 0.25rem",
    fontSize: "0.875rem",
  },
  ".cm-panel.cm-search [name=close]": {
    top: "0.4rem",
    right: "0.4rem",
    width: "1.75rem",
    height: "1.75rem",
    cursor: "pointer",
    color: "inherit",
  },
  ".cm-searchMatch": { backgroundColor: "var(--found)" },
  ".cm-searchMatch-selected": {
    backgroundColor: "var(--matched)",
    outline: "1px solid var(--st-text-color)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--active-line)" },
  ".cm-tooltip": {
    color: "var(--st-text-color)",
    backgroundColor: "var(--st-background-color)",
    border: "1px solid var(--line)",
    borderRadius: "var(--st-base-radius)",
    boxShadow: "0 4px 14px rgb(0 0 0 / 25%)",
  },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--st-code-font)", maxHeight: "14em" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "#fff",
    backgroundColor: "var(--st-primary-color)",
  },
  ".cm-completionIcon": { display: "none" },
  ".cm-completionInfo": { padding: "0.5rem 0.75rem", maxWidth: "22rem" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.85" },
  "li[aria-selected] .cm-completionDetail": { opacity: "1" },
  ".cm-diagnostic": { padding: "0.4rem 0.75rem" },
  ".cm-diagnosticAction": {
    color: "inherit",
    backgroundColor: "transparent",
    border: "1px solid var(--line)",
  },
})
