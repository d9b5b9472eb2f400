"""Assets: files that stay, made of temp files."""

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, insert, select, update

from service.content_hub.database import HubDatabase, assets
from service.content_hub.files import KeptFile, PermanentFiles
from service.content_hub.folders import ROOT_FOLDER, Folders
from service.content_hub.images import examine
from service.content_hub.listing import Listing
from service.content_hub.model import Asset, AssetInput, Search
from service.content_hub.refusal import InputRefusedError
from service.content_hub.search import fold_anew, query_of, searched_text
from service.content_hub.sources.file_sources import FileSources
from service.content_hub.text import checked_text

MOST_DELETED = 200  # ids of one call; contract 4
MOST_TAGS = 100
NOT_ASSIGNED = "NOT_ASSIGNED"


@dataclass(frozen=True)
class _Files:
    """The permanent files of an asset that is being written."""

    original: KeptFile | None = None
    thumbnail: KeptFile | None = None
    details: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    @property
    def all(self) -> list[KeptFile]:
        return [file for file in (self.original, self.thumbnail) if file]


class AssetStore:
    """Creates, finds, publishes and deletes assets; every method may be called in any thread."""

    def __init__(
        self,
        database: HubDatabase,
        files: PermanentFiles,
        folders: Folders,
        sources: FileSources,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._files = files
        self._folders = folders
        self._sources = sources
        self._clock = clock

    def open(self) -> None:
        """Have assets of an earlier version found as new ones are."""
        with self._database.write() as connection:
            fold_anew(connection)

    def create(self, new: AssetInput) -> Asset:
        """Make an asset, with a permanent copy of its file.

        Raises:
            InputRefusedError: the name is taken, or an argument cannot be used.
            S3ApiError: there is no room for the copy.
        """
        self._check(new)
        if not new.src and not new.content_ids:
            raise InputRefusedError(
                "src is missing; it must be a downloadUrl of this service, unless the asset is a "
                "set and has contents."
            )
        self._refuse_taken(self._row_of_name(new.name), new.name)
        kept = self._keep(new)

        def write(connection: Connection) -> str:
            self._refuse_taken(_row_of(connection, assets.c.name == new.name), new.name)
            return self._insert(connection, new, kept)

        return self._recorded(kept, write)

    def create_or_update(self, new: AssetInput) -> Asset:
        """Make an asset, or give the one of this name its next revision.

        Raises:
            InputRefusedError: an argument cannot be used; a new asset has no src.
            S3ApiError: there is no room for the copy.
        """
        self._check(new)
        if not new.src and self._row_of_name(new.name) is None:
            raise InputRefusedError(
                f'src is missing, and there is no asset named "{new.name}" to keep it from.'
            )
        kept = self._keep(new)
        replaced: list[str | None] = []

        def write(connection: Connection) -> str:
            row = _row_of(connection, assets.c.name == new.name)
            if row is None:
                return self._insert(connection, new, kept)
            replaced.extend([row.file_id, row.thumb_file_id])
            return self._update(connection, row, new, kept)

        return self._recorded(kept, write, replaced)

    def publish(self, asset_id: str) -> str:
        """Mark an asset as published; return the id of the job, which is done already.

        Raises:
            InputRefusedError: there is no such asset.
        """
        with self._database.write() as connection:
            done = connection.execute(
                update(assets).where(assets.c.asset_id == asset_id).values(published=True)
            )
            if not done.rowcount:
                raise InputRefusedError("id is no asset of this account.")
        return str(uuid.uuid4())

    def delete(self, asset_ids: Sequence[str]) -> None:
        """Delete assets, all or none.

        Raises:
            InputRefusedError: too many ids, or one of them is no asset.
        """
        if len(asset_ids) > MOST_DELETED:
            raise InputRefusedError(
                f"id has {len(asset_ids)} ids; it must have at most {MOST_DELETED}."
            )
        used: list[str | None] = []
        with self._database.write() as connection:
            for number, asset_id in enumerate(dict.fromkeys(asset_ids), 1):
                row = _row_of(connection, assets.c.asset_id == asset_id)
                if row is None:
                    raise InputRefusedError(
                        f"id number {number} is no asset of this account; nothing was deleted."
                    )
                used += [row.file_id, row.thumb_file_id]
                connection.execute(delete(assets).where(assets.c.asset_id == asset_id))
            unused = self._files.forget_unused(connection, used)
        self._files.remove(unused)

    def find(self, asset_id: str) -> Asset | None:
        """Return an asset."""
        with self._database.read() as connection:
            row = _row_of(connection, assets.c.asset_id == asset_id)
        return _asset(row) if row else None

    def find_all(self, asset_ids: Sequence[str]) -> list[Asset]:
        """Return the assets that exist, in the order of the ids."""
        with self._database.read() as connection:
            rows = connection.execute(select(assets).where(assets.c.asset_id.in_(asset_ids)))
            found = {row.asset_id: row for row in rows}
        wanted = [asset_id for asset_id in dict.fromkeys(asset_ids) if asset_id in found]
        return [_asset(found[asset_id]) for asset_id in wanted]

    def in_repository(self, repository_id: str) -> Listing[Asset]:
        """Return the assets of a repository, in whatever folder, in order of making."""
        return self._listing(select(assets).where(assets.c.repository_id == repository_id))

    def in_folder(self, folder_id: str) -> Listing[Asset]:
        """Return the assets of a folder, in order of making."""
        return self._listing(select(assets).where(assets.c.folder_id == folder_id))

    def search(self, search: Search) -> Listing[Asset]:
        """Return what a search finds.

        Raises:
            InputRefusedError: the keyword cannot be used.
        """
        return Listing(self._database, query_of(search), _asset)

    def _listing(self, query: Select[Any]) -> Listing[Asset]:
        return Listing(self._database, query.order_by(assets.c.number), _asset)

    def _check(self, new: AssetInput) -> None:
        checked_text("name", new.name)
        checked_text("filename", new.filename)
        for argument, text in (
            ("label", new.label),
            ("locale", new.locale),
            ("localeGroup", new.locale_group),
        ):
            if text is not None:
                checked_text(argument, text)
        if len(new.tags or ()) > MOST_TAGS:
            raise InputRefusedError(f"tags has more than {MOST_TAGS} tags.")
        for tag in new.tags or ():
            checked_text("tags", tag)
        self._folders.require_repository(new.repository_id)
        self._folders.require_folder(new.folder_id, new.repository_id, "assetFolderId")
        members = new.content_ids or ()
        if len(self.find_all(members)) != len(set(members)):
            raise InputRefusedError("contents has an id that is no asset of this account.")
        if new.thumb_file is not None and self._files.find(new.thumb_file) is None:
            raise InputRefusedError("thumbFile is not the UUID of a file of this account.")

    def _row_of_name(self, name: str) -> Row[Any] | None:
        with self._database.read() as connection:
            return _row_of(connection, assets.c.name == name)

    def _refuse_taken(self, row: Row[Any] | None, name: str) -> None:
        if row is not None:
            raise InputRefusedError(
                f'name "{name}" is taken by another asset; choose another name, or use '
                "createOrUpdateAssetByName to update that asset."
            )

    def _keep(self, new: AssetInput) -> _Files:
        if not new.src:
            return _Files()
        with self._sources.open("src", new.src) as source:
            try:
                original = self._files.keep(source.pieces)
            except FileNotFoundError as error:
                raise InputRefusedError(
                    "src was written again while it was copied; send the mutation again."
                ) from error
        facts = examine(self._files.path(original))
        if facts.thumbnail is None or new.thumb_file:
            return _Files(original, None, facts.details)
        try:
            return _Files(original, self._files.keep_thumbnail(facts.thumbnail), facts.details)
        except BaseException:
            self._files.remove([original.file_id])
            raise

    def _recorded(
        self,
        kept: _Files,
        write: Callable[[Connection], str],
        replaced: Sequence[str | None] = (),
    ) -> Asset:
        """Write the rows; whatever goes wrong, no file stays behind without one."""
        try:
            with self._database.write() as connection:
                self._files.add(connection, kept.all)
                asset_id = write(connection)
                unused = self._files.forget_unused(connection, replaced)
                row = _row_of(connection, assets.c.asset_id == asset_id)
                assert row is not None  # noqa: S101 - it was written in this transaction
        except BaseException:
            self._files.remove(file.file_id for file in kept.all)
            raise
        self._files.remove(unused)
        return _asset(row)

    def _insert(self, connection: Connection, new: AssetInput, kept: _Files) -> str:
        asset_id, now = str(uuid.uuid4()), self._clock()
        connection.execute(
            insert(assets).values(
                asset_id=asset_id,
                name=new.name,
                locale=new.locale,
                locale_group=new.locale_group or new.name,
                contents=list(new.content_ids or ()),
                workflow_assigned_to=new.workflow_assigned_to,
                workflow_assigned_at=now if new.workflow_assigned_to else None,
                workflow_status=new.workflow_status or NOT_ASSIGNED,
                file_id=kept.original and kept.original.file_id,
                media_type=kept.original and kept.original.media_type,
                thumb_file_id=new.thumb_file or (kept.thumbnail and kept.thumbnail.file_id),
                details=kept.details,
                published=False,
                revision=1,
                created=now,
                **self._described(new, new.label or new.filename, new.tags or ()),
            )
        )
        return asset_id

    def _update(self, connection: Connection, row: Row[Any], new: AssetInput, kept: _Files) -> str:
        label = new.label or row.label
        values = self._described(new, label, row.tags if new.tags is None else new.tags)
        if kept.original:
            values["file_id"] = kept.original.file_id
            values["media_type"] = kept.original.media_type
            values["thumb_file_id"] = kept.thumbnail and kept.thumbnail.file_id
            values["details"] = kept.details
        connection.execute(
            update(assets)
            .where(assets.c.asset_id == row.asset_id)
            .values(revision=row.revision + 1, **values)
        )
        return row.asset_id

    def _described(self, new: AssetInput, label: str, tags: Sequence[str]) -> dict[str, Any]:
        return {
            "type": new.type,
            "filename": new.filename,
            "label": label,
            "tags": list(tags),
            "repository_id": new.repository_id,
            "folder_id": None if new.folder_id == ROOT_FOLDER else new.folder_id,
            "updated": self._clock(),
            "searched": searched_text([new.name, label, new.filename, *tags]),
        }


def _row_of(connection: Connection, condition: ColumnElement[bool]) -> Row[Any] | None:
    return connection.execute(select(assets).where(condition)).one_or_none()


def _asset(row: Row[Any]) -> Asset:
    return Asset(
        asset_id=row.asset_id,
        name=row.name,
        type=row.type,
        filename=row.filename,
        label=row.label,
        repository_id=row.repository_id,
        folder_id=row.folder_id,
        file_id=row.file_id,
        mime_type=row.media_type,
        thumb_file=row.thumb_file_id,
        details=row.details,
        tags=row.tags,
        content_ids=row.contents,
        locale=row.locale,
        locale_group=row.locale_group,
        workflow_assigned_to=row.workflow_assigned_to,
        workflow_assigned_at=row.workflow_assigned_at,
        workflow_status=row.workflow_status,
        published=row.published,
        revision_number=row.revision,
        created=row.created,
        updated=row.updated,
    )
