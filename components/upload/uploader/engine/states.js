// The states of a transfer, in the words of the server's record (client/transfers/record.py, `State`).
//
// The server knows fewer: until an end, whatever a page does with the file, its record is "planned".
// It has one from the first event on. docs/architecture.md 3 draws the moves.

/**
 * @typedef {"queued" | "planning" | "sending" | "paused" | "completing" | "done" | "failed" | "cancelled"} State
 * @typedef {"planned" | "done" | "failed" | "cancelled"} RecordState
 */

/**
 * What the server's record says meanwhile.
 * @type {Readonly<Record<State, RecordState>>}
 */
export const RECORDED_AS = {
  queued: "planned", // waits for its turn to be planned, or for a wire
  planning: "planned", // its first bytes are read and Python is asked for a plan
  sending: "planned", // parts are on their way, or wait for the network, or for their next try
  paused: "planned", // by a person
  completing: "planned", // every part is there; Python completes the upload
  done: "done",
  failed: "failed", // a person may try again, or another window sends it
  cancelled: "cancelled", // by a person
}

/**
 * The moves there are. "failed" is reached from everywhere: another window may take the transfer over.
 * @type {Readonly<Record<State, readonly State[]>>}
 */
export const MOVES = {
  queued: ["planning", "sending", "failed", "cancelled"],
  planning: ["queued", "done", "failed", "cancelled"],
  sending: ["paused", "completing", "failed", "cancelled"],
  paused: ["queued", "failed", "cancelled"],
  completing: ["done", "failed"],
  done: ["failed"],
  failed: ["queued", "cancelled"],
  cancelled: [],
}

/**
 * States that are ends, though a failed transfer may be tried again.
 * @type {ReadonlySet<State>}
 */
export const ENDS = new Set(["done", "failed", "cancelled"])

/** States of a file that waits for its turn or its plan. @type {ReadonlySet<State>} */
export const NEW = new Set(["queued", "planning"])

/**
 * States in which a transfer keeps the others waiting.
 * @type {ReadonlySet<State>}
 */
export const BUSY = new Set(["planning", "sending", "completing"])
