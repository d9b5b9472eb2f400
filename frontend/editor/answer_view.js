// A text to read: JSON with folding and find, as answers come.

import { openSearchPanel } from "@codemirror/search"
import { foldAll, unfoldAll } from "@codemirror/language"

import { button, element, setText } from "./elements.js"
import { copyText } from "../../components/toolkit/clipboard.js"
import { saveText } from "../../components/toolkit/save_text.js"
import { answerExtensions, pane, replaceText } from "./panes.js"

export class AnswerView {
  text = ""
  file = { name: "", type: "" }

  constructor(parent, { text, words, label }) {
    const tools = [
      button(words.find, () => openSearchPanel(this.view)),
      button(words.fold, () => foldAll(this.view)),
      button(words.unfold, () => unfoldAll(this.view)),
      button(words.copy, (event) => this.copy(event.currentTarget)),
      button(words.download, () => saveText(this.file.name, this.file.type, this.text)),
    ]
    this.words = words
    this.host = element("div", { className: "pane answer" })
    this.heard = element("p", { className: "only-heard" })
    this.heard.role = "status"
    const bar = element("div", { className: "bar" }, ...tools)
    this.root = element("section", { className: "playground" }, bar, this.host, this.heard)
    this.root.ariaLabel = label
    parent.append(this.root)
    this.view = pane(this.host, { text, kept: null, extensions: answerExtensions({ label }) })
    for (const event of ["keydown", "keypress", "keyup"]) {
      this.root.addEventListener(event, (pressed) => pressed.stopPropagation())
    }
  }

  update({ text, file }) {
    Object.assign(this, { text, file })
    replaceText(this.view, text)
  }

  async copy(control) {
    const copied = await copyText(this.view.state.doc.toString(), this.root)
    setText(control, copied ? this.words.copied : this.words.copy_by_hand)
    setText(this.heard, control.textContent)
    setTimeout(() => setText(control, this.words.copy), 3000)
  }

  remove() {
    this.view.destroy()
    this.root.remove()
  }
}
