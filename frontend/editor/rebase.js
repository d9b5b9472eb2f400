// Two texts were made of one: what was typed meanwhile, and what Python made of what it knew. Both
// changes are kept.

import { ChangeSet, Text } from "@codemirror/state"

const MOST_COMPARED = 4_000_000 // words of one times words of the other
const WORD = /[\p{L}\p{N}_]+|\s|[\s\S]/gu

/** The changes that bring to `mine`, made of `base`, what `theirs`, made of `base` too, has anew. */
export function rebased(base, theirs, mine) {
  const changed = (text) => ChangeSet.of(changesBetween(base, text), base.length)
  return changed(theirs).map(changed(mine))
}

/** A text with such changes made. */
export function applied(changes, text) {
  return changes.apply(Text.of(text.split("\n"))).toString()
}

/** What turns one text into another, as `{from, to, insert}`: few and short changes. */
export function changesBetween(old, text) {
  const [was, is] = [wordsOf(old), wordsOf(text)]
  const [head, tail] = commonEnds(was, is)
  const middle = [was.slice(head, was.length - tail), is.slice(head, is.length - tail)]
  const from = lengthOf(was.slice(0, head))
  return pairs(...middle).map(([gone, put, at]) => trimmed(gone, put, from + at))
}

/** Replaced words as `[gone, put, at]`. */
function pairs(was, is) {
  const same = was.length * is.length <= MOST_COMPARED ? longestCommon(was, is) : []
  const found = []
  let [at, i, j] = [0, 0, 0]
  for (const [nextI, nextJ] of [...same, [was.length, is.length]]) {
    const [gone, put] = [was.slice(i, nextI).join(""), is.slice(j, nextJ).join("")]
    if (gone || put) found.push([gone, put, at])
    at += gone.length + (was[nextI]?.length ?? 0)
    ;[i, j] = [nextI + 1, nextJ + 1]
  }
  return found
}

/** The places of the longest row of words that both have. */
function longestCommon(was, is) {
  const width = is.length + 1
  const lengths = new Uint32Array((was.length + 1) * width)
  for (let i = was.length - 1; i >= 0; i--)
    for (let j = is.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        was[i] === is[j]
          ? lengths[(i + 1) * width + j + 1] + 1
          : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
  const found = []
  for (let i = 0, j = 0; i < was.length && j < is.length; ) {
    if (was[i] === is[j]) found.push([i++, j++])
    else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) i++
    else j++
  }
  return found
}

/** Of two words that replace each other only the letters that differ. */
function trimmed(gone, put, at) {
  const [old, text] = [[...gone], [...put]]
  const [head, tail] = commonEnds(old, text)
  const from = at + lengthOf(old.slice(0, head))
  const left = old.slice(head, old.length - tail)
  return { from, to: from + lengthOf(left), insert: text.slice(head, text.length - tail).join("") }
}

/** How much is the same at the beginning and at the end of two texts or lists. */
export function commonEnds(one, other) {
  const most = Math.min(one.length, other.length)
  let head = 0
  while (head < most && one[head] === other[head]) head++
  let tail = 0
  while (tail < most - head && one.at(-1 - tail) === other.at(-1 - tail)) tail++
  return [head, tail]
}

function wordsOf(text) {
  return text.match(WORD) ?? []
}

function lengthOf(words) {
  return words.reduce((sum, { length }) => sum + length, 0)
}
