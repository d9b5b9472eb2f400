// An image that stays on show until a better one, or the next one, is decoded: nothing flickers.

import { element } from "../../temp-file-workbench.toolkit/elements.js"

export class Picture {
  /** @param changed is called when another image is on show, or one could not be had */
  constructor(changed) {
    this.changed = changed
    this.problem = null // "not_shown" or "detail_not_shown"
    this.element = element("img", { className: "layer", alt: "", hidden: true, draggable: false })
    this.urls = []
    this.loading = new Set()
    this.preview = null
  }

  /** Show the last of these URLs that can be had, and each before it until then. */
  show(urls) {
    this.urls = urls
    for (const url of urls) if (!this.loading.has(url) && url !== this.shown) this.load(url)
  }

  async load(url) {
    this.loading.add(url)
    const image = element("img", { src: url, className: "layer", draggable: false })
    try {
      await image.decode()
    } catch (error) {
      if (!(error instanceof DOMException)) throw error
      this.fail(url)
      return
    } finally {
      this.loading.delete(url)
    }
    const rank = this.urls.indexOf(url)
    if (rank === 0) this.preview = image
    if (rank > this.urls.indexOf(this.shown)) this.replace(image, url)
  }

  fail(url) {
    const rank = this.urls.indexOf(url)
    if (rank < 0) return
    this.problem = rank ? "detail_not_shown" : "not_shown"
    this.changed()
  }

  replace(image, url) {
    image.alt = this.element.alt
    image.style.cssText = this.element.style.cssText
    this.element.replaceWith(image)
    this.element = image
    this.shown = url
    this.problem = null
    this.changed()
  }
}
