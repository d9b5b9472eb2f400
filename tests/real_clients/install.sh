#!/bin/sh
# The public clients that `make test-clients` runs: Debian's packages when run as root, and Python
# clients in an environment of their own, so that their versions are not ours.
set -eu
cd "$(dirname "$0")/../.."

clients=.venv/clients
if [ ! -x "$clients/bin/python" ]; then
  .venv/bin/python -m venv "$clients"
fi
"$clients/bin/pip" install --quiet --disable-pip-version-check --require-hashes \
  -r tests/real_clients/python/requirements.txt

missing=
for program in go:golang-go wget:wget rclone:rclone ffmpeg:ffmpeg; do
  command -v "${program%%:*}" >/dev/null || missing="$missing ${program##*:}"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "The clients need:$missing. Please install them." >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of package names
apt-get install -y -qq --no-install-recommends $missing >/dev/null
