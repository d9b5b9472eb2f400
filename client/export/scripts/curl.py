"""Uploads and operations for people without this program: a bash script around curl."""

import shlex
from collections.abc import Iterator, Sequence
from itertools import count
from string import Template

from client.api.operations import SINGLE_UPLOAD, multipart_upload
from client.connection.connection import Connection, PersonalAccessToken
from client.export.scripts.replay import SkippedStep, Step, UploadStep
from client.export.scripts.request import header_variables, sends_token, token_kind
from client.storage.plan import UploadPlan
from settings import AMPLIENCE_GRAPHQL_URL, AMPLIENCE_TOKEN_URL

_NEEDS = "bash 4.4, curl 7.76 and python3"
_NEEDS_OF_PARTS = "bash 4.4, curl 7.76, python3, and the usual mktemp, sed, tail, tr and wc"
_HEAD = Template("""\
#!/usr/bin/env bash
# $what
# Needs $needs.$credentials_hint
if [ -z "$${BASH_VERSION:-}" ] || ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then
  echo "This script needs bash 4.4 or newer, and this is $${BASH_VERSION:-another shell}." >&2
  exit 2
fi
set -euo pipefail
shopt -s inherit_errexit

have=$$(curl -q --version || true)
if ! [[ $$have =~ ^curl\\ ([0-9]+)\\.([0-9]+) ]] ||
  ((BASH_REMATCH[1] * 1000 + BASH_REMATCH[2] < 7076)); then
  echo "This script needs curl 7.76 or newer; found: $${have%%$$'\\n'*}" >&2
  exit 2
fi
if ! python3 -I -c 'import json'; then
  echo 'This script needs python3.' >&2
  exit 2
fi

graphql_url=$graphql_url

# Asks by http and nothing else, and prints what is answered; a refusal goes to standard error.
# Nobody's .curlrc is read (-q, which must be first), and a redirect is a failure: nothing that is
# answered can name a local file, an option or another place.
request() {
  local body
  body=$$(curl -q --proto '=https,http' --location --max-redirs 0 --globoff --fail-with-body \\
    --silent --show-error "$$@") || { printf '%s\\n' "$$body" >&2; return 1; }
  printf '%s\\n' "$$body"
}

""")

_READ_FUNCTIONS = """\
# Reads texts out of the JSON on standard input: texts PATTERN path/to/value. Each must be as the
# pattern says; one goes on a line.
texts() {
  python3 -I -c 'import functools, json, re, sys
pattern, path = sys.argv[1:]
answer = sys.stdin.read()
try:
    value = functools.reduce(lambda at, key: at[key], path.split("/"), json.loads(answer))
except (KeyError, TypeError, ValueError):
    sys.exit("The answer has no " + path + ": " + ascii(answer[:500]))
for text in value if isinstance(value, list) else [value]:
    if not isinstance(text, str) or not re.fullmatch(pattern, text):
        sys.exit("The answer has a " + path + " that is not used: " + ascii(text)[:200])
    print(text)
' "$1" "$2"
}

# Reads addresses: http, and nothing that would end a line or a text.
addresses() { texts '(?i:https?)://[!#-\\[\\]-~]+' "$1"; }

"""

_TOKEN = Template("""\
token_url=$token_url
if [ -z "$${ACCESS_TOKEN:-}" ]; then
  : "$${CLIENT_ID:?set it to the OAuth client id}" "$${CLIENT_SECRET:?set it to the secret}"
fi

${read_functions}# An access token for about five minutes. The secret stays off the command line.
access_token() {
  if [ -n "$${ACCESS_TOKEN:-}" ]; then printf %s "$$ACCESS_TOKEN"; return; fi
  request --url "$$token_url" \\
    --data grant_type=client_credentials \\
    --data-urlencode "client_id=$$CLIENT_ID" \\
    --data-urlencode client_secret@<(printf %s "$$CLIENT_SECRET") | texts '[!-~]+' access_token
}
""")

_PAT = Template("""\
: "$${ACCESS_TOKEN:?set it to $token_kind}"

${read_functions}# The token is used as it is.
access_token() {
  printf %s "$$ACCESS_TOKEN"
}
""")

_NO_TOKEN = Template("""\
${read_functions}# No token is sent.
access_token() { :; }
""")

