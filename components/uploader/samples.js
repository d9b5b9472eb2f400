// Files to try the page with, made in the browser: no bytes are fetched from anywhere else.

const BLOCK = 1 << 16 // bytes; filler repeats with this period, offset mixed in
const FREE_BOX_HEADER = 16 // bytes of an MP4 box with a 64-bit size

/** A drawn picture, as a JPEG file. */
export async function sampleImage() {
  const canvas = Object.assign(document.createElement("canvas"), { width: 2400, height: 1600 })
  draw(canvas.getContext("2d"), canvas.width, canvas.height)
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.95))
  return new File([blob], "sample-image.jpg", { type: "image/jpeg" })
}

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
 * skip, filled up to the size asked for. The filler is made when a part is read, so 2 GB need no memory.
 */
export async function sampleVideo(size) {
  const answer = await fetch(new URL("./sample.mp4", import.meta.url))
  if (!answer.ok) throw new Error(`sample.mp4: HTTP ${answer.status}`)
  return new SampleVideo(await answer.arrayBuffer(), size)
}

class SampleVideo {
  constructor(video, size) {
    this.head = new Blob([video, freeBoxHeader(size - video.byteLength)])
    this.size = size
    this.type = "video/mp4"
    this.name = `sample-video-${Math.round(size / 1e6)}-MB.mp4`
  }

  slice(start, end) {
    const pieces = [this.head.slice(start, Math.min(end, this.head.size))]
    for (let at = Math.max(start, this.head.size); at < end; ) {
      const length = Math.min(BLOCK - (at % BLOCK), end - at)
      pieces.push(filler(at, length))
      at += length
    }
    return new Blob(pieces)
  }
}

function freeBoxHeader(size) {
  const view = new DataView(new ArrayBuffer(FREE_BOX_HEADER))
  view.setUint32(0, 1) // "the size follows as 64 bits"
  view.setUint32(4, 0x66726565) // "free"
  view.setBigUint64(8, BigInt(size))
  return view
}

/** Bytes that depend on their place only, and differ from block to block. */
function filler(start, length) {
  const words = new Uint32Array(BLOCK / 4)
  let state = (Math.floor(start / BLOCK) * 2654435761 + 1) >>> 0
  for (let i = 0; i < words.length; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    words[i] = state
  }
  return new Uint8Array(words.buffer, start % BLOCK, length)
}
