"""Bounds what the upload fields of pages (`st.file_uploader`) keep in this process's memory.

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
    """What each user's fields hold and are sending. For the event loop only."""

    def __init__(
        self, kept: Callable[[str], int] = bytes_kept, user_bytes: int = USER_BYTES
    ) -> None:
        """Count from now on.

        Args:
            kept: tells how many bytes of a visit (Streamlit's session id) are held.
            user_bytes: how many there may be of a user, over all their visits.
        """
        self._kept, self._user_bytes = kept, user_bytes
        self._visits: defaultdict[str, set[str]] = defaultdict(set)
        self._arriving: Counter[str] = Counter()

    @contextmanager
    def room_for(self, username: str, path: str, length: int) -> Generator[bool]:
        """Hold room for a body while it arrives; false when the user has none left.

        Args:
            username: whose file it is.
            path: `/_stcore/upload_file/<visit>/<file>`.
            length: bytes of the body.
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
