"""Repositories, and the folders in them."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select

from service.content_hub.database import HubDatabase, folders, repositories
from service.content_hub.listing import Listing
from service.content_hub.refusal import InputRefusedError
from service.content_hub.text import checked_text

ROOT_FOLDER = "00000000-0000-0000-0000-000000000000"  # contract 5: stands for "no folder"
# Every account starts with these; the API has no call that makes another.
FIRST_REPOSITORIES = {
    "5d1f0c9e-0d3c-4a52-9a0a-2f6f1f1d0001": "Demo repository",
    "5d1f0c9e-0d3c-4a52-9a0a-2f6f1f1d0002": "Archive",
}


@dataclass(frozen=True)
class AssetRepository:
    """A place for assets, with folders of its own."""

    repository_id: str
    label: str


@dataclass(frozen=True)
class AssetFolder:
    """A folder of a repository; `parent_id` is None at the top level."""

    folder_id: str
    repository_id: str
    parent_id: str | None
    label: str
    status: str = "ACTIVE"


class Folders:
    """Finds repositories and folders, and makes folders."""

    def __init__(self, database: HubDatabase) -> None:
        self._database = database

    def open(self) -> None:
        """Create the first repositories where they are missing."""
        with self._database.write() as connection:
            known = set(connection.scalars(select(repositories.c.repository_id)))
            for repository_id, label in FIRST_REPOSITORIES.items():
                if repository_id not in known:
                    connection.execute(
                        insert(repositories).values(repository_id=repository_id, label=label)
                    )

    def repositories(self) -> Listing[AssetRepository]:
        """Return every repository."""
        query = select(repositories).order_by(repositories.c.repository_id)
        return Listing(
            self._database, query, lambda row: AssetRepository(row.repository_id, row.label)
        )

    def find_repository(self, repository_id: str) -> AssetRepository | None:
        """Return a repository."""
        query = select(repositories).where(repositories.c.repository_id == repository_id)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return AssetRepository(row.repository_id, row.label) if row else None

    def find(self, folder_id: str) -> AssetFolder | None:
        """Return a folder."""
        with self._database.read() as connection:
            row = connection.execute(
                select(folders).where(folders.c.folder_id == folder_id)
            ).one_or_none()
        return _folder(row) if row else None

    def within(self, repository_id: str, parent_id: str | None = None) -> Listing[AssetFolder]:
        """Return the folders of a folder, or those at the top level, in order of making."""
        query = (
            select(folders)
            .where(folders.c.repository_id == repository_id, folders.c.parent_id.is_(parent_id))
            .order_by(folders.c.number)
        )
        return Listing(self._database, query, _folder)

    def create(self, repository_id: str, label: str, parent_id: str | None) -> AssetFolder:
        """Make a folder.

        Raises:
            InputRefusedError: the repository or parent does not exist, or the label is no name.
        """
        self.require_repository(repository_id)
        parent = self.require_folder(parent_id, repository_id, "parentId")
        folder = AssetFolder(str(uuid.uuid4()), repository_id, parent, checked_text("label", label))
        with self._database.write() as connection:
            connection.execute(
                insert(folders).values(
                    folder_id=folder.folder_id,
                    repository_id=folder.repository_id,
                    parent_id=folder.parent_id,
                    label=folder.label,
                )
            )
        return folder

    def require_repository(self, repository_id: str) -> None:
        """Check that a repository exists.

        Raises:
            InputRefusedError: it does not.
        """
        if self.find_repository(repository_id) is None:
            raise InputRefusedError("assetRepositoryId is no repository of this account.")

    def require_folder(
        self, folder_id: str | None, repository_id: str, argument: str
    ) -> str | None:
        """Return the id of a folder of the repository; None stands for its root.

        Raises:
            InputRefusedError: the folder does not exist, or lies in another repository.
        """
        if folder_id is None or folder_id == ROOT_FOLDER:
            return None
        folder = self.find(folder_id)
        if folder is None:
            raise InputRefusedError(f"{argument} is no folder of this account.")
        if folder.repository_id != repository_id:
            raise InputRefusedError(f"{argument} is a folder of another repository.")
        return folder.folder_id


def _folder(row: Row[Any]) -> AssetFolder:
    return AssetFolder(row.folder_id, row.repository_id, row.parent_id, row.label)
