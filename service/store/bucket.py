"""A client for one bucket of an S3 store; every request is a URL signed by us.

Addresses are path-style (`endpoint/bucket/key`), which every S3 store answers to. Proxies and CA
bundles come from the usual variables; redirects are not followed, since a signature holds for one
host.
"""

import logging
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.cookiejar import DefaultCookiePolicy
from xml.etree.ElementTree import Element

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from contract.s3_xml import local_name, parse_s3_error, parse_xml, texts_in
from service import errors
from service.auth.signing import UrlSigner

TIMEOUT = (5.0, 30.0)  # seconds to connect, and to wait for the next bytes
BLOCK = 2**20
POOL_SIZE = 16  # as many as there are threads that ask, and some
SHOWN = 60  # characters of a code that somebody else's store sent

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Listed:
    """One row of a listing; `upload_id` is empty for a finished object, `since` is epoch seconds.

    `since` is when a single PUT was received or an upload was begun. Stores differ in whether an
    assembled object counts from the beginning or the end of its upload.
    """

    key: str
    since: float
    upload_id: str = ""


class ObjectBody:
    """A request body of known size that is sent as it is made."""

    def __init__(self, blocks: Iterable[bytes], size: int) -> None:
        self._blocks = blocks
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._blocks)


class _SignatureOnly(AuthBase):
    """Keeps requests from looking into `.netrc`: the signature is the only credential."""

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        return r


class Bucket:
    """The calls that a temp file service makes; thread-safe.

    Every method raises S3ApiError: ServiceUnavailable when the store does not answer or refuses
    us, which the log explains; and what its own line says.
    """

    def __init__(self, signer: UrlSigner, name: str) -> None:
        """Sign for the store with `signer`; nothing is asked before the first call."""
        self._signer = signer
        self._name = name
        self._session = requests.Session()
        self._session.auth = _SignatureOnly()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = HTTPAdapter(pool_maxsize=POOL_SIZE)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)

    def create_upload(self, key: str) -> str:
        """Open a multipart upload and return its id."""
        root = _parsed(self._ask("POST", key, {"uploads": ""}))
        upload_id = texts_in(root).get("UploadId")
        if not upload_id:
            raise errors.object_store_failed("opened an upload and gave it no id")
        return upload_id

    def abort_upload(self, key: str, upload_id: str) -> None:
        """Forget an upload and its parts; NoSuchUpload where there is none."""
        self._ask("DELETE", key, {"uploadId": upload_id})

    def put(self, key: str, body: ObjectBody, content_type: str) -> None:
        """Store an object."""
        self._ask("PUT", key, body=body, headers={"Content-Type": content_type})

    @contextmanager
    def get(self, key: str) -> Generator[requests.Response, None, None]:
        """Give the answer with an object, its body unread; NoSuchKey where there is none."""
        with self._answer("GET", key) as answer:
            yield answer

    def delete(self, key: str) -> None:
        """Remove an object; one that is not there counts as removed."""
        self._ask("DELETE", key)

    def objects(self, prefix: str, most: int = 1000) -> Iterator[Listed]:
        """Yield the finished objects below a prefix, asking for `most` at a time."""
        asked = {"list-type": "2", "prefix": prefix, "max-keys": str(most)}
        following: Mapping[str, str] = {}
        while True:
            root = _parsed(self._ask("GET", parameters={**asked, **following}))
            for row in _rows(root, "Contents"):
                yield Listed(row["Key"], _epoch(row["LastModified"]))
            page = texts_in(root)
            if page.get("IsTruncated") != "true":
                return
            following = {"continuation-token": page["NextContinuationToken"]}

    def uploads(self, prefix: str) -> Iterator[Listed]:
        """Yield the open multipart uploads below a prefix."""
        following: Mapping[str, str] = {}
        while True:
            asked = {"uploads": "", "prefix": prefix, **following}
            root = _parsed(self._ask("GET", parameters=asked))
            for row in _rows(root, "Upload"):
                yield Listed(row["Key"], _epoch(row["Initiated"]), row["UploadId"])
            page = texts_in(root)
            if page.get("IsTruncated") != "true":
                return
            following = {
                "key-marker": page["NextKeyMarker"],
                "upload-id-marker": page["NextUploadIdMarker"],
            }

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def _ask(
        self,
        method: str,
        key: str = "",
        parameters: Mapping[str, str] | None = None,
        body: ObjectBody | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        with self._answer(method, key, parameters, body, headers) as answer:
            return answer.content

    @contextmanager
    def _answer(
        self,
        method: str,
        key: str = "",
        parameters: Mapping[str, str] | None = None,
        body: ObjectBody | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Generator[requests.Response, None, None]:
        path = f"/{self._name}/{key}" if key else f"/{self._name}"
        try:
            with self._session.request(
                method,
                self._signer.sign(method, path, parameters),
                data=body,  # pyright: ignore[reportArgumentType] - the stubs know no sized iterables
                headers={"Accept-Encoding": "identity", **(headers or {})},
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as answer:
                if not 200 <= answer.status_code < 300:
                    raise _refusal(answer, key, parameters or {})
                yield answer
        except requests.RequestException as error:
            # Its own text holds the URL with its signature.
            log.warning("The object store does not answer: %s.", type(error).__name__)
            raise errors.object_store_failed("does not answer") from None


def _refusal(
    answer: requests.Response, key: str, parameters: Mapping[str, str]
) -> errors.S3ApiError:
    error = parse_s3_error(answer.content)
    code = error.code[:SHOWN] if error and error.code.isalnum() else ""
    if code == "NoSuchUpload":
        return errors.no_such_upload(parameters.get("uploadId", ""))
    if code == "NoSuchKey":
        return errors.no_such_key(key.rpartition("/")[2])
    status, method = answer.status_code, answer.request.method
    log.warning("The object store refused a %s: %d %s.", method, status, code)
    return errors.object_store_failed(f"answered {status} {code}".rstrip())


def _parsed(content: bytes) -> Element:
    root = parse_xml(content)
    if root is None:
        raise errors.object_store_failed("answered with something that is not XML")
    return root


def _rows(root: Element, name: str) -> list[dict[str, str]]:
    return [texts_in(child) for child in root if local_name(child) == name]


def _epoch(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
