// Uppy as it comes: the files given to the page's input go to URLs that it was handed before.
// Bundled and opened by uppy.py.

import AwsS3 from "@uppy/aws-s3"
import Uppy from "@uppy/core"
import Dashboard from "@uppy/dashboard"
import "@uppy/dashboard/css/style.min.css"
import { inParts } from "../../tests/real_clients/page/in_parts.js"

const input = document.querySelector("#files")
const list = document.querySelector("#shown")

/** @param limit how many requests at once; undefined: as many as Uppy likes */
window.sendInParts = ({ limit, ...upload }) => {
  sendWith({ ...inParts(upload), ...(limit ? { limit } : {}) })
}

/**
 * @param urls for one file each
 * @param withDashboard whether people see Uppy's own list of the files; its previews of pictures are off
 */
window.sendWhole = (urls, withDashboard) => {
  const left = [...urls]
  const getUploadParameters = () => ({ method: "PUT", url: left.shift() })
  const uppy = sendWith({ shouldUseMultipart: false, getUploadParameters })
  if (withDashboard)
    uppy.use(Dashboard, { inline: true, target: "body", disableThumbnailGenerator: true })
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
  return uppy
}
