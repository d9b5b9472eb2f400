// Names that nobody else has.

export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}

/** This load of the page, as the holder of the transfers it sends. */
export const PAGE_LOAD = randomId()

/**
 * What this page load holds, for scripts that must not load the engine themselves.
 * @type {{ queue: import("./queue.js").Queue | null }}
 */
export const held = { queue: null } // page_queue.js sets it, once a visitor was signed in
