#!/bin/sh
# What the benchmarks compare with: nginx (its DAV module) and curl as Debian packages, moto in a
# virtual environment of its own, OpenCV in a folder. Ceph comes with what the tests need.
set -eu
cd "$(dirname "$0")/.."

peers=.venv/peers
if [ ! -x "$peers/bin/moto_server" ]; then
  .venv/bin/python -m venv "$peers"
  "$peers/bin/pip" install --quiet --disable-pip-version-check "moto[server]==5.2.5"
fi
if [ ! -d "$peers/opencv/cv2" ]; then
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
    --target "$peers/opencv" "opencv-python-headless==5.0.0.93"
fi

missing=
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing="$missing nginx-light"
command -v curl >/dev/null || missing="$missing curl"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "The benchmarks need:$missing. Please install them." >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of package names
apt-get install -y -qq --no-install-recommends $missing >/dev/null
