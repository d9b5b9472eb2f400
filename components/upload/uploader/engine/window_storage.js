/**
 * Do something with what a browser keeps for a page as long as its window is there; null where it cannot.
 * That storage may be shut off, full, or hold what somebody else has put there.
 * @template Result
 * @param {(storage: Storage) => Result} act
 * @returns {Result | null}
 */
export function inWindowStorage(act) {
  try {
    return act(sessionStorage)
  } catch (error) {
    if (error instanceof DOMException || error instanceof SyntaxError) return null
    throw error
  }
}
