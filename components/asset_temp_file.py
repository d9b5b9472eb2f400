"""An asset's file as a temp file of the visitor's, so that background removal can begin with it."""

import re
import tempfile
from pathlib import Path

from client.assets import Asset
from client.download import download_file
from components.background.kept_file import KeptFiles

_UNSAFE = re.compile(r"[^\w .()-]+")
_LONGEST = 60
"""Characters, so that a file system's 255 bytes are enough for any script."""


def as_temp_file(asset: Asset, files: KeptFiles) -> str:
    """Copy an asset's file to a temp file; return the id of the transfer it is remembered under.

    Raises:
        ClientError: what `download_file` and `upload_file` raise.
    """
    with tempfile.TemporaryDirectory(prefix="tfw-asset-") as folder:
        path = Path(folder) / safe_file_name(asset.filename)
        download = download_file(files.api, asset.file, path)
        return files.keep(download.path, asset.id)


def safe_file_name(filename: str) -> str:
    """Return a name for a file of ours; the asset's is whatever somebody gave it."""
    return _UNSAFE.sub("_", filename)[-_LONGEST:].strip(". ") or "asset"
