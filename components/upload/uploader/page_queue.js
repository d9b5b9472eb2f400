// The one queue of this page load: a module is loaded once, whichever component asks for it first.

import { Clock } from "./engine/clock.js"
import { held } from "./engine/page_load.js"
import { put } from "./engine/sending/put.js"
import { Queue } from "./engine/queue.js"

export const queue = new Queue({
  put,
  fetch: (request, options) => fetch(request, options),
  sendBeacon: (url, body) => navigator.sendBeacon(url, body),
  clock: new Clock(),
})
held.queue = queue
