// Which connection this window uses, kept for as long as the window is: a page that is loaded again, or an
// app that began anew, goes on with it. Other windows have their own.

import { inWindowStorage } from "../temp-file-workbench.uploader/engine/window_storage.js"

const KEY = "temp-file-workbench.connection"

/** @typedef {{ owner: string, connection: string }} Choice */

export class WindowChoice {
  asked = "" // the visit that was told already

  /**
   * Keep what is in use; tell a visit that has not chosen yet, once, what this window used before.
   *
   * @param {object} said what Python says
   * @param {string} said.owner who is signed in
   * @param {string} said.connection the name of the connection in use
   * @param {string} said.undecided a name for the visit until it has chosen one
   * @param {(name: string) => void} tell
   */
  meet({ owner, connection, undecided }, tell) {
    if (!undecided) return keep({ owner, connection })
    const before = keptChoice()
    if (undecided === this.asked || before?.owner !== owner) return
    this.asked = undecided
    if (before.connection !== connection) tell(before.connection)
  }
}

/** @param {Choice} choice */
function keep(choice) {
  inWindowStorage((storage) => storage.setItem(KEY, JSON.stringify(choice)))
}

/** @returns {Choice | null} */
function keptChoice() {
  return inWindowStorage((storage) => JSON.parse(storage.getItem(KEY) ?? "null"))
}