_ASK_FUNCTION = Template("""
# Sends a body to the API. What says who asks goes here and nowhere else: storage refuses it.
ask() {
  local token
  token=$$(access_token)
  request --url "$$graphql_url" \\
    --header 'Content-Type: application/json' \\
$sign_in    --data-binary @- <<<"$$1"
}
""")
_SINGLE = Template("""
upload_$number() {
  file=$name

  # The upload URLs, then the bytes with their content type.
  answer=$$(ask $body)
  url=$$(addresses data/createTempFileUploadUrl/uploadUrl <<<"$$answer")
  request --header 'Content-Type: $content_type' --upload-file "$$file" --url "$$url" >/dev/null

  # Where the file is now.
  addresses data/createTempFileUploadUrl/downloadUrl <<<"$$answer"
}
""")

_PARTS = Template("""
upload_$number() {
  file=$name
  payload=data/createTempFileMultipartUploadUrl
  answer=$$(ask $body)
  urls=$$(addresses "$$payload/uploadPartUrls" <<<"$$answer")
  mapfile -t urls <<<"$$urls"
  complete_url=$$(addresses "$$payload/completeUrl" <<<"$$answer")
  url=$$(addresses "$$payload/downloadUrl" <<<"$$answer")
  work=$$(mktemp -d)
  trap 'rm -r -- "$$work"' EXIT

  # The bytes of each part; the last number holds for all that follow. No content type.
  sizes=($part_sizes)
  xml='<?xml version="1.0" encoding="UTF-8"?>'
  xml+='<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
  size=$$(wc -c <"$$file")
  number=0
  for ((start = 0; start < size; start += bytes)); do
    bytes=$${sizes[number]:-$${sizes[-1]}}
    number=$$((number + 1))
    piece "$$file" "$$start" "$$bytes" >"$$work/part"
    request --retry 5 --dump-header "$$work/headers" \\
      --upload-file "$$work/part" --url "$${urls[number - 1]}" >/dev/null
    etag=$$(sed -n 's/^[Ee][Tt][Aa][Gg]: *//p' "$$work/headers" | tr -d '\\r<>&' | tail -n 1)
    xml+="<Part><PartNumber>$$number</PartNumber><ETag>$$etag</ETag></Part>"
  done
  xml+='</CompleteMultipartUpload>'

  # The part list. Status 200 can still carry an <Error>, so the body is read.
  result=$$(request --header 'Content-Type: application/xml' --data-binary "$$xml" \\
    --url "$$complete_url")
  case $$result in
    *'<Error>'*) printf '%s\\n' "$$result" >&2; exit 1 ;;
  esac

  # Where the file is now. Its first byte proves it (never HEAD: the URL is signed for GET).
  request --range 0-0 --output "$$work/part" --url "$$url" >/dev/null
  printf '%s\\n' "$$url"
}
""")
_PIECE_FUNCTION = """
# Writes bytes of a file to standard output: piece FILE START COUNT.
piece() {
  python3 -I -c 'import sys
start, left = map(int, sys.argv[2:])
with open(sys.argv[1], "rb") as file:
    file.seek(start)
    while left:
        block = file.read(min(left, 1 << 20))
        if not block:
            break
        sys.stdout.buffer.write(block)
        left -= len(block)
' "$1" "$2" "$3"
}
"""
_CALL_UPLOAD = Template("""
# $comment
url_$number=$$(upload_$number)
printf '%s\\n' "$$url_$number"
""")
_CALL_OPERATION = Template("""
# $comment
answer=$$(ask $body)
printf '%s\\n' "$$answer"
""")
_NO_ERRORS = """\
python3 -I -c 'import json, sys; sys.exit(bool(json.load(sys.stdin).get("errors")))' <<<"$answer"
"""
SKIPPED = {
    "masked": "it held a secret or a signed URL, which is masked",
    "signed": "it went to a signed URL",
    "cut": "it was too long to be kept whole",
}
"""Why a request is not in a script, by `SkippedStep.reason`."""


def upload_as_curl(plan: UploadPlan, connection: Connection | None = None) -> str:
    """Return a bash script that sends the same file the same way, from the token on.

    It asks for new URLs, so it holds no signed URL; id and secret, or a token, come from the
    environment, so it holds no secret. The file's name is quoted for the shell.

    Without a connection the addresses are Amplience's.
    """
    what = f"Uploads {plan.name!a} ({plan.size} bytes) and prints its download URL."
    return _script(what, [UploadStep(plan)], connection)


def replay_as_curl(steps: Sequence[Step], connection: Connection | None = None) -> str:
    """Return a bash script that takes the steps; as for `upload_as_curl`.

    It prints the download URL of each upload and the answer to each operation, and ends at the
    first that fails. What cannot be repeated is named in a comment.
    """
    return _script("Makes requests of a log once more.", steps, connection)


