// Where a picture lies in a pane. A view is { scale, x, y, fitted }: CSS pixels per pixel of the full
// picture, the pixel of the picture in the middle of the pane, and whether it follows the pane's size.

const MOST = 16 // CSS pixels per pixel of the picture
const MOST_FITTED = 2 // a small picture is not blown up further than this to fill the pane

export function fitScale(pane, size) {
  return Math.min(pane.width / size.width, pane.height / size.height, MOST_FITTED)
}

export function fitted(pane, size) {
  return { scale: fitScale(pane, size), x: size.width / 2, y: size.height / 2, fitted: true }
}

/** The same view of a pane of another size, or of a picture moved out of it: no empty edges. */
export function settled(view, pane, size) {
  if (view.fitted) return fitted(pane, size)
  return {
    ...view,
    x: held(view.x, pane.width / view.scale, size.width),
    y: held(view.y, pane.height / view.scale, size.height),
  }
}

/** Zoom to a scale, with the pixel of the picture under `point` (of the pane) staying there. */
export function zoomed(view, pane, size, scale, point = { x: pane.width / 2, y: pane.height / 2 }) {
  const least = Math.min(fitScale(pane, size), 1)
  const to = Math.min(Math.max(scale, least), MOST)
  if (to === fitScale(pane, size)) return fitted(pane, size)
  const there = pixelAt(view, pane, point)
  const moved = {
    scale: to,
    x: there.x - (point.x - pane.width / 2) / to,
    y: there.y - (point.y - pane.height / 2) / to,
    fitted: false,
  }
  return settled(moved, pane, size)
}

/** Move the picture by CSS pixels. */
export function panned(view, pane, size, dx, dy) {
  return settled({ ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale }, pane, size)
}

/** Move as little as it takes to have a pixel of the picture in the pane, off its edge. */
export function revealing(view, pane, size, pixel) {
  const across = pane.width / view.scale / 2.5
  const down = pane.height / view.scale / 2.5
  const x = Math.min(Math.max(view.x, pixel.x - across), pixel.x + across)
  const y = Math.min(Math.max(view.y, pixel.y - down), pixel.y + down)
  return settled({ ...view, x, y }, pane, size)
}

/** The picture's rectangle in the pane, in CSS pixels. */
export function rectangle(view, pane, size) {
  return {
    x: pane.width / 2 - view.x * view.scale,
    y: pane.height / 2 - view.y * view.scale,
    width: size.width * view.scale,
    height: size.height * view.scale,
  }
}

/** The pixel of the picture, with its fraction, under a point of the pane. */
export function pixelAt(view, pane, point) {
  return {
    x: view.x + (point.x - pane.width / 2) / view.scale,
    y: view.y + (point.y - pane.height / 2) / view.scale,
  }
}

/** Whether the pane shows less than the whole picture, so that there is something to move. */
export function isCropped(view, pane, size) {
  const { width, height } = rectangle(view, pane, size)
  return width > pane.width + 0.5 || height > pane.height + 0.5
}

/** From where to where the picture is seen in the pane: what the divider runs along. */
export function visibleSpan(view, pane, size) {
  const { x, width } = rectangle(view, pane, size)
  const left = Math.max(x, 0)
  return { left, width: Math.max(Math.min(x + width, pane.width) - left, 1) }
}

function held(middle, seen, whole) {
  if (seen >= whole) return whole / 2
  return Math.min(Math.max(middle, seen / 2), whole - seen / 2)
}
