"""Multipart uploads: create, receive parts, complete or abort."""

import hashlib
import json
import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from service import errors
from service.http.file_headers import OCTET_STREAM
from service.store.checksums import checksum
from service.store.database import Database, objects, parts, uploads
from service.store.events import Tell, tell_nobody
from service.store.folder import PartFile, PartFolder
from service.store.objects import Admit

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PartLimits:
    """Bytes a part and a whole upload may have."""

    min_part_size: int
    max_part_size: int
    multipart_limit: int


@dataclass(frozen=True)
class Upload:
    """A multipart upload that was created."""

    key: str
    upload_id: str


@dataclass(frozen=True)
class ListedPart:
    """One part of a complete request; ETag without quotes, checksums in base64 by algorithm."""

    number: int
    etag: str | None
    checksums: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Part:
    number: int
    file_name: str
    size: int
    md5: str


class Uploads:
    """The life of multipart uploads; every method may be called from any thread."""

    def __init__(
        self,
        database: Database,
        folder: PartFolder,
        limits: PartLimits,
        clock: Callable[[], float] = time.time,
        tell: Tell = tell_nobody,
    ) -> None:
        self._database = database
        self._folder = folder
        self.limits = limits
        self._clock = clock
        self._tell = tell

    def count_open(self) -> int:
        """Return how many uploads are neither completed nor aborted nor swept."""
        with self._database.read() as connection:
            query = select(func.count()).where(uploads.c.fingerprint.is_(None))
            return connection.scalars(query).one()

    def create(self, declared_size: int, expires: float) -> Upload:
        """Open an upload that is swept after `expires` (epoch seconds)."""
        upload = Upload(secrets.token_hex(16), secrets.token_urlsafe(24))
        with self._database.write() as connection:
            connection.execute(
                insert(uploads).values(
                    upload_id=upload.upload_id,
                    key=upload.key,
                    declared_size=declared_size,
                    expires=expires,
                )
            )
        self._tell("created")
        return upload

    def admit_part(self, upload: Upload, part_number: int, size: int) -> None:
        """Check that a part of `size` bytes may be sent now, before a byte of it is read.

        Raises:
            S3ApiError: NoSuchUpload; EntityTooLarge when the part would take the upload over
                the multipart limit.
        """
        with self._database.read() as connection:
            _require_open(connection, upload)
            others = connection.scalar(
                select(func.coalesce(func.sum(parts.c.size), 0)).where(
                    parts.c.source == upload.upload_id, parts.c.part_number != part_number
                )
            )
        self._check_total(size + (others or 0))

    def put_part(self, upload: Upload, part_number: int, file: PartFile) -> None:
        """Record a received part; the last commit of a part number wins.

        Raises:
            S3ApiError: NoSuchUpload when the upload was completed or aborted meanwhile; the
                file is removed then.
        """
        mine = (parts.c.source == upload.upload_id, parts.c.part_number == part_number)
        with self._folder.owned(file), self._database.write() as connection:
            _require_open(connection, upload)
            former = connection.scalars(select(parts.c.file_name).where(*mine)).all()
            connection.execute(delete(parts).where(*mine))
            connection.execute(
                insert(parts).values(
                    source=upload.upload_id,
                    part_number=part_number,
                    file_name=file.name,
                    size=file.size,
                    md5=file.md5,
                )
            )
        self._folder.remove(former)

    def complete(
        self,
        upload: Upload,
        listed: Sequence[ListedPart],
        admit: Admit = lambda _former: None,
    ) -> str:
        """Make the object of the listed parts and return its ETag without quotes.

        Writes no file: the object is its list of parts. Uploaded parts that are not listed are
        removed. The same list again gives the same answer (contract 16.7). `admit` is as for
        `Objects.put`; an upload's key is its own, so there is no former object.

        Raises:
            S3ApiError: NoSuchUpload, InvalidPartOrder, InvalidPart, EntityTooSmall,
                EntityTooLarge.
        """
        verified = self._matching_checksums(upload, listed)
        said = [(item.number, item.etag, sorted(item.checksums)) for item in listed]
        fingerprint = hashlib.sha256(json.dumps(said).encode()).hexdigest()
        with self._database.write() as connection:
            row = _require_known(connection, upload)
            if row.fingerprint == fingerprint:
                return row.etag
            if row.fingerprint is not None:
                raise errors.no_such_upload(upload.upload_id)
            admit(None)
            stored = _read_parts(connection, upload.upload_id)
            chosen = _choose(upload.upload_id, listed, stored, verified)
            self._check_sizes(chosen)
            etag = _assembled_etag(chosen)
            unlisted = self._record(connection, row, chosen, etag, fingerprint)
        self._folder.remove(unlisted)
        self._tell("completed")
        actual = sum(part.size for part in chosen)
        if actual != row.declared_size:
            log.warning(
                "Temp file %s was completed with %d bytes; %d were declared.",
                row.key,
                actual,
                row.declared_size,
            )
        return etag

    def abort(self, upload: Upload) -> None:
        """Forget an open upload and remove its parts.

        Raises:
            S3ApiError: NoSuchUpload.
        """
        with self._database.write() as connection:
            _require_open(connection, upload)
            names = [part.file_name for part in _read_parts(connection, upload.upload_id).values()]
            connection.execute(delete(parts).where(parts.c.source == upload.upload_id))
            connection.execute(delete(uploads).where(uploads.c.upload_id == upload.upload_id))
        self._folder.remove(names)
        self._tell("aborted")

    def _matching_checksums(
        self, upload: Upload, listed: Sequence[ListedPart]
    ) -> set[tuple[str, int]]:
        """Read the parts that come with checksums, outside the transaction: it may take seconds.

        Returns file name and part number of each part whose every checksum is right.
        """
        asked = [item for item in listed if item.checksums]
        if not asked:
            return set()
        with self._database.read() as connection:
            stored = _read_parts(connection, upload.upload_id)
        present = [(item, stored[item.number]) for item in asked if item.number in stored]
        return {(part.file_name, item.number) for item, part in present if self._agrees(item, part)}

    def _agrees(self, item: ListedPart, part: _Part) -> bool:
        path = self._folder.path / part.file_name
        try:
            return all(checksum(path, name) == value for name, value in item.checksums)
        except FileNotFoundError:  # replaced by a later PUT of the same part
            return False

    def _check_sizes(self, chosen: Sequence[_Part]) -> None:
        minimum = self.limits.min_part_size
        for part in chosen[:-1]:
            if part.size < minimum:
                raise errors.entity_too_small(part.size, minimum, part.number, part.md5)
        self._check_total(sum(part.size for part in chosen))

    def _check_total(self, total: int) -> None:
        if total > self.limits.multipart_limit:
            raise errors.entity_too_large(total, self.limits.multipart_limit)

    def _record(
        self,
        connection: Connection,
        row: Row[tuple[object, ...]],
        chosen: Sequence[_Part],
        etag: str,
        fingerprint: str,
    ) -> Sequence[str]:
        """Write the object's row; return the files of the parts that were not listed."""
        kept = [part.number for part in chosen]
        dropped = (parts.c.source == row.upload_id, parts.c.part_number.not_in(kept))
        left_over = connection.scalars(select(parts.c.file_name).where(*dropped)).all()
        connection.execute(delete(parts).where(*dropped))
        connection.execute(
            insert(objects).values(
                key=row.key,
                source=row.upload_id,
                size=sum(part.size for part in chosen),
                etag=etag,
                content_type=OCTET_STREAM,
                modified=self._clock(),
                expires=row.expires,
            )
        )
        connection.execute(
            update(uploads)
            .where(uploads.c.upload_id == row.upload_id)
            .values(fingerprint=fingerprint, etag=etag)
        )
        return left_over


