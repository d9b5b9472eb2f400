"""One operation, or the upload of a whole file, as a PowerShell 7 script."""

import re
from string import Template

from client.api.operations import SINGLE_UPLOAD, multipart_upload
from client.connection.connection import Connection, PersonalAccessToken
from client.export.scripts.request import SnippetRequest, header_variables, sends_token, token_kind
from client.storage.plan import UploadPlan
from settings import AMPLIENCE_GRAPHQL_URL, AMPLIENCE_TOKEN_URL

# PowerShell ends a string in single quotes at typographic ones as well.
_QUOTES = re.compile("(['\u2018\u2019\u201a\u201b])")

_HEAD = Template("""\
#Requires -Version 7.4
# $purpose$credentials_hint
Set-StrictMode -Version Latest
$$ErrorActionPreference = 'Stop'
$$ProgressPreference = 'SilentlyContinue'
# What a profile sets for all requests, such as a file for their answers, does not count here.
$$PSDefaultParameterValues = @{}

$$graphqlUrl = $graphql_url
""")

_TOKEN = Template("""\
if (-not $$env:CLIENT_ID -or -not $$env:CLIENT_SECRET) {
    throw 'Set CLIENT_ID and CLIENT_SECRET in the environment to the OAuth client id and secret.'
}
# 1. An access token for about five minutes.
$$granted = Invoke-RestMethod -Method Post -Uri $token_url -MaximumRedirection 0 -Body @{
    grant_type    = 'client_credentials'
    client_id     = $$env:CLIENT_ID
    client_secret = $$env:CLIENT_SECRET
}
$$token = $$granted.access_token
""")

_PAT = Template("""\
if (-not $$env:ACCESS_TOKEN) { throw 'Set ACCESS_TOKEN to $token_kind' }
# 1. The token is used as it is.
$$token = $$env:ACCESS_TOKEN
""")

_OPERATION = Template("""
# 2. The operation. What says who asks goes here and nowhere else: storage refuses it.
$$body = @'
$body
'@
$$answer = Invoke-WebRequest -Method Post -Uri $$graphqlUrl -Body $$body -SkipHttpErrorCheck `
    -MaximumRedirection 0 -ContentType 'application/json' `
    -Headers $headers
$$answer.Content
# Status 200 can still carry errors.
$$content = $$answer.Content | ConvertFrom-Json -AsHashtable
if ($$answer.StatusCode -ge 400 -or $$content['errors']) { exit 1 }
""")

_ASK = Template("""\
$$file = $name

# 2. The upload URLs. What says who asks goes here and nowhere else: storage refuses it.
$$body = @'
{"query": "$query"}
'@
$$answer = Invoke-RestMethod -Method Post -Uri $$graphqlUrl -Body $$body `
    -MaximumRedirection 0 -ContentType 'application/json' `
    -Headers $headers
$$urls = $$answer.data.$operation

# The answer chooses the addresses: nothing is asked but http, and no redirect is followed.
function Get-Address([string] $$Text) {
    if ($$Text -notmatch '\\Ahttps?://[!#-\\[\\]-~]+\\z') { throw "Not an address to use: $$Text" }
    $$Text
}
""")

_SINGLE = Template("""
# 3. The bytes, with their content type.
$$null = Invoke-WebRequest -Method Put -Uri (Get-Address $$urls.uploadUrl) `
    -MaximumRedirection 0 -ContentType $content_type `
    -Body ([IO.File]::ReadAllBytes((Resolve-Path -LiteralPath $$file)))

# 4. Where the file is now.
Get-Address $$urls.downloadUrl
""")

