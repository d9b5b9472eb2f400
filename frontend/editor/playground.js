// The editor: operations above, variables below, the schema beside them.

import { openSearchPanel } from "@codemirror/search"
import { GraphQLError } from "graphql"

import { draftOf, keepDraft } from "./drafts.js"
import { button, element, sentence, setText } from "./elements.js"
import { Explorer } from "./explorer/explorer.js"
import { insertInto } from "./explorer/insertion.js"
import { definitionAt } from "./language/hover.js"
import { placeOf } from "./language/positions.js"
import { operationAt } from "./language/operations.js"
import { prettify } from "./language/prettify.js"
import { schemaFrom, setSchema } from "./language/schema.js"
import { setVariableTypes, variableTypesOf } from "./language/variable_types.js"
import { JsonProblem, layOutJson } from "./language/json_text.js"
import { keep, pane, queryExtensions, replaceText, variablesExtensions } from "./panes.js"
import { makePlain } from "./plain_input.js"
import { Problems } from "./problems.js"
import { Reporter } from "./reporter.js"

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform)

export class Playground {
  /** @type {Record<string, (value: unknown) => void>} */
  tell = {} // set by each run

  constructor(parent, data) {
    this.key = data.key // Streamlit's own changes with every mount
    this.words = data.words
    this.schema = null
    this.reporter = new Reporter(
      () => this.content(),
      (event, value) => this.tell[event](value),
    )
    this.draw()
    parent.append(this.root)
    this.open(data)
  }

  update(data) {
    if (data.document !== this.document && data.follows === `${this.document}/${this.version}`)
      this.goOnAs(data)
    if (data.document !== this.document) this.openAnother(data)
    else if (data.version !== this.version) this.replace(data)
    this.run.disabled = data.readOnly
    setText(this.note, data.headersNote)
    this.explorer.setNote(data.schemaNote)
    if (data.schema !== this.address) this.loadSchema(data.schema)
  }

  draw() {
    const { words } = this
    this.run = button("", () => this.runOperation(), { className: "primary" })
    this.run.ariaKeyShortcuts = IS_MAC ? "Meta+Enter" : "Control+Enter"
    this.toggle = button(words.schema, () => this.showExplorer(this.explorer.root.hidden))
    this.explorer = new Explorer(words, (thing) => this.insert(thing))
    this.queryHost = element("div", { className: "pane query" })
    this.variablesHost = element("div", { className: "pane variables" })
    this.queryProblems = new Problems(words)
    this.variablesProblems = new Problems(words)
    this.note = element("p", { className: "note" })
    this.heard = element("p", { className: "only-heard" })
    this.heard.role = "status"
    const bar = element("div", { className: "bar" }, this.run, ...this.tools(), this.toggle)
    const variables = element("h3", { textContent: words.variables })
    const writing = element("div", { className: "writing" })
    writing.append(bar, this.queryHost, this.queryProblems.root, variables, this.variablesHost)
    writing.append(this.variablesProblems.root, this.note, this.shortcuts(), this.heard)
    const columns = element("div", { className: "columns" }, writing, this.explorer.root)
    this.root = element("div", { className: "playground" }, columns)
    this.root.addEventListener("focusout", () => this.reporter.flush())
    // Streamlit's own shortcuts (C, R) do not see that a key goes into a field of a shadow root.
    for (const event of ["keydown", "keypress", "keyup"]) {
      this.root.addEventListener(event, (pressed) => pressed.stopPropagation())
    }
    this.showExplorer(false)
  }

  tools() {
    const { words } = this
    return [
      button(words.prettify, () => this.prettify()),
      button(words.find, () => openSearchPanel(this.query)),
    ]
  }

  shortcuts() {
    const rows = this.words.shortcuts.map(([keys, what]) => {
      const shown = element("kbd", { textContent: IS_MAC ? keys.replaceAll("Ctrl", "Cmd") : keys })
      return element("li", {}, shown, ` ${what}`)
    })
    return element(
      "details",
      {},
      element("summary", { textContent: this.words.keyboard }),
      element("ul", {}, ...rows),
    )
  }

  // Documents ---------------------------------------------------------------------------------

  open(data) {
    const { text, variables, version, document, readOnly } = data
    const kept = draftOf(this.key, document, version)
    this.version = version
    this.document = document
    const common = { words: this.words, readOnly, keys: this.keys() }
    this.query = pane(this.queryHost, {
      text,
      kept: kept?.query,
      extensions: this.queryParts(common),
    })
    this.variables = pane(this.variablesHost, {
      text: variables,
      kept: kept?.variables,
      extensions: this.variablesParts(common),
    })
    if (kept && (this.text() !== text || this.variables.state.doc.toString() !== variables))
      this.reporter.changed()
    this.applySchema()
    this.nameRun()
  }

  queryParts(common) {
    const label = this.words.query_label
    const open = (definition) => this.showDefinition(definition)
    return queryExtensions({ ...common, label, open, heard: (update) => this.heardQuery(update) })
  }

  variablesParts(common) {
    const label = this.words.variables_label
    return variablesExtensions({ ...common, label, heard: (update) => this.heardVariables(update) })
  }

