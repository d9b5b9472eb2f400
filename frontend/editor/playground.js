// The editor: operations above, variables below, the schema beside them or above where that is too narrow.

import { isolateHistory } from "@codemirror/commands"
import { openSearchPanel } from "@codemirror/search"
import { GraphQLError } from "graphql"

import { Agreement } from "./agreement.js"
import { copyText } from "../../components/toolkit/clipboard.js"
import { draftOf, keepDraft } from "./drafts.js"
import { button, element, sentence, setText } from "./elements.js"
import { Explorer } from "./explorer/explorer.js"
import { insertInto } from "./explorer/insertion.js"
import { definitionAt } from "./language/hover.js"
import { lastNamesField, setLastNames } from "./language/last_values.js"
import { placeOf } from "./language/positions.js"
import { operationAt } from "./language/operations.js"
import { prettify } from "./language/prettify.js"
import { schemaFrom, setSchema } from "./language/schema.js"
import { setVariableTypes, variableTypesOf } from "./language/variable_types.js"
import { toValue, toVariable } from "./language/value_variable.js"
import { JsonProblem, layOutJson } from "./language/json_text.js"
import { change, keep, pane, queryExtensions, replaceText, variablesExtensions } from "./panes.js"
import { makePlain } from "./plain_input.js"
import { Problems } from "./problems.js"
import { applied, rebased } from "./rebase.js"
import { Reporter } from "./reporter.js"
import { RunButton } from "./run_button.js"

