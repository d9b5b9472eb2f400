// What was typed, kept while pages come and go: page switches unmount the editor.

const drafts = new Map()

export function keepDraft(key, document, draft) {
  drafts.set(`${key}/${document}`, draft)
}

/** The draft of a document, unless Python has replaced its text since. */
export function draftOf(key, document, version) {
  const draft = drafts.get(`${key}/${document}`)
  return draft?.version === version ? draft : undefined
}
