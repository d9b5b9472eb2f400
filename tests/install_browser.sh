#!/bin/sh
# What the tests need beside Python packages: Chromium, curl, and the library that Playwright's own
# node is linked with. Debian's packages when run as root; otherwise Playwright's own Chromium, and
# the rest must be there already.
set -eu
python=$1

missing=
command -v chromium >/dev/null || missing="$missing chromium fonts-dejavu-core"
command -v curl >/dev/null || missing="$missing curl"
[ -n "$(find /usr/lib /usr/lib64 -name 'libatomic.so.1*' 2>/dev/null)" ] || missing="$missing libatomic1"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # shellcheck disable=SC2086 # a list of package names
  apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
  command -v curl >/dev/null || { echo "The tests need curl; please install it." >&2; exit 1; }
  "$python" -m playwright install chromium
fi
