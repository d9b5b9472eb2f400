#!/bin/sh
# The browsers that `make test-browsers` drives, a screen for them and its clipboard: Debian's packages
# when run as root.
set -eu
missing=
for program in firefox-esr:firefox-esr WebKitWebDriver:webkit2gtk-driver Xvfb:xvfb xclip:xclip; do
  command -v "${program%%:*}" >/dev/null || missing="$missing ${program##*:}"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "The tests of other browsers need:$missing. Please install them." >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of package names
apt-get install -y -qq --no-install-recommends $missing >/dev/null