def _require_known(connection: Connection, upload: Upload) -> Row[tuple[object, ...]]:
    row = connection.execute(
        select(uploads).where(uploads.c.upload_id == upload.upload_id, uploads.c.key == upload.key)
    ).one_or_none()
    if row is None:
        raise errors.no_such_upload(upload.upload_id)
    return row


def _require_open(connection: Connection, upload: Upload) -> None:
    if _require_known(connection, upload).fingerprint is not None:
        raise errors.no_such_upload(upload.upload_id)


def _read_parts(connection: Connection, upload_id: str) -> dict[int, _Part]:
    rows = connection.execute(
        select(parts.c.part_number, parts.c.file_name, parts.c.size, parts.c.md5).where(
            parts.c.source == upload_id
        )
    )
    return {number: _Part(number, name, size, md5) for number, name, size, md5 in rows}


def _choose(
    upload_id: str,
    listed: Sequence[ListedPart],
    stored: dict[int, _Part],
    verified: set[tuple[str, int]],
) -> list[_Part]:
    """Return the stored part for each listed one, in order."""
    previous = 0
    for item in listed:
        if item.number <= previous:
            raise errors.invalid_part_order(upload_id, item.number, item.etag or "")
        previous = item.number
    chosen: list[_Part] = []
    for item in listed:
        part = stored.get(item.number)
        if (
            part is None
            or item.etag not in (None, part.md5)
            or (item.checksums and (part.file_name, part.number) not in verified)
        ):
            raise errors.invalid_part(upload_id, item.number, item.etag or "")
        chosen.append(part)
    return chosen


def _assembled_etag(chosen: Sequence[_Part]) -> str:
    joined = b"".join(bytes.fromhex(part.md5) for part in chosen)
    return f"{hashlib.md5(joined, usedforsecurity=False).hexdigest()}-{len(chosen)}"
