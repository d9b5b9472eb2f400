// Making elements. What schemas, servers and people say only ever becomes text, never markup.

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}

export function button(text, act, properties = {}) {
  const made = element("button", { type: "button", textContent: text, ...properties })
  made.addEventListener("click", act)
  return made
}

/** Set a text only where it differs, so that nothing is laid out or read out again. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text
}

/** A sentence with its places filled: "Line {line}" and {line: 3} make "Line 3". */
export function sentence(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place)
}
