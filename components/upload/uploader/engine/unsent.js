// The names of files that were chosen and not begun when the page was left. A browser lets no page keep
// the files themselves, so that they have to be chosen again; a name is kept for as long as the tab is.

import { inWindowStorage } from "./window_storage.js"

const KEY = "temp-file-workbench.unsent"

/** @typedef {{ owner: string, names: string[] }} Unsent */

/** @param {Unsent} unsent */
export function keepUnsent(unsent) {
  inWindowStorage((storage) => {
    if (unsent.names.length) storage.setItem(KEY, JSON.stringify(unsent))
    else storage.removeItem(KEY)
  })
}

/** What was kept, once. @returns {Unsent | null} */
export function takeUnsent() {
  return inWindowStorage((storage) => {
    const kept = storage.getItem(KEY)
    storage.removeItem(KEY)
    return kept ? JSON.parse(kept) : null
  })
}
