// Written by `make frontend` from client/wire/retry.json, where changes belong. Times are seconds.

export const RETRY = {
  "statuses": [408, 429],
  "everyStatusFrom": 500,
  "neverStatuses": [507],
  "storageCodes": ["RequestTimeout", "SlowDown", "InternalError", "ServiceUnavailable"],
  "mutationStatuses": [429, 502, 503, 504],
  "awayStatuses": [502, 503, 504],
  "firstDelay": 0.5,
  "longestDelay": 20,
  "tries": 5,
  "pageTries": 6,
  "pagePatience": 60
}
