"""Runs one request in a Node.js child process. Nothing here outlives a call, so readers stay picklable."""

from __future__ import annotations

import collections
import json
import logging
import subprocess
import threading
from collections.abc import Iterator
from typing import IO, Any

import pyarrow as pa

from .errors import ParleyError
from .node import find_node

PROTOCOL = 1
# A child bounds its own retries; this only ends one that hangs.
JSON_TIMEOUT_SECONDS = 1800
KEPT_LINES = 50

log = logging.getLogger("parley")


class Child:
    """One child process with its request written. Use it in a `with`: leaving ends the process, whatever happened.

    Its stdin stays open while it is wanted; when this process dies, the system closes it and the child ends too.
    """

    def __init__(self, bundle: str, options: dict[str, str], request: dict[str, Any]):
        self._stderr: collections.deque[str] = collections.deque(maxlen=KEPT_LINES)
        self._error: dict[str, Any] | None = None
        document = {"v": PROTOCOL, "options": options, **request}
        self._process = subprocess.Popen(
            [find_node(options), bundle], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self._listener = threading.Thread(target=self._listen, args=(self._process.stderr,), daemon=True)
        self._listener.start()
        try:
            self._process.stdin.write(json.dumps(document).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            # It ended before it read the request; `finish` says why.
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                pipe.close()
            except BrokenPipeError:
                pass
        self._listener.join(timeout=5)

    @property
    def stdout(self) -> IO[bytes]:
        return self._process.stdout

    def kill(self) -> None:
        self._process.kill()

    def finish(self) -> None:
        """Waits for the end. An answer counts only when the child says that it is whole.

        :raises ParleyError: with the child's own code
        """
        code = self._process.wait()
        self._listener.join(timeout=30)
        if code == 0:
            return
        if self._error is not None:
            error = self._error
            raise ParleyError(error["code"], error["message"], error.get("remedy", ""), error.get("details"))
        raise ParleyError(
            "PARLEY_CHILD_DIED",
            f"The Node.js process ended with code {code} before its answer was whole.",
            "Look at the lines in the details; a negative code is the signal that ended it (9: memory).",
            {"exit_code": code, "stderr": list(self._stderr)},
        )

    def _listen(self, stderr: IO[bytes]) -> None:
        with stderr:
            for raw in stderr:
                line = raw.decode(errors="replace").rstrip()
                self._hear(line)

    def _hear(self, line: str) -> None:
        try:
            said = json.loads(line)
        except ValueError:
            said = None
        if isinstance(said, dict) and "type" in said:
            log.warning("parley %s", line)
        elif isinstance(said, dict) and "code" in said:
            self._error = said
        else:
            self._stderr.append(line)


def ask(bundle: str, options: dict[str, str], request: dict[str, Any]) -> dict[str, Any]:
    """Answer of an operation that answers one line of JSON."""
    with Child(bundle, options, request) as child:
        watchdog = threading.Timer(JSON_TIMEOUT_SECONDS, child.kill)
        watchdog.start()
        try:
            answer = child.stdout.read()
            child.finish()
        finally:
            watchdog.cancel()
        return json.loads(answer)


def ask_schema(bundle: str, options: dict[str, str], table: str) -> pa.Schema:
    with Child(bundle, options, {"op": "schema", "table": table}) as child:
        answer = child.stdout.read()
        child.finish()
        return pa.ipc.open_stream(answer).schema


def stream_batches(bundle: str, options: dict[str, str], request: dict[str, Any]) -> Iterator[pa.RecordBatch]:
    """Record batches as the child writes them; ends with an error unless the child read everything."""
    with Child(bundle, options, request) as child:
        try:
            with pa.ipc.open_stream(child.stdout) as stream:
                yield from stream
        except (pa.ArrowException, OSError):
            # A stream cut short is a consequence; the child knows the cause.
            child.finish()
            raise
        child.finish()
