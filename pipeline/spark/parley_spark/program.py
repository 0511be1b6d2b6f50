"""The JavaScript that a child process runs. It travels compressed with the classes that need it, to any machine."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .errors import ParleyError

# Runs the program that a descriptor brings, where no folder takes a file.
PIPED = (
    "await import('data:text/javascript;base64,'"
    "+process.getBuiltinModule('node:fs').readFileSync(Number(process.argv[1])).toString('base64'))"
)


class Program(NamedTuple):
    """One source's bundle."""

    #: Of the file in the cache: `microsoft_teams`.
    name: str
    #: SHA-256 of the JavaScript, in hex.
    digest: str
    packed: bytes

    @staticmethod
    def pack(name: str, code: bytes) -> Program:
        return Program(name, hashlib.sha256(code).hexdigest(), zlib.compress(code))

    def code(self) -> bytes:
        """:raises ParleyError: PARLEY_PROGRAM_DAMAGED: the bytes are not those that were built"""
        try:
            code = zlib.decompress(self.packed)
        except zlib.error:
            code = b""
        if hashlib.sha256(code).hexdigest() != self.digest:
            raise ParleyError(
                "PARLEY_PROGRAM_DAMAGED",
                f"The JavaScript inside the generated file of {self.name} is not the one that was built.",
                "Copy the file again, byte for byte; an editor or a text conversion may have changed it.",
            )
        return code

    def file(self) -> str | None:
        """Path of the JavaScript in a folder that only this user can write, or None where there is no such folder."""
        for folder in cache_folders():
            try:
                return str(self._file_in(folder))
            except OSError:
                continue
        return None

    def _file_in(self, folder: Path) -> Path:
        """:raises OSError: the folder is not ours alone, or takes no file"""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_private(folder, stat.S_ISDIR)
        path = folder / f"{self.name}-{self.digest[:16]}.mjs"
        if not self._is_whole(path):
            # Renamed into place: a child that starts meanwhile never sees half a file.
            descriptor, part = tempfile.mkstemp(dir=folder, prefix=path.name)
            try:
                with os.fdopen(descriptor, "wb") as out:
                    out.write(self.code())
                os.replace(part, path)
            except BaseException:
                Path(part).unlink(missing_ok=True)
                raise
        return path

    def _is_whole(self, path: Path) -> bool:
        try:
            check_private(path, stat.S_ISREG)
            return hashlib.sha256(path.read_bytes()).hexdigest() == self.digest
        except OSError:
            return False


def cache_folders() -> Iterator[Path]:
    """Where a copy may lie: PARLEY_CACHE_DIR and nothing else when it is set, else the user's cache, else temporary files."""
    named = os.environ.get("PARLEY_CACHE_DIR")
    if named:
        yield Path(named)
        return
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    if os.path.isabs(home):
        yield Path(home) / "parley"
    yield Path(tempfile.gettempdir()) / f"parley-{os.getuid()}"


def check_private(path: Path, is_kind) -> None:
    """:raises PermissionError: a link, of another kind, of another user, or others can write it: they could change what runs"""
    found = path.lstat()
    if not is_kind(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise PermissionError(f"{path} is not this user's alone")
