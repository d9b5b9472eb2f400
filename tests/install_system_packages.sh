#!/bin/sh
# What the tests need beside Python packages: Chromium, curl, the library that Playwright's own node
# is linked with, a Ceph object store, nginx in front of it, and Java. Debian's packages when run as root;
# otherwise Playwright's own Chromium, curl and the library must be there already, and without Ceph
# or nginx the tests that need it say that they were left out.
set -eu
python=$1

missing=
command -v chromium-headless-shell >/dev/null || missing="$missing chromium-headless-shell fonts-dejavu-core"
command -v curl >/dev/null || missing="$missing curl"
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing="$missing nginx-light"
command -v java >/dev/null || missing="$missing default-jdk-headless"
[ -n "$(find /usr/lib /usr/lib64 -name 'libatomic.so.1*' 2>/dev/null)" ] || missing="$missing libatomic1"
for program in radosgw radosgw-admin ceph ceph-mon ceph-osd monmaptool; do
  command -v "$program" >/dev/null || { missing="$missing radosgw ceph-mon ceph-osd ceph-common"; break; }
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # shellcheck disable=SC2086 # a list of package names
  apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
  command -v curl >/dev/null || { echo "The tests need curl; please install it." >&2; exit 1; }
  command -v chromium-headless-shell >/dev/null || "$python" -m playwright install chromium
fi
