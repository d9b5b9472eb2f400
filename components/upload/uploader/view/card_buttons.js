// What a person can do with a transfer right now.

import { button, element, focused } from "../../temp-file-workbench.toolkit/elements.js"
import { linksExpired } from "./notices.js"
import { queue } from "../page_queue.js"
import { ENDS } from "../engine/states.js"

const OF_THE_FILE = new Set(["file-changed", "empty-file"]) // failures that no other try helps

export class CardButtons {
  /** @param fallback what takes the keyboard when the button that had it goes and no other is left */
  constructor(transfer, words, fallback) {
    this.transfer = transfer
    this.fallback = fallback
    const { id } = transfer
    this.restart = button(words.restart, () => queue.restart(id), "primary")
    this.retry = button(words.retry, () => this.sendAgain(), "primary")
    this.resume = button(words.resume, () => queue.resume(id), "primary")
    this.pause = button(words.pause, () => queue.pause(id))
    this.cancel = button(words.cancel, () => queue.cancel(id))
    this.remove = button(words.remove, () => queue.clear([id]))
    this.element = element(
      "div",
      { className: "buttons" },
      this.restart,
      this.retry,
      this.resume,
      this.pause,
      this.cancel,
      this.remove,
    )
  }

  update() {
    const { transfer } = this
    const { state } = transfer
    const holder = focused(this.element)
    this.restart.hidden = !linksExpired(transfer)
    this.retry.hidden = !mayRetry(transfer)
    this.resume.hidden = state !== "paused"
    this.pause.hidden = state !== "sending"
    this.cancel.hidden = ENDS.has(state) || state === "completing"
    this.remove.hidden = !ENDS.has(state)
    if (holder?.hidden && this.element.contains(holder)) this.passOn()
  }

  /** What was refused before it had a plan is asked for anew, as files are to be sent now. */
  sendAgain() {
    const { id, plan } = this.transfer
    if (plan) queue.retry(id)
    else queue.restart(id)
  }

  /** Hand the keyboard to the button that undoes or continues what was pressed; never to "Cancel". */
  passOn() {
    const next = [this.resume, this.pause, this.retry, this.restart].find(({ hidden }) => !hidden)
    ;(next ?? this.fallback).focus()
  }
}

/** Whether sending what failed once more can help. */
export function mayRetry(transfer) {
  return (
    transfer.state === "failed" &&
    !transfer.lost &&
    !OF_THE_FILE.has(transfer.error?.code) &&
    !linksExpired(transfer)
  )
}
