"""The tables of the Content Hub, in a SQLite file of their own: they outlive every temp file."""

from pathlib import Path

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
)

from service.store.database import Database

metadata = MetaData()

repositories = Table(
    "repositories",
    metadata,
    Column("repository_id", String, primary_key=True),
    Column("label", String, nullable=False),
)

folders = Table(
    "folders",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("folder_id", String, nullable=False, unique=True),
    Column(
        "repository_id",
        String,
        ForeignKey("repositories.repository_id"),
        nullable=False,
        index=True,
    ),
    Column("parent_id", String, ForeignKey("folders.folder_id"), index=True),
    Column("label", String, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("file_id", String, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("media_type", String, nullable=False),
    Column("etag", String, nullable=False),
    Column("created", Float, nullable=False),
)

assets = Table(
    "assets",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("asset_id", String, nullable=False, unique=True),
    Column("name", String, nullable=False, unique=True),
    Column("type", String, nullable=False),
    Column("filename", String, nullable=False),
    Column("label", String, nullable=False),
    Column(
        "repository_id",
        String,
        ForeignKey("repositories.repository_id"),
        nullable=False,
        index=True,
    ),
    Column("folder_id", String, ForeignKey("folders.folder_id"), index=True),
    Column("file_id", String, ForeignKey("files.file_id")),
    Column("media_type", String),
    Column("thumb_file_id", String, ForeignKey("files.file_id")),
    Column("details", JSON, nullable=False),  # metadata properties by schema name
    Column("tags", JSON, nullable=False),
    Column("contents", JSON, nullable=False),
    Column("locale", String),
    Column("locale_group", String, nullable=False),
    Column("workflow_assigned_to", String),
    Column("workflow_assigned_at", Float),
    Column("workflow_status", String, nullable=False),
    Column("published", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created", Float, nullable=False),
    Column("updated", Float, nullable=False, index=True),
    # Name, label, file name and tags: what a keyword is looked for in (search.py).
    Column("searched", String, nullable=False),
)

charges = Table(
    "charges",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("organization", String, nullable=False, index=True),
    Column("reason", String, nullable=False),
    Column("charged", Float, nullable=False),
)


class HubDatabase(Database):
    """Its commits reach the disk before they are answered: nobody else has these rows."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, fsync=True)

    def create_tables(self) -> None:
        """Create what is missing."""
        with self.write() as connection:
            metadata.create_all(connection)
