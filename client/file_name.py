"""Makes safe file names for this machine of names that a server or a person chose."""

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST_NAME = 255
"""Bytes of a name in UTF-8: what Linux (NAME_MAX), APFS and, in UTF-16 units, NTFS take."""

_LONGEST_EXTENSION = 32
"""Bytes; what stands behind a dot and is longer is no extension, but part of a sentence."""
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")  # Persian and Indic words, and emoji, are written with them
# What FAT and NTFS do not take, or take for a stream's name; browsers write "_" on every system.
_NOT_ON_WINDOWS = str.maketrans('"*:<>?|', "_" * 7)
# Devices in every folder, whatever follows the first dot (Microsoft, "Naming Files, Paths, and
# Namespaces"); the raised digits count as well.
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])[ ]*(?:\..*)?",
    re.IGNORECASE | re.DOTALL,
)


def safe_file_name(name: str, fallback: str) -> str:
    """Return a name that can be given to a file in any folder, as close to `name` as that goes.

    It has no path and no letter that cannot be seen or that turns the direction of writing; it does
    not hide the file (no leading dot), is no option to the commands of a shell (no leading dash),
    no device on Windows and not longer than 255 bytes, its extension kept.

    Args:
        name: what somebody called it, such as a server or a browser.
        fallback: what to call it when nothing is left.
    """
    last = re.split(r"[/\\]", name)[-1].translate(_NOT_ON_WINDOWS)
    seen = "".join(
        letter
        for letter in last
        if letter in _JOINERS or unicodedata.category(letter) not in _INVISIBLE
    )
    kept = seen.lstrip(". ").rstrip(". ") or fallback
    if kept.startswith("-") or _DEVICE.fullmatch(kept):
        kept = f"_{kept}"
    return shortened_by_bytes(kept)


def shortened_by_bytes(name: str, longest: int = LONGEST_NAME) -> str:
    """Return a file name of at most so many bytes in UTF-8, its extension kept and no letter cut.

    File systems count bytes: 90 letters of Chinese are 270. A name that fits is returned as it is.

    Args:
        name: a file name without a path.
        longest: bytes; more than an extension may have, which is 32.
    """
    if _bytes_of(name) <= longest:
        return name
    extension = _extension(name)
    stem = name.removesuffix(extension).encode("utf-8", "replace")
    kept = stem[: longest - _bytes_of(extension)].decode("utf-8", "ignore")
    return kept.rstrip(". \u200d") + extension


def numbered(name: str, number: int) -> str:
    """Return `film (2).mp4` for `film.mp4` and 2, not longer than 255 bytes."""
    ending = f" ({number}){_extension(name)}"
    stem = name.removesuffix(_extension(name))
    return shortened_by_bytes(stem, LONGEST_NAME - _bytes_of(ending)) + ending


def _extension(name: str) -> str:
    found = PurePosixPath(name).suffix
    return found if _bytes_of(found) <= _LONGEST_EXTENSION else ""


def _bytes_of(text: str) -> int:
    return len(text.encode("utf-8", "replace"))
