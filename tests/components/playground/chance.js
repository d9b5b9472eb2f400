// Chance that is the same in every run of a seed.

/** A function that returns whole numbers below its argument, and `of` that picks one of a list. */
export function chance(seed) {
  let state = seed >>> 0
  const below = (most) => {
    state = (state + 0x6d2b79f5) >>> 0 // mulberry32
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most
  }
  return Object.assign(below, { of: (list) => list[below(list.length)] })
}
