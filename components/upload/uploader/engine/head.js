// The first bytes of a file, by which Python tells its type.

const SIZE = 4096 // bytes: HEAD_SIZE of content_types/

/**
 * The first bytes as base64, or null when the source can no longer be read as it was chosen.
 * @param {Blob} source
 * @param {number} size as chosen
 */
export async function headOf(source, size) {
  try {
    const bytes = new Uint8Array(await source.slice(0, SIZE).arrayBuffer())
    return bytes.length < Math.min(SIZE, size) ? null : btoa(String.fromCharCode(...bytes))
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}
