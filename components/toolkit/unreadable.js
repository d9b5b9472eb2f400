// Files that cannot be read, each told by name and reason; the others are taken.

import { element, fileName } from "./elements.js"
import { pathOf } from "./folders.js"
import { counted, sentence } from "./format.js"

const MOST_NAMED = 20
const SMALL = 65_536 // bytes that are read in one go

/** @import { Unreadable } from "./folders.js" */

/**
 * Try to read the first byte of each file, or all of a small one. One that is said to be empty may be one
 * that cannot be looked at at all, and of no bytes of it a browser reads nothing.
 *
 * @param {File[]} files
 * @param {(file: File) => Promise<unknown>} read reads a small file whole; rejects with a DOMException
 * @returns {Promise<{ readable: File[], unreadable: Unreadable[] }>} in the same order
 */
export async function sortOut(files, read = (file) => file.arrayBuffer()) {
  const reasons = await Promise.all(files.map((file) => whyUnreadable(file, read)))
  return {
    readable: files.filter((_, index) => !reasons[index]),
    unreadable: files.flatMap((file, index) => {
      const reason = reasons[index]
      return reason ? [{ path: pathOf(file) || file.name, reason }] : []
    }),
  }
}

/**
 * @param {File} file
 * @param {(file: File) => Promise<unknown>} read
 */
async function whyUnreadable(file, read) {
  try {
    await (file.size > SMALL ? file.slice(0, 1).arrayBuffer() : read(file))
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
    return element("li", {}, fileName(path), `: ${why}`)
  })
  const others = unreadable.length - named.length
  if (others) named.push(element("li", { textContent: counted(words.unreadable_more, others) }))
  return [counted(words.unreadable, unreadable.length), element("ul", {}, ...named)]
}
