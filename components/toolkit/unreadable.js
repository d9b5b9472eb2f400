// Files that cannot be read, each told by name and reason; the others are taken.

import { element } from "./elements.js"
import { pathOf } from "./folders.js"
import { counted, sentence } from "./format.js"

const MOST_NAMED = 20

/** @import { Unreadable } from "./folders.js" */

/**
 * Try to read the first byte of each file, or all of one that is said to be empty: of no bytes a browser
 * reads nothing, and what cannot be looked at at all has none.
 *
 * @param {File[]} files
 * @returns {Promise<{ readable: File[], unreadable: Unreadable[] }>} in the same order
 */
export async function sortOut(files) {
  const reasons = await Promise.all(files.map(whyUnreadable))
  return {
    readable: files.filter((_, index) => !reasons[index]),
    unreadable: files.flatMap((file, index) => {
      const reason = reasons[index]
      return reason ? [{ path: pathOf(file) || file.name, reason }] : []
    }),
  }
}

/** @param {File} file */
async function whyUnreadable(file) {
  try {
    await (file.size ? file.slice(0, 1) : file).arrayBuffer()
    return null
  } catch (error) {
    if (error instanceof DOMException) return error.name
    throw error
  }
}

/**
 * What to show of them: a sentence and a list; nothing if all could be read.
 *
 * @param {Unreadable[]} unreadable
 * @param {Record<string, any>} words
 * @returns {(string | HTMLElement)[]}
 */
export function namesOf(unreadable, words) {
  if (!unreadable.length) return []
  const named = unreadable.slice(0, MOST_NAMED).map(({ path, reason }) => {
    const why = sentence(words.unreadable_reasons[reason] ?? words.unreadable_reasons.other, {
      reason,
    })
    return element("li", {}, element("bdi", { textContent: path }), `: ${why}`)
  })
  const others = unreadable.length - named.length
  if (others) named.push(element("li", { textContent: counted(words.unreadable_more, others) }))
  return [counted(words.unreadable, unreadable.length), element("ul", {}, ...named)]
}