_PARTS = Template("""
# 3. The parts: $part_size bytes each, the last one what is left.
$$buffer = [byte[]]::new($part_size)
$$xml = '<?xml version="1.0" encoding="UTF-8"?>' +
    '<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
$$stream = [IO.File]::OpenRead((Resolve-Path -LiteralPath $$file))
try {
    $$number = 0
    while (($$length = $$stream.ReadAtLeast($$buffer, $$buffer.Length, $$false)) -gt 0) {
        $$part = if ($$length -eq $$buffer.Length) { $$buffer } else { $$buffer[0..($$length - 1)] }
        $$put = Invoke-WebRequest -Method Put -Uri (Get-Address $$urls.uploadPartUrls[$$number]) `
            -MaximumRedirection 0 -Body ([byte[]]$$part) -MaximumRetryCount 4 -RetryIntervalSec 2
        $$number++
        $$etag = [Security.SecurityElement]::Escape("$$($$put.Headers['ETag'])")
        $$xml += "<Part><PartNumber>$$number</PartNumber><ETag>$$etag</ETag></Part>"
    }
}
finally { $$stream.Dispose() }
$$xml += '</CompleteMultipartUpload>'

# 4. The part list. Status 200 can still carry an <Error>, so the body is read.
$$result = Invoke-WebRequest -Method Post -Uri (Get-Address $$urls.completeUrl) -Body $$xml `
    -MaximumRedirection 0 -ContentType 'application/xml'
$$text = [Text.Encoding]::UTF8.GetString($$result.RawContentStream.ToArray())
if ($$text.Contains('<Error>')) { throw $$text }

# 5. Where the file is now. Its first byte proves it (never HEAD: the URL is signed for GET).
$$url = Get-Address $$urls.downloadUrl
$$null = Invoke-WebRequest -Uri $$url -MaximumRedirection 0 -Headers @{ Range = 'bytes=0-0' }
$$url
""")


def operation_as_powershell(request: SnippetRequest, connection: Connection | None = None) -> str:
    """Return a script that runs the operation; id and secret come from the environment."""
    head = _HEAD.substitute(
        purpose=f"Runs {request.title} and prints the answer.",
        credentials_hint=_hint(connection),
        graphql_url=_quoted(request.graphql_url),
    )
    token = _token_step(connection, request.token_url)
    operation = _OPERATION.substitute(body=request.body, headers=_headers(connection))
    return head + token + operation


def upload_as_powershell(plan: UploadPlan, connection: Connection | None = None) -> str:
    """Return a script that sends a file as the plan says, from the token on.

    It asks for new URLs, so it holds no signed URL; id and secret come from the environment.
    """
    graphql_url, token_url = AMPLIENCE_GRAPHQL_URL, AMPLIENCE_TOKEN_URL
    if connection:
        graphql_url = connection.public_url(connection.graphql_url)
        token_url = connection.public_url(connection.token_url)
    head = _HEAD.substitute(
        purpose=f"Uploads a file of {plan.size} bytes to a temp file; prints its download URL.",
        credentials_hint=_hint(connection),
        graphql_url=_quoted(graphql_url),
    )
    single = plan.kind == "single"
    ask = _ASK.substitute(
        name=_quoted(plan.name),
        headers=_headers(connection),
        query=SINGLE_UPLOAD if single else multipart_upload(plan.size, plan.size_field),
        operation="createTempFileUploadUrl" if single else "createTempFileMultipartUploadUrl",
    )
    send = (
        _SINGLE.substitute(content_type=_quoted(plan.content_type))
        if single
        else _PARTS.substitute(part_size=plan.part_sizes[0])
    )
    return head + _token_step(connection, token_url) + ask + send


def _hint(connection: Connection | None) -> str:
    if connection is None or not connection.embedded:
        return ""
    return "\n# CLIENT_ID and CLIENT_SECRET of the embedded service are in oauth-client.json."


def _headers(connection: Connection | None) -> str:
    """Return a table of the headers that say who asks; no value is in it."""
    entries = ['Authorization = "Bearer $token"'] if sends_token(connection) else []
    entries += [
        f"{_quoted(name)} = $env:{variable}"
        for name, variable in header_variables(connection).items()
    ]
    return f"@{{ {'; '.join(entries)} }}"


def _token_step(connection: Connection | None, token_url: str) -> str:
    required = [
        f"if (-not $env:{variable}) {{ throw 'Set {variable} to the value of its header' }}\n"
        for variable in header_variables(connection).values()
    ]
    return "".join([*required, _token(connection, token_url)])


def _token(connection: Connection | None, token_url: str) -> str:
    if not sends_token(connection):
        return "# 1. No token is sent.\n"
    if connection and isinstance(connection.credentials, PersonalAccessToken):
        return _PAT.substitute(token_kind=token_kind(connection))
    return _TOKEN.substitute(token_url=_quoted(token_url))


def _quoted(text: str) -> str:
    """Return a text in PowerShell's single quotes, in which nothing is expanded."""
    return "'" + _QUOTES.sub(r"\1\1", text) + "'"
