// Sizes, times and sentences as people read them.

const SIZE_UNITS = ["bytes", "kB", "MB", "GB"]

/** Bytes in decimal units, as file managers and the service's documentation count them. */
export function size(bytes) {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), SIZE_UNITS.length - 1)
  const value = bytes / 1000 ** power
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} ${SIZE_UNITS[power]}`
}

/** Bytes of a part, in the unit that the limits of parts are set in. */
export function partSize(bytes) {
  return `${Number((bytes / 1024 ** 2).toFixed(1))} MiB`
}

export function rate(bytesPerSecond) {
  return `${size(bytesPerSecond)}/s`
}

/** Seconds as "8 s", "3 min", "1 h" or "1 h 5 min". */
export function duration(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.ceil(seconds))} s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = `${Math.floor(minutes / 60)} h`
  return minutes % 60 ? `${hours} ${minutes % 60} min` : hours
}

/** Put values into a sentence such as "{done} of {total} parts". */
export function sentence(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "")
}
