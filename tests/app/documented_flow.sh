#!/usr/bin/env bash
# The documented multipart flow, typed as in the service's documentation: token, mutation,
# split -b 5M, a PUT per part, the CompleteMultipartUpload XML, GET.
#
#   documented_flow.sh BASE_URL CLIENT_ID CLIENT_SECRET FILE OUT
set -euo pipefail
base=$1 client_id=$2 client_secret=$3 file=$4 out=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

field() { python3 -c 'import json, sys; print(eval("json.load(sys.stdin)" + sys.argv[1]))' "$1"; }

token=$(curl --silent --show-error --fail "$base/oauth/token" \
  --data-urlencode grant_type=client_credentials \
  --data-urlencode "client_id=$client_id" \
  --data-urlencode "client_secret=$client_secret" | field '["access_token"]')

curl --silent --show-error --fail "$base/graphql" \
  --header "Authorization: Bearer $token" --header 'Content-Type: application/json' \
  --data "{\"query\": \"mutation CreateMultipartUploadUrl { createTempFileMultipartUploadUrl(input: { filesize: $(stat -c %s "$file") }) { downloadUrl completeUrl uploadPartUrls minPartSize maxPartSize } }\"}" \
  >"$work/answer.json"
answer='["data"]["createTempFileMultipartUploadUrl"]'

split -b 5M -d -a 3 "$file" "$work/part"
{
  echo '<?xml version="1.0" encoding="UTF-8"?>'
  echo '<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
  number=0
  for part in "$work"/part*; do
    url=$(field "$answer[\"uploadPartUrls\"][$number]" <"$work/answer.json")
    number=$((number + 1))
    etag=$(curl --silent --show-error --fail --upload-file "$part" --dump-header - --output /dev/null "$url" |
      sed -n 's/^etag: *//Ip' | tr -d '\r')
    echo "  <Part><PartNumber>$number</PartNumber><ETag>$etag</ETag></Part>"
  done
  echo '</CompleteMultipartUpload>'
} >"$work/complete.xml"

curl --silent --show-error --fail --request POST --header 'Content-Type: application/xml' \
  --data-binary "@$work/complete.xml" "$(field "$answer[\"completeUrl\"]" <"$work/answer.json")"
curl --silent --show-error --fail --output "$out" "$(field "$answer[\"downloadUrl\"]" <"$work/answer.json")"
