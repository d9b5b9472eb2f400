// What was typed, kept while pages come and go: page switches unmount the editor.

const drafts = new Map()

export function keepDraft(key, document, draft) {
  drafts.set(`${key}/${document}`, draft)
}

export function draftOf(key, document) {
  return drafts.get(`${key}/${document}`)
}
