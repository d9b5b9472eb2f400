// Names that nobody else has.

export function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("")
}

/** This load of the page, as the holder of the transfers it sends. */
export const PAGE_LOAD = randomId()

/** What this page load holds, for scripts that must not load the engine themselves. */
export const held = { queue: null } // queue.js sets it, once a visitor was signed in
