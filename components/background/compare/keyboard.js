// Keys, while the focus is within the viewer.

const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }
const PAN = 40 // CSS pixels
const LARGE_PAN = 160

/**
 * Keys of the whole viewer.
 * @param {HTMLElement} root
 * @param {{ mode(number: number): void, zoom: Record<string, () => void>, undo(): void, redo(): void }} act
 */
export function viewerKeys(root, act) {
  const keys = {
    "+": act.zoom.in,
    "=": act.zoom.in,
    "-": act.zoom.out,
    _: act.zoom.out,
    0: act.zoom.fit,
    a: act.zoom.actual,
    ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((number) => [number, () => act.mode(number)])),
  }
  root.addEventListener("keydown", (event) => {
    if (event.altKey || (event.target instanceof HTMLInputElement && event.target.type === "color"))
      return
    const command = event.ctrlKey || event.metaKey
    const action = command ? historyAction(event, act) : keys[event.key.toLowerCase()]
    if (!action) return
    event.preventDefault()
    event.stopPropagation()
    action()
  })
}

function historyAction({ key, shiftKey }, { undo, redo }) {
  const letter = key.toLowerCase()
  if (letter === "y" || (letter === "z" && shiftKey)) return redo
  return letter === "z" ? undo : null
}

/** Keys of the picture itself: arrows move it, or the crosshair while a brush is in hand. */
export class PictureKeys {
  constructor(surface, viewport, brush) {
    this.viewport = viewport
    this.brush = brush
    this.holdsSpace = false
    surface.addEventListener("keydown", (event) => this.down(event))
    surface.addEventListener("keyup", (event) => this.up(event))
    surface.addEventListener("focus", () => {
      if (brush.isInHand && surface.matches(":focus-visible")) brush.showCrosshair()
    })
    surface.addEventListener("blur", () => {
      this.holdsSpace = false
      brush.hideCrosshair()
    })
  }

  down(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (this.acts(event)) event.preventDefault()
  }

  acts(event) {
    const { brush } = this
    if (event.key === " ") {
      this.holdsSpace = true
      return true
    }
    if (!brush.isInHand) return this.pans(event)
    if (event.key === "Enter" && !event.repeat) brush.dab()
    return event.key === "Enter" || brush.moveCrosshair(event)
  }

  pans({ key, shiftKey }) {
    const way = ARROWS[key]
    if (!way || !this.viewport.isCropped) return false
    const step = shiftKey ? LARGE_PAN : PAN
    this.viewport.pan(way[0] * step, way[1] * step)
    return true
  }

  /** Space held moves the picture with the pointer; pressed alone, it paints a dot at the crosshair. */
  up(event) {
    if (event.key !== " " || !this.holdsSpace) return
    this.holdsSpace = false
    if (this.brush.isInHand) this.brush.dab()
  }
}
