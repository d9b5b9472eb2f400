"""The same upload for people without this program: a bash script around curl."""

import shlex
from string import Template

from client.connection import Connection, PersonalAccessToken
from client.operations import SINGLE_UPLOAD, multipart_upload
from client.plan import UploadPlan

AMPLIENCE_GRAPHQL_URL = "https://api.amplience.net/graphql"
AMPLIENCE_TOKEN_URL = "https://auth.amplience.net/oauth/token"  # noqa: S105 - an address

_HEAD = Template("""\
#!/usr/bin/env bash
# Uploads $comment_name ($size bytes) to a temp file and prints its download URL.
# Needs bash, curl and python3.$credentials_hint
set -euo pipefail

file=$name
graphql_url=$graphql_url
""")

_FIELD_FUNCTION = """\
# Reads one value out of the JSON on standard input: field path/to/value
field() {
  python3 -c 'import functools, json, sys
value = functools.reduce(lambda at, key: at[int(key) if key.isdigit() else key],
                         sys.argv[1].split("/"), json.load(sys.stdin))
print(*value if isinstance(value, list) else [value], sep="\\n")' "$1"
}

"""

_TOKEN = Template("""\
token_url=$token_url
: "$${CLIENT_ID:?set it to the OAuth client id}" "$${CLIENT_SECRET:?set it to the secret}"

${field_function}# 1. An access token for about five minutes. The secret stays off the command line.
token=$$(curl --fail-with-body --silent --show-error "$$token_url" \\
  --data grant_type=client_credentials \\
  --data-urlencode "client_id=$$CLIENT_ID" \\
  --data-urlencode client_secret@<(printf %s "$$CLIENT_SECRET") | field access_token)
""")

_PAT = Template("""\
: "$${ACCESS_TOKEN:?set it to a personal access token, amp_pat_...}"

${field_function}# 1. A personal access token is used as it is.
token=$$ACCESS_TOKEN
""")

_ASK = Template("""
# 2. The upload URLs. The bearer token goes here and nowhere else: storage refuses it.
answer=$$(curl --fail-with-body --silent --show-error "$$graphql_url" \\
  --header 'Content-Type: application/json' \\
  --header @<(printf 'Authorization: Bearer %s' "$$token") \\
  --data $body)
""")

_SINGLE = Template("""
# 3. The bytes, with their content type.
curl --globoff --fail-with-body --silent --show-error --header 'Content-Type: $content_type' \\
  --upload-file "$$file" "$$(field data/createTempFileUploadUrl/uploadUrl <<<"$$answer")"

# 4. Where the file is now.
field data/createTempFileUploadUrl/downloadUrl <<<"$$answer"
""")

_PARTS = Template("""
payload=data/createTempFileMultipartUploadUrl
work=$$(mktemp -d)
trap 'rm -r -- "$$work"' EXIT

# 3. The parts: $part_size bytes each, the last one what is left. No content type.
split --bytes=$part_size --numeric-suffixes=1 --suffix-length=5 -- "$$file" "$$work/part-"
mapfile -t urls < <(field "$$payload/uploadPartUrls" <<<"$$answer")
xml='<?xml version="1.0" encoding="UTF-8"?>
<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
number=0
for part in "$$work"/part-*; do
  number=$$((number + 1))
  curl --globoff --fail-with-body --silent --show-error --retry 5 --dump-header "$$work/headers" \\
    --upload-file "$$part" "$${urls[number - 1]}"
  etag=$$(sed -n 's/^[Ee][Tt][Aa][Gg]: *//p' "$$work/headers" | tr -d '\\r' | tail -n 1)
  xml+="<Part><PartNumber>$$number</PartNumber><ETag>$$etag</ETag></Part>"
done
xml+='</CompleteMultipartUpload>'

# 4. The part list. Status 200 can still carry an <Error>, so the body is read.
result=$$(curl --globoff --fail-with-body --silent --show-error \\
  --header 'Content-Type: application/xml' --data-binary "$$xml" \\
  "$$(field "$$payload/completeUrl" <<<"$$answer")")
case $$result in
  *'<Error>'*) printf '%s\\n' "$$result" >&2; exit 1 ;;
esac

# 5. Where the file is now. Its first byte proves it (never HEAD: the URL is signed for GET).
url=$$(field "$$payload/downloadUrl" <<<"$$answer")
curl --globoff --fail-with-body --silent --show-error --range 0-0 --output /dev/null "$$url"
printf '%s\\n' "$$url"
""")


def upload_as_curl(plan: UploadPlan, connection: Connection | None = None) -> str:
    """Return a bash script that sends the same file the same way, from the token on.

    It asks for new URLs, so it holds no signed URL; id and secret come from the environment, so
    it holds no secret. The file's name is quoted for the shell.

    Args:
        plan: the upload to repeat.
        connection: whose addresses to write; None writes Amplience's.
    """
    graphql_url = connection.public_url(connection.graphql_url) if connection else None
    head = _HEAD.substitute(
        comment_name=ascii(plan.name),
        size=plan.size,
        name=shlex.quote(_as_path(plan.name)),
        graphql_url=shlex.quote(graphql_url or AMPLIENCE_GRAPHQL_URL),
        credentials_hint=credentials_hint(connection),
    )
    return head + token_step(connection) + _upload_steps(plan)


def _as_path(name: str) -> str:
    """Keep a name that starts with a dash from being taken for an option."""
    return f"./{name}" if name.startswith("-") else name


def credentials_hint(connection: Connection | None) -> str:
    """Return a comment on where the embedded service's credentials are; else nothing."""
    if connection is None or not connection.embedded:
        return ""
    return "\n# CLIENT_ID and CLIENT_SECRET of the embedded service are in oauth-client.json."


def token_step(connection: Connection | None) -> str:
    """Return the part of a script that sets `token`, from what the environment holds."""
    if connection and isinstance(connection.credentials, PersonalAccessToken):
        return _PAT.substitute(field_function=_FIELD_FUNCTION)
    token_url = connection.public_url(connection.token_url) if connection else AMPLIENCE_TOKEN_URL
    return _TOKEN.substitute(token_url=shlex.quote(token_url), field_function=_FIELD_FUNCTION)


def _upload_steps(plan: UploadPlan) -> str:
    if plan.kind == "single":
        ask, send = SINGLE_UPLOAD, _SINGLE.substitute(content_type=_type_only(plan.content_type))
    else:
        ask = multipart_upload(plan.size, plan.size_field)
        send = _PARTS.substitute(part_size=plan.part_size)
    return _ASK.substitute(body=shlex.quote(f'{{"query": "{ask}"}}')) + send


def _type_only(content_type: str) -> str:
    return "".join(letter for letter in content_type if letter.isalnum() or letter in "/+.-_;= ")
