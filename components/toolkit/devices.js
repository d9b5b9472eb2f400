// What a person has at hand to point and type with.

const NO_MOUSE = "(hover: none), (pointer: coarse)"

/** Whether fingers do the work: nothing is dragged or pasted by keyboard there. */
export function isTouched() {
  return matchMedia(NO_MOUSE).matches
}

/** The keys that paste, as this system's menus write them. */
export function pasteKeys() {
  return /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘V" : "Ctrl+V"
}
