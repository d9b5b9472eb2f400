// The app's clock. Deadlines are times of its clock, and a browser's may be minutes off.

let ahead = 0 // seconds that the app's clock is ahead of ours

/** Take note of the time (seconds since 1970) in an answer that has just come. */
export function heardTime(seconds) {
  ahead = seconds - Date.now() / 1000
}

/** Seconds since 1970 by the app's clock. */
export function appTime() {
  return Date.now() / 1000 + ahead
}