  /** The same text is another document now; Python has not heard yet of what was typed since it was one. */
  goOnAs({ document, text, variables }) {
    this.document = document
    const told = this.text() === text && this.variables.state.doc.toString() === variables
    if (!told) this.reporter.changed()
  }

  openAnother(data) {
    this.close()
    this.open(data)
  }

  close() {
    const [query, variables] = [keep(this.query), keep(this.variables)]
    keepDraft(this.key, this.document, { version: this.version, query, variables })
    this.reporter.settle()
    this.query.destroy()
    this.variables.destroy()
  }

  /** Python has another text for this document, such as after an edit in the form. */
  replace({ text, variables, version }) {
    this.version = version
    replaceText(this.query, text)
    replaceText(this.variables, variables)
    this.reporter.settle()
  }

  text() {
    return this.query.state.doc.toString()
  }

  content() {
    const { state } = this.query
    return {
      text: state.doc.toString(),
      variables: this.variables.state.doc.toString(),
      operation_name: operationAt(state)?.name ?? "",
      cursor: state.selection.main.head,
      version: this.version,
      document: this.document,
    }
  }

  // What happens in the panes -------------------------------------------------------------------

  heardQuery(update) {
    this.queryProblems.update(update)
    if (!update.docChanged && !update.selectionSet) return
    const renamed = this.nameRun()
    if (update.docChanged || renamed) this.reporter.changed()
    if (update.docChanged || renamed) this.shareVariableTypes()
  }

  heardVariables(update) {
    this.variablesProblems.update(update)
    if (update.docChanged) this.reporter.changed()
  }

  /** Say on the button which operation it runs; returns whether that is another one than before. */
  nameRun() {
    const found = operationAt(this.query.state)
    const name = found?.name ?? ""
    const renamed = this.running !== undefined && this.running !== name
    this.running = name
    setText(this.run, name ? sentence(this.words.run_named, { name }) : this.words.run)
    return renamed
  }

  shareVariableTypes() {
    clearTimeout(this.typesTimer)
    this.typesTimer = setTimeout(() => {
      const types = variableTypesOf(this.query.state, this.schema)
      if (types || !this.schema) this.variables.dispatch({ effects: setVariableTypes.of(types) })
    }, 100)
  }

  // Commands ------------------------------------------------------------------------------------

  keys() {
    return [
      { key: "Mod-Enter", run: () => this.runOperation() },
      { key: "Shift-Alt-f", run: () => this.prettify() },
      { key: "F1", run: () => this.lookUp() },
    ]
  }

  runOperation() {
    if (this.run.disabled) return true
    this.makePlain()
    this.reporter.run()
    return true
  }

  /** What looks like a space is meant as one. */
  makePlain() {
    makePlain(this.query, "graphql")
    makePlain(this.variables, "json")
  }

  prettify() {
    this.makePlain()
    const problem = this.prettifyQuery() ?? this.prettifyVariables()
    setText(this.heard, problem ?? this.words.prettified)
    return true
  }

  prettifyQuery() {
    if (!this.text().trim()) return undefined
    try {
      replaceText(this.query, prettify(this.text()))
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error
      return this.notLaidOut(this.query, error.positions?.[0] ?? 0)
    }
    return undefined
  }

  prettifyVariables() {
    const text = this.variables.state.doc.toString()
    if (!text.trim()) return undefined
    try {
      replaceText(this.variables, layOutJson(text))
    } catch (error) {
      if (!(error instanceof JsonProblem)) throw error
      return this.notLaidOut(this.variables, error.from)
    }
    return undefined
  }

  notLaidOut(view, at) {
    return sentence(this.words.not_prettified, placeOf(view.state.doc, at))
  }

  // Schema --------------------------------------------------------------------------------------

  async loadSchema(address) {
    this.address = address
    this.root.dataset.schema = "awaited"
    const schema = address ? await schemaFrom(address).catch(() => null) : null
    if (address !== this.address) return
    this.schema = schema
    this.explorer.setFailed(Boolean(address) && !schema)
    this.applySchema()
    this.root.dataset.schema = schema ? "there" : "missing"
  }

  applySchema() {
    this.query.dispatch({ effects: setSchema.of(this.schema) })
    this.shareVariableTypes()
    this.explorer.setSchema(this.schema)
  }

  showExplorer(shown) {
    this.explorer.root.hidden = !shown
    this.toggle.ariaExpanded = String(shown)
    if (shown) this.explorer.draw()
  }

  /** Open the explorer at what the caret is at. */
  lookUp() {
    this.showDefinition(definitionAt(this.query.state, this.query.state.selection.main.head))
    return true
  }

  showDefinition(definition) {
    this.showExplorer(true)
    this.explorer.show(definition)
  }

  insert(thing) {
    insertInto(this.query, this.schema, thing)
    setText(this.heard, sentence(this.words.inserted, { name: thing.field?.name ?? thing.name }))
    this.query.focus()
  }

  remove() {
    this.close()
    this.root.remove()
  }
}
