// What the alpha of a cut-out says, as pictures. Pixels are RGBA bytes, as canvases have them.

const [RED, GREEN, BLUE] = [255, 0, 110] // of the tint
const STRENGTH = 0.7 // over what was removed completely

/** White where the cut-out is opaque, black where it is see-through. */
export function mattePixels(cutout) {
  const matte = new Uint8ClampedArray(cutout.length)
  for (let at = 0; at < cutout.length; at += 4) {
    matte[at] = matte[at + 1] = matte[at + 2] = cutout[at + 3]
    matte[at + 3] = 255
  }
  return matte
}

/** A tint to lay over the original: the more of a pixel was removed, the stronger. */
export function tintPixels(cutout) {
  const tint = new Uint8ClampedArray(cutout.length)
  for (let at = 0; at < cutout.length; at += 4) {
    tint[at] = RED
    tint[at + 1] = GREEN
    tint[at + 2] = BLUE
    tint[at + 3] = (255 - cutout[at + 3]) * STRENGTH
  }
  return tint
}

/** What became of the place at x, y (0 to 1): "kept", "removed" or "partly". */
export function spotOf({ data, width, height }, [x, y]) {
  const column = Math.min(Math.floor(x * width), width - 1)
  const row = Math.min(Math.floor(y * height), height - 1)
  const alpha = data[(row * width + column) * 4 + 3]
  return alpha > 242 ? "kept" : alpha < 13 ? "removed" : "partly"
}
