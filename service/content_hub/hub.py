"""The Content Hub, put together."""

from collections.abc import Callable
from pathlib import Path

from service.auth.signing import SignedArea
from service.content_hub.assets import AssetStore
from service.content_hub.credits import Credits
from service.content_hub.database import HubDatabase
from service.content_hub.files import PermanentFiles
from service.content_hub.folders import Folders
from service.content_hub.sources.file_sources import FileSources
from service.content_hub.sources.remote_images import RemoteImages
from service.content_hub.sources.signed_files import SignedFiles
from service.errors import DataFolderError
from service.store.temp_store import TempStore

DATABASE_FILE = "content-hub.sqlite3"
FILES_FOLDER = "assets"


class ContentHub:
    """Assets, folders and credits in the service's data folder, which the store has locked."""

    def __init__(
        self,
        data_dir: Path,
        temp_files: SignedArea,
        assets: SignedArea,
        store: TempStore,
        remote: RemoteImages,
        credit_allowance: int,
        no_credits: Callable[[], bool] = lambda: False,
    ) -> None:
        """Name the files; nothing is touched before `open`.

        Args:
            data_dir: where assets are kept, wherever temp files are.
            temp_files: where URLs of temp files lead.
            assets: where URLs of assets' files lead.
            store: the temp files that assets are made of.
            remote: the other hosts that they are made from.
            credit_allowance: credits to start with.
            no_credits: a fault switch.
        """
        self._path = data_dir / DATABASE_FILE
        self._database = HubDatabase(self._path)
        self.files = PermanentFiles(self._database, data_dir / FILES_FOLDER)
        self.folders = Folders(self._database)
        self.sources = FileSources(SignedFiles(temp_files, assets, store, self.files), remote)
        self.assets = AssetStore(self._database, self.files, self.folders, self.sources)
        self.credits = Credits(self._database, credit_allowance, no_credits)

    def open(self) -> None:
        """Create what is missing and repair after a crash; the store must be open.

        Raises:
            DataFolderError: the database is gone, and the files that it named are not.
            OSError: the disk failed.
        """
        known = self._path.exists() and self._path.stat().st_size
        if not known and self.files.any():  # which would all be removed as nobody's
            raise DataFolderError(
                f"{self._path} is missing or empty, and {self.files.folder} has the files of "
                "assets. Put a backup of it in its place, or move that folder away."
            )
        self._database.create_tables()
        self.folders.open()
        self.assets.open()
        self.files.open()

    def close(self) -> None:
        """Close the database."""
        self._database.close()
