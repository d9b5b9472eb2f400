// Sizes, times and sentences as people read them.

const SIZE_UNITS = ["bytes", "kB", "MB", "GB"]
const PLURALS = new Intl.PluralRules("en")
const NUMBERS = new Intl.NumberFormat("en")
// Made once: making one takes longer than all that a page draws with it in a second.
const MINUTES = new Intl.DateTimeFormat("en", {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
})

/**
 * Bytes in decimal units, as file managers and the service's documentation count them.
 * @param {number} bytes
 */
export function size(bytes) {
  if (bytes === 1) return "1 byte"
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), SIZE_UNITS.length - 1)
  const value = bytes / 1000 ** power
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} ${SIZE_UNITS[power]}`
}

/**
 * Bytes of a part, in the unit that the limits of parts are set in, unless there are too few for it.
 * @param {number} bytes
 */
export function partSize(bytes) {
  if (bytes < 1024 ** 2 / 10) return size(bytes)
  return `${Number((bytes / 1024 ** 2).toFixed(1))} MiB`
}

/** @param {number} bytesPerSecond */
export function rate(bytesPerSecond) {
  return `${size(bytesPerSecond)}/s`
}

/**
 * Seconds as "8 s", "80 s", "3 min", "1 h" or "1 h 5 min".
 * @param {number} seconds
 */
export function duration(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.ceil(seconds))} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = `${Math.floor(minutes / 60)} h`
  return minutes % 60 ? `${hours} ${minutes % 60} min` : hours
}

/**
 * Whole seconds that have passed, as one counts them: "8 s", "2 min 5 s".
 * @param {number} seconds
 */
export function elapsed(seconds) {
  const whole = Math.floor(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/**
 * Seconds of one try, to the millisecond.
 * @param {number} seconds
 */
export function exactSeconds(seconds) {
  return `${seconds.toFixed(3)} s`
}

/**
 * Local time of day of an epoch time in seconds: "14:05", in every locale, as the server writes it.
 * @param {number} epoch
 */
export function clock(epoch) {
  return MINUTES.format(epoch * 1000)
}

/**
 * Local time of day with milliseconds, to hold against a server's log.
 * @param {number} epoch
 */
export function exactClock(epoch) {
  /** @type {Intl.DateTimeFormatOptions} */
  const digits = {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
  }
  return new Date(epoch * 1000).toLocaleTimeString("en", digits)
}

/**
 * Text without the signs that turn the direction of reading, as Python's `on_one_line` has it.
 * @param {string} text
 */
export function withoutTurns(text) {
  return text.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
}

/**
 * Put values into a sentence such as "{done} of {total} parts"; none of them turns the sentence around.
 * @param {string} template
 * @param {Record<string, unknown>} values
 */
export function sentence(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => withoutTurns(String(values[name] ?? "")))
}

/**
 * The form of a sentence that goes with a number: { one: "1 part", other: "{count} parts" }.
 * @param {Record<string, string>} forms
 * @param {number} count
 * @param {Record<string, unknown>} values
 */
export function counted(forms, count, values = {}) {
  return sentence(forms[PLURALS.select(count)], { count: NUMBERS.format(count), ...values })
}
