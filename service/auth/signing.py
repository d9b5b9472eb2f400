"""AWS Signature Version 4 in the query string: the one signer and the one verifier.

Source: "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)" of the S3 API
reference. The payload is never signed (`UNSIGNED-PAYLOAD`), the host always is, so a URL holds
for one method, path, query and host name.
"""

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import SplitResult, quote, unquote, urlsplit

from service import errors
from settings import compared_host

ALGORITHM = "AWS4-HMAC-SHA256"
PAYLOAD = "UNSIGNED-PAYLOAD"
LONGEST_LIFETIME = 604_800  # seconds; AWS: seven days
ALLOWED_SKEW = 900  # seconds a signature may lie in the future; AWS: 15 minutes
DATE_FORMAT = "%Y%m%dT%H%M%SZ"
PARAMETERS = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
)

Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class SigningKey:
    """An access key of one store."""

    key_id: str
    secret: str = field(repr=False)
    region: str = "local"


@dataclass(frozen=True)
class SignedRequest:
    """What a signature covers, as it came over the wire; header names are lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Grant:
    """What a valid signature allows: the operation's own parameters, until `expires` (epoch)."""

    parameters: Mapping[str, str]
    expires: float


class UrlSigner:
    """Signs URLs for one store.

    The day's signing key is derived once, so that signing 410 part URLs takes a few ms.
    """

    def __init__(
        self, key: SigningKey, base_url: str, lifetime: int, clock: Callable[[], float] = time.time
    ) -> None:
        """Sign for `base_url` (scheme and host) with URLs that live `lifetime` seconds."""
        self._key = key
        self._base_url = base_url
        self._host = urlsplit(base_url).netloc
        self.lifetime = lifetime
        self._clock = clock

    def sign(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Return an absolute URL that allows `method` on `path` with exactly these parameters.

        Args:
            method: the HTTP method.
            path: the path, percent-encoded where it must be.
            parameters: the operation's own query parameters.
            headers: lower-case names and values that the request must then have, beside the host.
        """
        moment = datetime.fromtimestamp(self._clock(), UTC)
        scope = f"{moment:%Y%m%d}/{self._key.region}/s3/aws4_request"
        signed = sorted({"host": self._host, **(headers or {})}.items())
        pairs = {
            **(parameters or {}),
            "X-Amz-Algorithm": ALGORITHM,
            "X-Amz-Credential": f"{self._key.key_id}/{scope}",
            "X-Amz-Date": moment.strftime(DATE_FORMAT),
            "X-Amz-Expires": str(self.lifetime),
            "X-Amz-SignedHeaders": ";".join(name for name, _ in signed),
        }
        query = canonical_query(pairs.items())
        request = _canonical_request(method, path, query, signed)
        signature = _signature(self._key.secret, scope, _string_to_sign(pairs, scope, request))
        return f"{self._base_url}{path}?{query}&X-Amz-Signature={signature}"


class UrlVerifier:
    """Decides what a presigned request may do, in the order of contract 16.2."""

    def __init__(
        self, key: SigningKey, clock: Callable[[], float] = time.time, scheme: str = "http"
    ) -> None:
        """Check what `key` signed; `scheme` is that of the URLs, whatever a proxy made of it."""
        self._key = key
        self._clock = clock
        self._scheme = scheme

    def verify(self, request: SignedRequest) -> Grant:
        """Return what the signature grants.

        Raises:
            S3ApiError: InvalidArgument for a second auth mechanism, AccessDenied without a
                signature or after its time, AuthorizationQueryParametersError,
                InvalidAccessKeyId, SignatureDoesNotMatch, RequestTimeTooSkewed.
        """
        pairs = parse_query(request.query)
        authorization = request.headers.get("authorization", "").strip()
        if not any(name in PARAMETERS for name, _ in pairs):
            raise errors.access_denied()
        if authorization:  # a blank one is none (contract 19.1)
            raise errors.only_one_auth_mechanism(authorization.partition(" ")[0][:20])
        presented = _Presented.read(pairs)
        expires = presented.moment + timedelta(seconds=presented.lifetime)
        now = datetime.fromtimestamp(self._clock(), UTC)
        if now >= expires:
            raise errors.expired(presented.lifetime, expires, now)
        self._check_signature(presented, request, pairs)
        if presented.moment > now + timedelta(seconds=ALLOWED_SKEW):
            raise errors.time_too_skewed(presented.fields["X-Amz-Date"], now, ALLOWED_SKEW)
        amazon = {name for name in request.headers if name.startswith("x-amz-")}
        if unsigned := sorted(amazon.difference(presented.signed_headers)):
            raise errors.headers_not_signed(unsigned)
        own = {name: value for name, value in pairs if name not in PARAMETERS}
        return Grant(own, expires.timestamp())

    def _check_signature(
        self, presented: "_Presented", request: SignedRequest, pairs: list[tuple[str, str]]
    ) -> None:
        query = canonical_query(pair for pair in pairs if pair[0] != "X-Amz-Signature")
        host = compared_host(self._scheme, request.headers.get("host", ""))
        sent = {**request.headers, "host": host}
        headers = [
            (name, " ".join(sent.get(name, "").split())) for name in presented.signed_headers
        ]
        canonical = _canonical_request(request.method, request.path, query, headers)
        if presented.key_id != self._key.key_id:
            raise errors.unknown_access_key(presented.key_id)
        text = _string_to_sign(presented.fields, presented.scope, canonical)
        signature = _signature(self._key.secret, presented.scope, text)
        provided = presented.fields["X-Amz-Signature"]
        if not hmac.compare_digest(signature.encode(), provided.encode()):
            raise errors.signature_mismatch(presented.key_id, provided, text, canonical)


@dataclass(frozen=True)
class _Presented:
    """The six X-Amz parameters, read."""

    fields: Mapping[str, str]
    key_id: str
    scope: str
    moment: datetime
    lifetime: int
    signed_headers: list[str]

    @classmethod
    def read(cls, pairs: list[tuple[str, str]]) -> "_Presented":
        found = {name: [value for key, value in pairs if key == name] for name in PARAMETERS}
        if any(len(values) != 1 or not values[0] for values in found.values()):
            raise errors.malformed_signature(
                "Query-string authentication version 4 requires the X-Amz-Algorithm, "
                "X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and "
                "X-Amz-Expires parameters."
            )
        fields = {name: values[0] for name, values in found.items()}
        if fields["X-Amz-Algorithm"] != ALGORITHM:
            raise errors.malformed_signature(f"X-Amz-Algorithm only supports {ALGORITHM}")
        key_id, _, scope = fields["X-Amz-Credential"].partition("/")
        moment = _read_moment(fields["X-Amz-Date"])
        if not re.fullmatch(rf"{moment:%Y%m%d}/[^/]+/s3/aws4_request", scope):
            raise errors.malformed_signature(
                "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; "
                'expecting "<YOUR-AKID>/YYYYMMDD/REGION/s3/aws4_request".'
            )
        signed = fields["X-Amz-SignedHeaders"].split(";")
        if "host" not in signed:
            raise errors.malformed_signature("X-Amz-SignedHeaders must include host")
        return cls(fields, key_id, scope, moment, _read_lifetime(fields["X-Amz-Expires"]), signed)


def parse_query(query: str) -> list[tuple[str, str]]:
    """Split and decode a query string the AWS way: `+` is a plus sign, a lone name has no value."""
    pairs = (item.partition("=") for item in query.split("&") if item)
    return [(unquote(name), unquote(value)) for name, _, value in pairs]


def canonical_query(pairs: Pairs) -> str:
    """Encode each name and value the AWS way and sort them."""
    encoded = sorted((_encoded(name), _encoded(value)) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded)


@lru_cache(maxsize=256)  # most of them come again: names, the key, the second
def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def _read_moment(text: str) -> datetime:
    # The pattern comes first: strptime also takes shorter numbers and other digits.
    if re.fullmatch(r"[0-9]{8}T[0-9]{6}Z", text):
        with suppress(ValueError):
            moment = datetime.strptime(text, DATE_FORMAT).replace(tzinfo=UTC)
            if moment.year < MAXYEAR:  # the end of its lifetime must be a date, too
                return moment
    raise errors.malformed_signature(
        "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
    )


def _read_lifetime(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise errors.malformed_signature("X-Amz-Expires should be a number")
    if not 1 <= int(text) <= LONGEST_LIFETIME:
        raise errors.malformed_signature(
            "X-Amz-Expires must be between 1 and 604800 seconds, that is at most a week"
        )
    return int(text)


def _canonical_request(
    method: str, path: str, query: str, headers: Iterable[tuple[str, str]]
) -> str:
    rows = list(headers)
    listed = "".join(f"{name}:{value}\n" for name, value in rows)
    names = ";".join(name for name, _ in rows)
    return f"{method}\n{quote(unquote(path), safe='/-_.~')}\n{query}\n{listed}\n{names}\n{PAYLOAD}"


def _string_to_sign(fields: Mapping[str, str], scope: str, canonical: str) -> str:
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return f"{ALGORITHM}\n{fields['X-Amz-Date']}\n{scope}\n{digest}"


def _signature(secret: str, scope: str, text: str) -> str:
    return hmac.new(_day_key(secret, scope), text.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=16)
def _day_key(secret: str, scope: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for step in scope.split("/"):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    return key


@dataclass(frozen=True)
class SignedArea:
    """Where signed URLs of one kind lead: `start` is all of them up to the slash before the key."""

    start: str
    verifier: UrlVerifier

    def has(self, parts: SplitResult) -> bool:
        """Tell whether a URL leads there, whatever its signature says."""
        folder = parts.path.rpartition("/")[0]
        host = compared_host(parts.scheme, parts.netloc)
        return f"{parts.scheme}://{host}{folder}" == self.start
