"""How the downloaded cut-outs are called."""

from pathlib import PurePath

from client.file_name import shortened_by_bytes

_SUFFIX = "-cut-out"
_LONGEST_STEM = 220
"""Bytes; what is left of a file system's 255 is for the suffix, a number and the extension."""


def cut_out_stem(name: str) -> str:
    """Return the name of a picture's cut-out, without extension and short enough for any folder.

    File systems count bytes: 90 letters of Chinese are 270.
    """
    return shortened_by_bytes(PurePath(name).stem, _LONGEST_STEM) + _SUFFIX
