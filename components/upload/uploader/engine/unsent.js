// The names of files that were chosen and not begun when the page was left. A browser lets no page keep
// the files themselves, so that they have to be chosen again; a name is kept for as long as the tab is.

const KEY = "temp-file-workbench.unsent"

/** @typedef {{ owner: string, names: string[] }} Unsent */

/** @param {Unsent} unsent */
export function keepUnsent(unsent) {
  guarded((storage) => {
    if (unsent.names.length) storage.setItem(KEY, JSON.stringify(unsent))
    else storage.removeItem(KEY)
  })
}

/** What was kept, once. @returns {Unsent | null} */
export function takeUnsent() {
  return guarded((storage) => {
    const kept = storage.getItem(KEY)
    storage.removeItem(KEY)
    return kept ? JSON.parse(kept) : null
  })
}

/**
 * Storage may be shut off, full, or hold what somebody else has put there.
 * @template Result
 * @param {(storage: Storage) => Result} act
 * @returns {Result | null}
 */
function guarded(act) {
  try {
    return act(sessionStorage)
  } catch (error) {
    if (error instanceof DOMException || error instanceof SyntaxError) return null
    throw error
  }
}
