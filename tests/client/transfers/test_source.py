"""When a file counts as the one it was."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from client.errors import FileChangedError
from client.transfers.source import FileStamp, SourceFile


def test_an_inode_that_changes_by_itself_makes_no_other_file(clip: Path) -> None:
    stamp = FileStamp.of(clip.stat())
    forgotten = replace(stamp, inode=stamp.inode + 7)  # as sshfs tells once its cache is empty
    assert stamp.is_same_file(forgotten)
    assert not stamp.is_same_file(replace(forgotten, changed=stamp.changed + 1))


def test_a_copy_with_the_same_size_and_time_is_another_file(clip: Path) -> None:
    source, status = SourceFile(clip), clip.stat()
    copy = clip.with_name("copy")
    copy.write_bytes(bytes(status.st_size))
    os.utime(copy, ns=(status.st_atime_ns, status.st_mtime_ns))
    copy.replace(clip)
    with pytest.raises(FileChangedError, match="was modified"):
        source.check_unchanged()


def test_what_leaves_the_bytes_alone_changes_nothing(clip: Path) -> None:
    source = SourceFile(clip)
    clip.chmod(0o600)
    clip.with_name("link").hardlink_to(clip)
    source.check_unchanged()


def test_a_file_that_was_touched_is_another(clip: Path) -> None:
    source = SourceFile(clip)
    os.utime(clip, ns=(1, 1))
    with pytest.raises(FileChangedError, match="was modified"):
        source.check_unchanged()