def _script(what: str, steps: Sequence[Step], connection: Connection | None) -> str:
    graphql_url = connection.public_url(connection.graphql_url) if connection else None
    plans = [step.plan for step in steps if isinstance(step, UploadStep)]
    in_parts = any(plan.kind == "multipart" for plan in plans)
    needs = _NEEDS_OF_PARTS if in_parts else _NEEDS
    head = script_start(what, connection, graphql_url or AMPLIENCE_GRAPHQL_URL, needs)
    functions = (_upload_function(number, plan) for number, plan in enumerate(plans, 1))
    place = count(1)
    calls = (_call(step, place) for step in steps)
    piece = _PIECE_FUNCTION if in_parts else ""
    ask = _ASK_FUNCTION.substitute(sign_in=sign_in(connection, "    "))
    return "".join((head, _token_function(connection), ask, piece, *functions, *calls))


def script_start(
    what: str, connection: Connection | None, graphql_url: str, needs: str = _NEEDS
) -> str:
    """Return the beginning of a bash script: what it needs, and `request`, which is its curl.

    Args:
        what: a line that says what the script does.
        connection: whose credentials it needs.
        graphql_url: becomes the variable of the same name.
        needs: the programs it runs; the script looks for the first three, and for their versions.
    """
    return _HEAD.substitute(
        what=what,
        needs=needs,
        graphql_url=shlex.quote(graphql_url),
        credentials_hint=credentials_hint(connection),
    )


def _call(step: Step, place: Iterator[int]) -> str:
    if isinstance(step, UploadStep):
        return _CALL_UPLOAD.substitute(comment=ascii(step.plan.name), number=next(place))
    if isinstance(step, SkippedStep):
        return (
            f"\n# Not repeated: {step.method} {_one_word(step.url)} for {_one_word(step.name)}; "
            f"{SKIPPED[step.reason]}.\n"
        )
    pieces = (
        f'"$url_{one + 1}"' if isinstance(one, int) else shlex.quote(one) for one in step.body
    )
    call = _CALL_OPERATION.substitute(comment=_one_word(step.name), body="".join(pieces))
    return call + _NO_ERRORS


def _one_word(text: str) -> str:
    """Return a text for a comment, which no line break of its own can end."""
    return ascii(text)[1:-1]


def credentials_hint(connection: Connection | None) -> str:
    """Return a comment on where the embedded service's credentials are; else nothing."""
    if connection is None or not connection.embedded:
        return ""
    return "\n# CLIENT_ID and CLIENT_SECRET of the embedded service are in oauth-client.json."


def token_step(connection: Connection | None) -> str:
    """Return the part of a script that sets `token`, from what the environment holds."""
    return f"{_token_function(connection)}token=$(access_token)\n"


def sign_in(connection: Connection | None, indent: str) -> str:
    """Return the options of curl that say who asks, a line each; no value is in them."""
    headers = ["'Authorization: Bearer %s' \"$token\""] if sends_token(connection) else []
    headers += [
        f"'%s: %s' {shlex.quote(name)} \"${variable}\""
        for name, variable in header_variables(connection).items()
    ]
    return "".join(f"{indent}--header @<(printf {header}) \\\n" for header in headers)


def _token_function(connection: Connection | None) -> str:
    required = [
        f': "${{{variable}:?set it to the value of its header}}"\n'
        for variable in header_variables(connection).values()
    ]
    return "".join([*required, _access_token(connection)])


def _access_token(connection: Connection | None) -> str:
    if not sends_token(connection):
        return _NO_TOKEN.substitute(read_functions=_READ_FUNCTIONS)
    if connection and isinstance(connection.credentials, PersonalAccessToken):
        return _PAT.substitute(token_kind=token_kind(connection), read_functions=_READ_FUNCTIONS)
    token_url = connection.public_url(connection.token_url) if connection else AMPLIENCE_TOKEN_URL
    return _TOKEN.substitute(token_url=shlex.quote(token_url), read_functions=_READ_FUNCTIONS)


def _upload_function(number: int, plan: UploadPlan) -> str:
    single = plan.kind == "single"
    query = SINGLE_UPLOAD if single else multipart_upload(plan.size, plan.size_field)
    # A name that starts with a dash would be taken for an option.
    path = f"./{plan.name}" if plan.name.startswith("-") else plan.name
    return (_SINGLE if single else _PARTS).substitute(
        number=number,
        name=shlex.quote(path),
        body=shlex.quote(f'{{"query": "{query}"}}'),
        content_type="".join(
            letter for letter in plan.content_type if letter.isalnum() or letter in "/+.-_;= "
        ),
        part_sizes=" ".join(map(str, plan.part_sizes)),
    )
