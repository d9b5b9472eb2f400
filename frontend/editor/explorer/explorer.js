// The schema explorer: search, the operations, and a page for each type.

import { printSchema } from "graphql"

import { saveText } from "../../../components/toolkit/save_text.js"
import { button, element, sentence, setText } from "../elements.js"
import { find, indexOf, typesOf } from "./search.js"
import { memberRow, typePage } from "./type_page.js"

const MOST_FOUND = 100

export class Explorer {
  constructor(words, insert) {
    this.words = words
    this.links = { open: (type, field) => this.show({ type: type.name, field }), insert }
    this.trail = []
    this.schema = null
    this.search = element("input", {
      type: "search",
      placeholder: words.search_schema,
      autocomplete: "off",
      spellcheck: false,
    })
    this.search.ariaLabel = words.search_schema
    this.search.addEventListener("input", () => this.draw())
    this.back = button(words.back, () => this.goBack())
    this.home = button(words.all_types, () => this.goHome())
    this.download = button(words.download_sdl, () => this.saveSdl())
    this.count = element("p", { className: "count" })
    this.count.role = "status"
    this.note = element("p", { className: "note" })
    this.page = element("div", { className: "page" })
    const bar = element("div", { className: "bar" }, this.back, this.home, this.download)
    this.root = element(
      "section",
      { className: "explorer" },
      this.search,
      bar,
      this.note,
      this.count,
      this.page,
    )
    this.root.ariaLabel = words.schema
  }

  setNote(text) {
    setText(this.note, text)
    this.note.hidden = !text
  }

  setFailed(failed) {
    this.failed = failed
  }

  /** Show another schema; whoever looks at a type that it has too goes on looking at it. */
  setSchema(schema) {
    if (schema === this.schema) return
    this.schema = schema
    this.index = null
    this.drawn = null
    this.trail = this.trail.filter(({ type }) => schema?.getType(type))
    this.draw()
  }

  /** Show the page of `{type, field}`, with the keyboard on what is asked for; the overview for null. */
  show(place) {
    if (!place) {
      this.draw()
      this.takeFocus()
      return
    }
    if (!this.schema?.getType(place.type)) return
    this.search.value = ""
    this.trail.push(place)
    this.draw()
    this.focusOn(place)
  }

  goBack() {
    this.search.value = ""
    this.trail.pop()
    this.draw()
    const place = this.trail.at(-1)
    if (place) this.focusOn(place)
    else this.takeFocus()
  }

  goHome() {
    this.search.value = ""
    this.trail = []
    this.draw()
    this.takeFocus()
  }

  /** The page may have been scrolled away from where the explorer opens. */
  takeFocus() {
    this.search.focus()
    this.root.scrollIntoView({ block: "nearest" })
  }

  focusOn({ field }) {
    const wanted =
      field &&
      [...this.page.querySelectorAll("[data-member]")].find((row) => row.dataset.member === field)
    const target = wanted ?? this.page.querySelector("h3")
    target.tabIndex = -1
    target.focus()
    target.scrollIntoView({ block: "nearest" })
  }

  /** Draw what is looked at; a closed explorer draws nothing, since large schemas take time. */
  draw() {
    if (this.root.hidden) return
    const sought = this.search.value.trim()
    const place = this.trail.at(-1)
    this.back.hidden = !this.trail.length
    this.home.hidden = !this.trail.length && !sought
    this.download.hidden = !this.schema
    setText(this.count, "")
    if (!this.schema) this.page.replaceChildren(this.missing())
    else if (sought) this.page.replaceChildren(...this.found(sought))
    else if (place)
      this.page.replaceChildren(
        ...typePage(this.schema, this.schema.getType(place.type), this.words, this.links),
      )
    else this.page.replaceChildren(...this.overview())
  }

  missing() {
    return element("p", {
      textContent: this.failed ? this.words.schema_failed : this.words.no_schema,
    })
  }

  overview() {
    const roots = [
      this.schema.getQueryType(),
      this.schema.getMutationType(),
      this.schema.getSubscriptionType(),
    ]
    const sections = roots.filter(Boolean).flatMap((type) => this.rootSection(type))
    const others = typesOf(this.schema).filter((type) => !roots.includes(type))
    const heading = element("h3", {
      textContent: sentence(this.words.types, { count: others.length }),
    })
    return [
      ...sections,
      heading,
      element("ul", { className: "names" }, ...others.map((type) => this.typeRow(type))),
    ]
  }

  rootSection(type) {
    const rows = Object.values(type.getFields()).map((field) =>
      memberRow(type, field, this.words, this.links),
    )
    return [
      element("h3", { textContent: type.name }),
      element("ul", { className: "members" }, ...rows),
    ]
  }

  typeRow(type) {
    return element(
      "li",
      {},
      button(type.name, () => this.links.open(type), { className: "link" }),
    )
  }

  found(sought) {
    this.index ??= indexOf(this.schema)
    const all = find(this.index, sought)
    const words = all.length > MOST_FOUND ? this.words.found_many : this.words.found
    setText(
      this.count,
      all.length
        ? sentence(words, { count: all.length, shown: MOST_FOUND })
        : sentence(this.words.found_none, { sought }),
    )
    const rows = all.slice(0, MOST_FOUND).map((entry) => this.foundRow(entry))
    return [element("ul", { className: "names" }, ...rows)]
  }

  foundRow({ name, owner, kind, type, field }) {
    const label = owner ? `${owner}.${name}` : name
    const open = button(label, () => this.links.open(type, field), { className: "link" })
    return element(
      "li",
      {},
      open,
      element("span", { className: "kind", textContent: ` ${this.words.kinds[kind]}` }),
    )
  }

  saveSdl() {
    saveText("schema.graphql", "text/plain", `${printSchema(this.schema)}\n`)
  }
}
