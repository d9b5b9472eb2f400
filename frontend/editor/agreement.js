// What Python is known to hold of a document, while more is typed and told than it has heard of.
//
// Python makes a new version of its text without asking, such as after an edit in the form: of what
// it took last. So it says with each version what that was, by the numbers under which it was told,
// and what was typed here since is brought over. It takes nothing more that was told of the version
// before; the editor tells its text anew.

export class Agreement {
  told = new Map() // what Python may have taken, by its numbers, in order

  constructor({ text, variables, version }) {
    this.version = version
    this.content = { text: lines(text), variables: lines(variables) }
  }

  /** Something is told to Python, with its `draft_id` and `run_id`. */
  tell(content) {
    this.told.set(`${content.draft_id}/${content.run_id}`, content)
  }

  /** Python took what has these numbers last; nothing of this version where it is another one's. */
  take({ version, draft, run }) {
    const key = `${draft}/${run}`
    if (version !== this.version || !this.told.has(key)) return
    this.content = this.told.get(key)
    for (const earlier of this.told.keys()) {
      this.told.delete(earlier)
      if (earlier === key) break
    }
  }

  /** Python has another version; returns the text and variables that it was made of. */
  replace({ text, variables, version }) {
    const now = { text: lines(text), variables: lines(variables) }
    const isThat = (one) => one.text === now.text && one.variables === now.variables
    // Versions only rise, so this app began anew: it holds what was taken last, but cannot say so.
    const begunAnew = version < this.version
    const of = (begunAnew && [...this.told.values()].find(isThat)) || this.content
    this.version = version
    this.content = now
    this.told.clear()
    return of
  }
}

/** As the editor has lines' ends. */
function lines(text) {
  return text.replace(/\r\n?/g, "\n")
}
