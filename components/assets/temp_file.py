"""An asset's file as a temp file of the visitor's, so that background removal can begin with it."""

import tempfile
from pathlib import Path

from client.content_hub.assets import Asset
from client.file_name import safe_file_name
from client.transfers.download import download_file
from components.assets.kept_file import KeptFiles


def as_temp_file(asset: Asset, files: KeptFiles) -> str:
    """Copy an asset's file to a temp file; return the id of the transfer it is remembered under.

    Raises:
        ClientError: what `download_file` and `upload_file` raise.
    """
    with tempfile.TemporaryDirectory(prefix="tfw-asset-") as folder:
        path = Path(folder) / safe_file_name(asset.filename, "asset")
        download = download_file(files.api, asset.file, path)
        return files.keep(download.path, asset.id)
