#!/bin/sh
# A token, an upload URL, the file, and the file back: by curl, which offers h2c on plain http.
set -eu
field() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"; }
curl() { command curl -q --http2 --globoff --fail-with-body --silent --show-error "$@"; }

token=$(curl "$TOKEN_URL" --data grant_type=client_credentials \
  --data-urlencode "client_id=$CLIENT_ID" --data-urlencode "client_secret=$CLIENT_SECRET" |
  field access_token)
answer=$(curl "$GRAPHQL_URL" --json "$BODY" --header "Authorization: Bearer $token")
curl --header 'Content-Type: video/mp4' --upload-file "$FILE" \
  "$(echo "$answer" | field uploadUrl)"
curl --output "$BACK" "$(echo "$answer" | field downloadUrl)"
