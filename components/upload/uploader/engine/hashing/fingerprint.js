// What a file is recognised by when it is chosen again: a hash of its size and of samples of it.

import { NoHashing, sharedHasher, SMALL } from "./hasher.js"

const SAMPLES = 16
const SAMPLE = 65_536 // bytes

/**
 * Which bytes are hashed: 16 blocks spread evenly from the first to the last; of a small file all.
 * @param {number} size
 * @returns {[start: number, end: number][]}
 */
export function sampledRanges(size) {
  if (size <= SMALL) return [[0, size]]
  const starts = Array.from({ length: SAMPLES }, (_, i) =>
    Math.floor((i * (size - SAMPLE)) / (SAMPLES - 1)),
  )
  return starts.map((start) => [start, start + SAMPLE])
}

/**
 * SHA-256 in hex of the size as text, a line feed, and the sampled bytes; "" in a browser that cannot
 * hash. Rejects with Unreadable when the source can no longer be read as it was chosen.
 *
 * @param {Blob} source
 * @param {number} size as chosen
 */
export async function fingerprint(source, size) {
  const samples = sampledRanges(size).map(([start, end]) => source.slice(start, end))
  try {
    return await sharedHasher().digest("sha256", [new Blob([`${size}\n`]), ...samples])
  } catch (error) {
    if (error instanceof NoHashing) return ""
    throw error
  }
}
