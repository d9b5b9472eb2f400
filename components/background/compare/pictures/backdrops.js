// What the cut-out is looked at on: the choice, and the paint behind the picture.

import { element } from "../../temp-file-workbench.toolkit/elements.js"
import { Chips } from "../chips.js"

const FILLS = {
  white: () => "#ffffff",
  black: () => "#000000",
  colour: ({ colour }) => colour,
  gradient: ({ colour, second_colour }) => `linear-gradient(${colour}, ${second_colour})`,
}

/** @typedef {{ kind: string, colour?: string, second_colour?: string }} Chosen */

/** The chips and the colour inputs that belong to two of them. */
export class BackdropChoice {
  /**
   * @param {Record<string, any>} words
   * @param {Chosen} chosen
   * @param {() => void} paint is called while a colour is being chosen
   * @param {(chosen: Chosen) => void} report is called once it is
   */
  constructor(words, chosen, paint, report) {
    this.words = words
    this.chosen = chosen
    this.paint = paint
    this.report = report
    this.chips = new Chips("backdrop", words.backdrop, words.backdrops, (kind) => this.choose(kind))
    for (const kind of Object.keys(words.backdrops)) this.chips.decorate(kind, `swatch ${kind}`)
    this.first = this.colourInput("colour")
    this.second = this.colourInput("second_colour")
    this.second.ariaLabel = words.gradient_bottom
    this.element = this.chips.element
    this.element.append(element("span", { className: "colours" }, this.first, this.second))
    this.update()
  }

  colourInput(field) {
    const input = element("input", { type: "color", value: this.chosen[field] })
    input.addEventListener("input", () => this.take({ [field]: input.value }))
    input.addEventListener("change", () => this.report(this.chosen))
    return input
  }

  choose(kind) {
    this.take({ kind })
    this.report(this.chosen)
  }

  take(changes) {
    this.chosen = { ...this.chosen, ...changes }
    this.update()
    this.paint()
  }

  /** An image is a choice while there is one; one that was just added is wanted at once. */
  offerImage(url) {
    const added = this.image === null && url !== null
    this.image = url
    this.chips.setHidden("image", url === null)
    if (added) this.choose("image")
    else if (url === null && this.chosen.kind === "image") this.choose("checkerboard")
  }

  update() {
    const { kind, colour, second_colour } = this.chosen
    const { words } = this
    this.chips.select(kind)
    this.first.hidden = kind !== "colour" && kind !== "gradient"
    this.second.hidden = kind !== "gradient"
    this.first.ariaLabel = kind === "gradient" ? words.gradient_top : words.colour
    this.element.style.setProperty("--first", colour)
    this.element.style.setProperty("--second", second_colour)
  }
}

/** What is painted behind the cut-out, as large as the picture. */
export class Backdrop {
  constructor() {
    this.image = element("img", { alt: "", hidden: true, draggable: false })
    this.element = element("div", { className: "ground" }, this.image)
  }

  /**
   * @param {Chosen} chosen
   * @param {Record<string, string | null>} sources URLs of the kinds that are pictures: image and blur
   */
  show(chosen, sources) {
    const source = sources[chosen.kind]
    this.element.dataset.kind = chosen.kind
    this.element.style.background = FILLS[chosen.kind]?.(chosen) ?? ""
    this.image.hidden = !source
    if (source && this.image.getAttribute("src") !== source) this.image.src = source
  }

  place({ x, y, width, height }) {
    Object.assign(this.element.style, {
      left: `${x}px`,
      top: `${y}px`,
      width: `${width}px`,
      height: `${height}px`,
    })
    this.element.style.setProperty("--blur", `${Math.max(width, height) * 0.02}px`)
  }
}