const CONVERSION_PAUSE = 100 // milliseconds that the caret stays where it is
const SHOWN_FOR = 3000 // milliseconds that "Copied" stands on the button
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
      (event, value) => this.tellPython(event, value),
    )
    this.caret = data.caret
    this.draw()
    parent.append(this.root)
    this.open(data)
  }

  update(data) {
    this.reporter.heard(data.heard) // first: what is heard is not told again of a new version
    const here = `${this.document}/${this.agreement.version}`
    if (data.document !== this.document && data.follows === here) this.goOnAs(data)
    if (data.document !== this.document) this.openAnother(data)
    else this.agree(data)
    if (data.caret > this.caret) this.takeCaret()
    this.caret = data.caret
    this.run.update(data, !this.reporter.unheard.has("run"))
    setText(this.note, data.headersNote)
    this.offerLastValues(data.lastNames)
    this.explorer.setNote(data.schemaNote)
    if (data.schema !== this.address) this.loadSchema(data.schema)
  }

  draw() {
    const { words } = this
    this.run = new RunButton(words, {
      run: () => this.runOperation(),
      cancel: () => this.tell.cancel(this.document),
    })
    this.run.root.ariaKeyShortcuts = IS_MAC ? "Meta+Enter" : "Control+Enter"
    this.toggle = button(words.schema, () => this.toggleExplorer())
    this.explorer = new Explorer(words, (thing) => this.insert(thing))
    this.explorer.root.addEventListener("keydown", (event) => this.leaveExplorer(event))
    this.converter = button(words.to_variable, () => this.convert())
    this.queryHost = element("div", { className: "pane query" })
    this.variablesHost = element("div", { className: "pane variables" })
    this.queryProblems = new Problems(words)
    this.variablesProblems = new Problems(words)
    this.note = element("p", { className: "note" })
    this.heard = element("p", { className: "only-heard" })
    this.heard.role = "status"
    const bar = element("div", { className: "bar" }, this.run.root, ...this.tools(), this.toggle)
    const variables = element("h3", { textContent: words.variables })
    const panes = element("div", { className: "written" }, this.queryHost, this.queryProblems.root)
    panes.append(variables, this.variablesHost, this.variablesProblems.root)
    const columns = element("div", { className: "columns" }, this.explorer.root, panes)
    const desk = element("div", { className: "desk" }, bar, this.run.state, columns)
    const writing = element("div", { className: "writing" }, desk)
    writing.append(this.note, this.shortcuts(), this.heard)
    this.root = element("div", { className: "playground" }, writing)
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
      button(words.copy, (event) => this.copy(event.currentTarget)),
      this.converter,
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
    const { text, variables, document, readOnly } = data
    const kept = draftOf(this.key, document)
    this.agreement = kept?.agreement ?? new Agreement(data)
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
    this.agree(data)
    if (kept) this.tellWhatDiffers()
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
  goOnAs({ document, base }) {
    this.document = document
    this.agreement.take(base)
    this.tellWhatDiffers()
  }

  openAnother(data) {
    this.close()
    this.open(data)
  }

  /** Somebody asked for a tab to write in: writing goes on at the end of its text. */
  takeCaret() {
    this.query.dispatch({ selection: { anchor: this.query.state.doc.length } })
    this.query.focus()
  }

  close() {
    const [query, variables] = [keep(this.query), keep(this.variables)]
    keepDraft(this.key, this.document, { agreement: this.agreement, query, variables })
    this.reporter.settle()
    this.query.destroy()
    this.variables.destroy()
  }

  /** Learn what Python took, and whether it has another text, such as after an edit in the form. */
  agree(data) {
    this.agreement.take(data.base)
    if (data.version === this.agreement.version) return
    const of = this.agreement.replace(data)
    const { text, variables } = this.agreement.content
    change(this.query, rebased(of.text, text, this.text()))
    change(this.variables, rebased(of.variables, variables, this.variables.state.doc.toString()))
    this.reporter.settle()
    this.tellWhatDiffers()
    this.reporter.renew((run) => this.brought(run, of))
  }

  /** What was told, as it is after another version, which was made `of` something. */
  brought(content, of) {
    const now = this.agreement.content
    const changes = rebased(of.text, now.text, content.text)
    return {
      ...content,
      text: applied(changes, content.text),
      variables: applied(
        rebased(of.variables, now.variables, content.variables),
        content.variables,
      ),
      cursor: changes.mapPos(content.cursor),
      version: this.agreement.version,
    }
  }

  tellWhatDiffers() {
    const { text, variables } = this.agreement.content
    if (this.text() !== text || this.variables.state.doc.toString() !== variables)
      this.reporter.changed()
  }

  tellPython(event, value) {
    if (value.document === this.document && value.version === this.agreement.version)
      this.agreement.tell(value)
    this.tell[event](value)
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
      version: this.agreement.version,
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
    this.offerConversion()
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
    this.run.name = name
    this.run.draw()
    return renamed
  }

  /** Another tab's editor does not know them yet. */
  offerLastValues(names) {
    const known = this.variables.state.field(lastNamesField)
    if (known.join() !== names.join()) this.variables.dispatch({ effects: setLastNames.of(names) })
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
      { key: "Mod-Enter", run: () => this.pressRun() },
      { key: "Shift-Alt-f", run: () => this.prettify() },
      { key: "Shift-Alt-v", run: () => this.convert() },
      { key: "F1", run: () => this.lookUp() },
    ]
  }

  pressRun() {
    this.run.press()
    return true
  }

  runOperation() {
    this.makePlain()
    this.reporter.run()
  }

  /** What looks like a space is meant as one. */
  makePlain() {
    makePlain(this.query, "graphql")
    makePlain(this.variables, "json")
  }

  prettify() {
    this.makePlain()
    const problem = this.prettifyQuery() ?? this.prettifyVariables()
    this.run.say(problem ?? "")
    setText(this.heard, problem ? "" : this.words.prettified)
    return true
  }

  /** What the caret is at can become a variable, or its value: each button is there for what it does. */
  offerConversion() {
    clearTimeout(this.conversionTimer)
    this.conversionTimer = setTimeout(() => {
      const { label, changes } = this.conversion()
      setText(this.converter, label)
      this.converter.disabled = !changes || this.query.state.readOnly
    }, CONVERSION_PAUSE)
  }

  conversion() {
    const { words, query, variables } = this
    const place = query.state.selection.main.head
    const [text, values] = [this.text(), variables.state.doc.toString()]
    const inlined = toValue(text, values, place, this.schema)
    if (inlined) return { label: words.to_value, said: words.made_value, changes: inlined }
    const changes = toVariable(text, values, place, this.schema)
    return { label: words.to_variable, said: words.made_variable, changes }
  }

  convert() {
    const { said, changes } = this.conversion()
    if (!changes || this.query.state.readOnly) return true
    this.query.dispatch({ changes: changes.query, annotations: isolateHistory.of("full") })
    this.variables.dispatch({ changes: changes.variables, annotations: isolateHistory.of("full") })
    setText(this.heard, said)
    this.query.focus()
    return true
  }

  async copy(control) {
    const { words } = this
    const copied = await copyText(this.text(), this.root)
    setText(control, copied ? words.copied : words.copy_by_hand)
    setText(this.heard, control.textContent)
    setTimeout(() => setText(control, words.copy), SHOWN_FOR)
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
    this.offerConversion()
    this.query.dispatch({ effects: setSchema.of(this.schema) })
    this.shareVariableTypes()
    this.explorer.setSchema(this.schema)
  }

  showExplorer(shown) {
    this.explorer.root.hidden = !shown
    this.toggle.ariaExpanded = String(shown)
    if (shown) this.explorer.draw()
  }

  toggleExplorer() {
    const isOpened = this.explorer.root.hidden
    this.isAskedInText = false
    this.showExplorer(isOpened)
    if (isOpened) this.explorer.takeFocus()
  }

  /** Escape leads back to where the explorer was asked for; a search is emptied by it first. */
  leaveExplorer(event) {
    if (event.key !== "Escape" || this.explorer.search.value) return
    event.preventDefault()
    this.showExplorer(false)
    if (this.isAskedInText) this.query.focus()
    else this.toggle.focus()
  }

  /** Open the explorer at what the caret is at. */
  lookUp() {
    this.showDefinition(definitionAt(this.query.state, this.query.state.selection.main.head))
    return true
  }

  showDefinition(definition) {
    this.isAskedInText = true
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
    this.reporter.close()
    this.run.remove()
    this.root.remove()
  }
}
