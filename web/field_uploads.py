"""Limits the memory that the files of `st.file_uploader` take in this process, for each user.

Files for the service do not come this way. Two fields do: the playground's import and a backdrop.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Generator
from contextlib import contextmanager

from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

PATH = "/_stcore/upload_file"
USER_BYTES = 100 * 1024 * 1024
"""Four backdrops of the largest size (`components/background/finish_panel.py`)."""


def bytes_kept(visit: str) -> int:
    """Return what Streamlit holds of a visit's files; it forgets them after the visit."""
    files = Runtime.instance().uploaded_file_mgr if Runtime.exists() else None
    if not isinstance(files, MemoryUploadedFileManager):
        return 0
    return sum(len(file.data) for file in files.file_storage.get(visit, {}).values())


class FieldUploads:
    """Counts the bytes of each user's files, kept and arriving. For the event loop only."""

    def __init__(
        self, kept: Callable[[str], int] = bytes_kept, user_bytes: int = USER_BYTES
    ) -> None:
        """Allow each user `user_bytes`, over all their visits.

        Args:
            kept: returns how many bytes are kept for a visit (Streamlit's session id).
            user_bytes: the limit.
        """
        self._kept, self._user_bytes = kept, user_bytes
        self._visits: defaultdict[str, set[str]] = defaultdict(set)
        self._arriving: Counter[str] = Counter()

    @contextmanager
    def room_for(self, username: str, path: str, length: int) -> Generator[bool]:
        """Reserve room for a body while it arrives; yields False if the user has none left.

        The path is `/_stcore/upload_file/<visit>/<file>`.
        """
        visits = self._visits[username]
        visits.intersection_update([visit for visit in visits if self._kept(visit)])
        held = sum(map(self._kept, visits)) + self._arriving[username]
        fits = held + length <= self._user_bytes
        if not fits:
            yield False
            return
        self._arriving[username] += length
        try:
            yield True
        finally:
            self._arriving[username] -= length
            visits.add(path.removeprefix(f"{PATH}/").partition("/")[0])
