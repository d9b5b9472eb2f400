// A file that is dropped beside the places for files must not replace the page, and with it the uploads
// that are on their way: browsers open what nobody takes.

import { typingPlaceOf } from "./typing_place.js"

const OPENED = ["Files", "text/uri-list"] // what browsers leave the page for

/**
 * Let nothing that is dropped here replace this page, for as long as it is loaded. Whoever takes drops,
 * on the document at last (window_drop.js), has told the browser so before the event comes to the
 * window, and is left alone, as is text.
 */
export function refuseStrayDrops() {
  addEventListener("dragover", onDragOver) // the same functions each time: added once
  addEventListener("drop", onDrop)
}

/** @param {DragEvent} event */
function onDragOver(event) {
  if (!isStray(event) || typingPlaceOf(event)) return // what takes text may take a file or a link as text
  event.preventDefault()
  if (event.dataTransfer) event.dataTransfer.dropEffect = "none"
}

/** @param {DragEvent} event */
function onDrop(event) {
  if (isStray(event) && !(typingPlaceOf(event) && carriesText(event))) event.preventDefault()
}

/** @param {DragEvent} event */
function isStray(event) {
  const types = event.dataTransfer?.types ?? []
  return (
    OPENED.some((type) => types.includes(type)) &&
    !event.defaultPrevented &&
    !event.composedPath().some(isFileInput)
  )
}

/** @param {DragEvent} event */
function carriesText({ dataTransfer }) {
  return dataTransfer?.types.some((type) => type.startsWith("text/"))
}

/** @param {EventTarget} node */
function isFileInput(node) {
  return node instanceof HTMLInputElement && node.type === "file"
}
