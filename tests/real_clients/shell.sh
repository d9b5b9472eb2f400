#!/bin/sh
# Programs of the command line: each puts FILE at UPLOAD_URL and writes what comes back to BACK.
set -eu
case $1 in
  wget)
    wget --no-config --quiet --method=PUT --body-file="$FILE" --header="Content-Type: $TYPE" \
      --output-document=/dev/null "$UPLOAD_URL"
    wget --no-config --quiet --output-document="$BACK" "$DOWNLOAD_URL"
    ;;
  httpie)
    http --ignore-stdin --check-status --quiet PUT "$UPLOAD_URL" "Content-Type:$TYPE" "@$FILE"
    http --ignore-stdin --check-status --body --download --output "$BACK" "$DOWNLOAD_URL"
    ;;
  rclone) # it takes what a link gives, and cannot send to one
    curl -q --fail --silent --show-error --header "Content-Type: $TYPE" --upload-file "$FILE" \
      "$UPLOAD_URL"
    rclone --config="" copyurl "$DOWNLOAD_URL" "$BACK"
    ;;
esac
