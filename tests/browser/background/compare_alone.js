// The page of compare_page.py without Streamlit: the viewer mounted as Streamlit mounts it, what it
// reported, and the levers. What a report changes comes back as data later, as after a run.

// @ts-expect-error: the test serves it there
import mount from "/alone/temp-file-workbench.compare/compare.js"

const SIZES = { wide: [3200, 2400], tall: [1200, 1800] }
const levers = document.querySelector("#levers")
const parent = document.querySelector("#viewer").attachShadow({ mode: "open" })
const style = document.createElement("link")
Object.assign(style, { rel: "stylesheet", href: "/alone/temp-file-workbench.compare/compare.css" })
parent.append(style)
const styled = new Promise((loaded) => style.addEventListener("load", loaded))
const { words, backdrop } = await (await fetch("/alone/given.json")).json()
const state = { strokes: [], heard: 0, asked: 0, cut: "1", picture: "wide", backdrop }

function dataOf({ picture, cut, asked, strokes, backdrop }) {
  const isOn = (name) =>
    /** @type {HTMLInputElement} */ (levers.querySelector(`[name=${name}]`)).checked
  const [width, height] = SIZES[picture]
  const before = `/pictures/${picture}-before`
  const after = `/pictures/${picture}-after-${cut}`
  const full = asked > 0 && !isOn("previews")
  return {
    before,
    after,
    before_full: full ? `${before}?full` : null,
    after_full: full ? `${after}?full` : null,
    width,
    height,
    name: `<b>${picture}</b>.jpg`,
    strokes,
    version: cut,
    brush: !isOn("no-brush"),
    busy: isOn("busy"),
    backdrop_image: isOn("image") ? "/pictures/any-backdrop" : null,
    backdrop,
    words,
  }
}

function setStateValue(name, value) {
  if (name === "strokes") state.heard += 1
  change({ [name]: JSON.parse(JSON.stringify(value)) })
}

function setTriggerValue() {
  change({ asked: state.asked + 1 })
}

function change(values) {
  Object.assign(state, values)
  setTimeout(draw)
}

function draw() {
  const data = JSON.parse(JSON.stringify(dataOf(state)))
  mount({ data, key: "viewer", parentElement: parent, setStateValue, setTriggerValue })
  document.querySelector("pre").textContent = JSON.stringify(state)
}

levers.addEventListener("click", ({ target }) =>
  change({ .../** @type {HTMLElement} */ (target).dataset }),
)
levers.addEventListener("change", () => change({}))
await styled
draw()
