// The words of a schema on its types and fields. They are Markdown (GraphQL specification, "Descriptions"):
// what of it is common in schemas is shown as meant, and everything else letter by letter.

import { element } from "./elements.js"

const TURNING = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g // marks that turn the text around (UAX 9, 2)
const FENCE = /^\s*```.*$/
const ITEM = /^\s*[-*+]\s+/
const INLINE = [
  /`(?<code>[^`]+)`/,
  /\*\*(?<strong>[^*]+)\*\*/,
  /(?<![\w*])\*(?<stressed>[^*\s](?:[^*]*[^*\s])?)\*(?![\w*])/,
  /(?<!\w)_(?<underlined>[^_\s](?:[^_]*[^_\s])?)_(?!\w)/,
  /\[(?<words>[^\]]+)\]\((?<address>https?:\/\/[^\s)]+)\)/,
]
const MARKS = new RegExp(INLINE.map(({ source }) => source).join("|"), "g")

/**
 * The elements of a description: paragraphs, lists, and code as it is.
 * @param {string | null | undefined} text
 * @returns {HTMLElement[]}
 */
export function described(text) {
  const blocks = []
  let [lines, fenced] = [[], false]
  const end = () => {
    if (lines.length) blocks.push(fenced ? code(lines) : block(lines))
    lines = []
  }
  for (const line of unturned(text ?? "").split("\n")) {
    if (FENCE.test(line)) {
      end()
      fenced = !fenced
    } else if (fenced) lines.push(line)
    else if (!line.trim()) end()
    else {
      if (lines.length && ITEM.test(line) !== ITEM.test(lines[0]) && ITEM.test(line)) end()
      lines.push(line)
    }
  }
  end()
  return blocks
}

function unturned(text) {
  return text.replace(TURNING, "")
}

/** A line of a description: what stands within a line of its own. */
export function inline(line) {
  const text = unturned(line)
  const parts = []
  let from = 0
  for (const found of text.matchAll(MARKS)) {
    parts.push(text.slice(from, found.index), marked(found.groups))
    from = found.index + found[0].length
  }
  return [...parts, text.slice(from)].filter(Boolean)
}

function marked({ code, strong, stressed, underlined, words, address }) {
  if (code) return element("code", { textContent: code })
  if (strong) return element("strong", { textContent: strong })
  if (stressed || underlined) return element("em", { textContent: stressed ?? underlined })
  const target = { href: address, title: address, target: "_blank", rel: "noopener noreferrer" }
  return element("a", { textContent: words, ...target })
}

function code(lines) {
  return element("pre", { textContent: lines.join("\n") })
}

function block(lines) {
  if (!ITEM.test(lines[0])) return element("p", {}, ...inline(lines.join("\n")))
  const items = []
  for (const line of lines) {
    if (ITEM.test(line) || !items.length) items.push(line.replace(ITEM, ""))
    else items[items.length - 1] += `\n${line.trim()}`
  }
  const rows = items.map((item) => element("li", {}, ...inline(item)))
  return element("ul", { className: "said" }, ...rows)
}
