// Keeps the screen, and so the machine, awake while something is being sent.

let wanted = false
/** @type {WakeLockSentinel | null} */
let lock = null

document.addEventListener("visibilitychange", renew)

/**
 * Ask for the lock, or give it back. Browsers without wake locks just go to sleep.
 * @param {boolean} yes
 */
export function keepAwake(yes) {
  if (yes === wanted) return
  wanted = yes
  if (yes) renew()
  else lock?.release()
}

/** A browser takes the lock back when the page is hidden; ask again when it is shown. */
async function renew() {
  if (!wanted || document.visibilityState !== "visible" || !navigator.wakeLock) return
  try {
    lock = await navigator.wakeLock.request("screen")
    if (!wanted) lock.release()
  } catch (error) {
    if (!(error instanceof DOMException)) throw error // refused on a low battery, say: not needed
  }
}
