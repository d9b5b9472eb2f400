// Files to try the page with, made in the browser: no bytes are fetched from anywhere else.

const BLOCK = 1 << 20 // bytes; filler repeats with this period, but for the number before each block
const FREE_BOX_HEADER = 16 // bytes of an MP4 box with a 64-bit size

/** A drawn picture, as a JPEG file. */
export async function sampleImage() {
  const canvas = Object.assign(document.createElement("canvas"), { width: 2400, height: 1600 })
  const pen = canvas.getContext("2d")
  if (pen) draw(pen, canvas.width, canvas.height)
  /** @type {Blob | null} */
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.95))
  if (!blob) throw new Error("This browser makes no JPEG.")
  return new File([blob], "sample-image.jpg", { type: "image/jpeg" })
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} width
 * @param {number} height
 */
function draw(pen, width, height) {
  const sky = pen.createLinearGradient(0, 0, 0, height)
  sky.addColorStop(0, "#f4f1ea")
  sky.addColorStop(1, "#d9e2ec")
  pen.fillStyle = sky
  pen.fillRect(0, 0, width, height)
  for (let x = 0; x < width; x += 4) {
    pen.fillStyle = `hsla(${(x * 37) % 360}, 30%, 60%, 0.06)`
    pen.fillRect(x, (x * 53) % height, 4, height)
  }
  pen.fillStyle = "#0b57d0"
  pen.beginPath()
  pen.roundRect(width * 0.32, height * 0.22, width * 0.36, height * 0.56, 90)
  pen.fill()
  pen.fillStyle = "#ffb300"
  pen.beginPath()
  pen.arc(width * 0.5, height * 0.5, height * 0.16, 0, 7)
  pen.fill()
}

/**
 * A playable video of any size: a short MP4, then a "free" box (ISO 14496-12, 8.1.2), which players
 * skip, filled up to the size asked for.
 * @param {number} size bytes
 */
export async function sampleVideo(size) {
  const answer = await fetch(new URL("../temp-file-workbench.uploader/sample.mp4", import.meta.url))
  if (!answer.ok) throw new Error(`sample.mp4: HTTP ${answer.status}`)
  const video = await answer.arrayBuffer()
  const boxSize = size - video.byteLength
  const pieces = [video, freeBoxHeader(boxSize), filler(boxSize - FREE_BOX_HEADER)]
  return new File(pieces, `sample-video-${Math.round(size / 1e6)}-MB.mp4`, {
    type: "video/mp4",
    lastModified: 0,
  })
}

/** @param {number} size */
function freeBoxHeader(size) {
  const view = new DataView(new ArrayBuffer(FREE_BOX_HEADER))
  view.setUint32(0, 1) // "the size follows as 64 bits"
  view.setUint32(4, 0x66726565) // "free"
  view.setBigUint64(8, BigInt(size))
  return view
}

/**
 * The same block again and again, each time after its number, so that parts differ. Browsers keep a
 * blob that is part of others once, so 2 GB of this need 1 MiB of memory.
 * @param {number} length bytes
 */
function filler(length) {
  const block = new Blob([noise()])
  const pieces = Array.from({ length: Math.ceil(length / BLOCK) }, (_, number) => [
    new Uint32Array([number]),
    block,
  ])
  return new Blob(pieces.flat()).slice(0, length)
}

function noise() {
  const words = new Uint32Array(BLOCK / 4 - 1)
  let state = 1
  for (let i = 0; i < words.length; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    words[i] = state
  }
  return words
}
