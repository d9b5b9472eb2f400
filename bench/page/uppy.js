// Uppy as it comes: the files given to the page's input go to URLs that it was handed before.
// Bundled and opened by uppy.py.

import AwsS3 from "@uppy/aws-s3"
import Uppy from "@uppy/core"
import { inParts } from "../../tests/real_clients/page/in_parts.js"

const input = document.querySelector("input")
const list = document.querySelector("ul")

/** @param limit how many requests at once; undefined: as many as Uppy likes */
window.sendInParts = ({ limit, ...upload }) => {
  sendWith({ ...inParts(upload), ...(limit ? { limit } : {}) })
}

/** @param urls for one file each */
window.sendWhole = (urls) => {
  const left = [...urls]
  const getUploadParameters = () => ({ method: "PUT", url: left.shift() })
  sendWith({ shouldUseMultipart: false, getUploadParameters })
}

function sendWith(options) {
  const uppy = new Uppy().use(AwsS3, options)
  const shown = new Map()
  uppy.on("file-added", ({ id, name }) => {
    const line = document.createElement("li")
    line.textContent = name
    shown.set(id, line)
    list.append(line)
  })
  uppy.on("upload-success", ({ id }) => {
    shown.get(id).dataset.state = "done"
  })
  uppy.on("upload-error", ({ id }, error) => {
    shown.get(id).textContent += `: ${error.message}`
    shown.get(id).dataset.state = "failed"
  })
  input.addEventListener("change", () => {
    uppy.addFiles([...input.files].map((data) => ({ name: data.name, type: data.type, data })))
    uppy.upload()
  })
}
