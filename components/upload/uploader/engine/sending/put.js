// One PUT of some bytes to a presigned URL or to the relay.

import { Silence } from "./silence.js"

/**
 * What came of a PUT. `status` is 0 when no answer came, and `code` is the store's own error code, the
 * relay's, or one of "network", "stalled", "unanswered" (see `Silence`), "stopped" and "unreadable" (the
 * file changed or is gone).
 *
 * @typedef {object} Outcome
 * @property {number} status
 * @property {string | null} etag
 * @property {string} code
 * @property {string} message
 * @property {number} retryAfter seconds
 * @property {string} requestId
 * @property {number} seconds
 * @property {number} started milliseconds since 1970
 *
 * @typedef {Omit<Outcome, "seconds" | "started">} Answer
 *
 * @typedef {object} Sending
 * @property {Record<string, string>} headers
 * @property {(bytes: number) => void} onProgress called with the bytes that are out; all of them, once only the answer is missing
 * @property {AbortSignal} signal
 *
 * @typedef {(url: string, blob: Blob, sending: Sending) => Promise<Outcome>} Put
 */

const BUFFERED = 65_536 // bytes that a system takes at once, whatever the line carries

/**
 * PUT a blob and report on it; never rejects.
 * @type {Put}
 */
export function put(url, blob, { headers, onProgress, signal }) {
  const request = new XMLHttpRequest()
  const started = Date.now()
  const clock = performance.now()
  return new Promise((resolve) => {
    const silence = new Silence(() => request.abort())
    /** @param {Answer} answer */
    const end = (answer) => {
      silence.stop()
      signal.removeEventListener("abort", stop)
      resolve({ ...answer, started, seconds: (performance.now() - clock) / 1000 })
    }
    const stop = () => request.abort()
    signal.addEventListener("abort", stop)
    /** @param {number} bytes */
    const out = (bytes) => {
      if (bytes < blob.size) silence.moved()
      else silence.out()
      onProgress(bytes)
    }
    if (blob.size > BUFFERED) {
      request.upload.onprogress = ({ loaded }) => out(loaded)
      request.upload.onload = () => out(blob.size)
    }
    request.onload = () => end(answerOf(request))
    request.onabort = () => end(noAnswer(silence.code || "stopped"))
    request.onerror = async () => end(noAnswer((await isReadable(blob)) ? "network" : "unreadable"))
    request.open("PUT", url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.send(blob)
    if (blob.size <= BUFFERED) out(blob.size)
    if (signal.aborted) stop()
  })
}

/**
 * @param {XMLHttpRequest} request
 * @returns {Answer}
 */
function answerOf(request) {
  const headers = readableHeaders(request)
  const error = request.status === 200 ? {} : errorIn(request, headers)
  return {
    status: request.status,
    etag: headers.get("etag"),
    retryAfter: Number(headers.get("retry-after")) || 0,
    requestId: headers.get("x-amz-request-id") ?? error.requestId ?? "",
    code: error.code ?? "",
    message: error.message ?? "",
  }
}

/**
 * Asked for one by name, a browser complains of every header that the store does not expose.
 * @param {XMLHttpRequest} request
 */
function readableHeaders(request) {
  const lines = request.getAllResponseHeaders().split("\r\n").filter(Boolean)
  const headers = new Headers()
  for (const line of lines)
    headers.append(line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1))
  return headers
}

/**
 * What there is to say where no answer came.
 * @param {string} code
 * @returns {Outcome}
 */
export function noAnswer(code) {
  return {
    status: 0,
    etag: null,
    retryAfter: 0,
    requestId: "",
    code,
    message: "",
    seconds: 0,
    started: 0,
  }
}

/** @typedef {{ code?: string, message?: string, requestId?: string }} ErrorBody */

/**
 * Stores answer in XML, the relay and the gate before it in JSON.
 * @param {XMLHttpRequest} request
 * @param {Headers} headers
 */
function errorIn(request, headers) {
  const isJson = headers.get("content-type")?.startsWith("application/json")
  return isJson ? ownError(request.responseText) : storageError(request.responseText)
}

/**
 * @param {string} body
 * @returns {ErrorBody}
 */
function ownError(body) {
  try {
    const { error, message } = Object(JSON.parse(body))
    return { code: String(error ?? ""), message: String(message ?? "") }
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

/**
 * @param {string} body
 * @returns {ErrorBody}
 */
function storageError(body) {
  const xml = new DOMParser().parseFromString(body, "application/xml")
  const text = (/** @type {string} */ name) =>
    xml.querySelector(`Error > ${name}`)?.textContent ?? undefined
  return { code: text("Code"), message: text("Message"), requestId: text("RequestId") }
}

/**
 * A file that changed on disk, or is gone, can no longer be read; the network is not to blame.
 * @param {Blob} blob
 */
async function isReadable(blob) {
  try {
    await blob.slice(0, 1).arrayBuffer()
    return true
  } catch (error) {
    if (error instanceof DOMException) return false
    throw error
  }
}
