"""Runs one request in a Node.js child process. Nothing here outlives a call, so readers stay picklable."""

from __future__ import annotations

import collections
import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import IO, Any

import pyarrow as pa

from .errors import ParleyError
from .log import log
from .merge_batches import merge_batches
from .node import find_node
from .program import PIPED, Program

PROTOCOL = 1
# A child says every half minute that it is alive, also while it waits for a limit; this ends one that hangs.
SILENT_SECONDS = 600
KEPT_LINES = 50


class Child:
    """One child process with its request written. Use it in a `with`: leaving ends the process, whatever happened.

    Its stdin stays open while it is wanted; when this process dies, the system closes it and the child ends too. So it
    does when Spark dies, which a process of Spark's would not notice before its next word to it.
    """

    def __init__(self, program: Program, options: dict[str, str], request: dict[str, Any]):
        self._stderr: collections.deque[str] = collections.deque(maxlen=KEPT_LINES)
        self._error: dict[str, Any] | None = None
        self._heard = time.monotonic()
        self._silent = self._whole = False
        self._spark = os.getppid() if is_of_spark() else None
        self._ended = threading.Event()
        self._process = start_node(find_node(options), program)
        threads = (self._listen, self._watch)
        self._threads = [threading.Thread(target=one, daemon=True) for one in threads]
        for one in self._threads:
            one.start()
        document = {"v": PROTOCOL, "options": options, **request}
        try:
            self._process.stdin.write(json.dumps(document).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            # It ended before it read the request; `finish` says why.
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                pipe.close()
            except BrokenPipeError:
                pass
        for one in self._threads:
            one.join(timeout=5)

    @property
    def stdout(self) -> IO[bytes]:
        return self._process.stdout

    def finish(self) -> None:
        """Waits for the end. An answer counts only when the child says that it is whole.

        :raises ParleyError: with the child's own code
        """
        code = self._process.wait()
        self._threads[0].join(timeout=30)
        if self._error is not None:
            error = self._error
            raise ParleyError(error["code"], error["message"], error.get("remedy", ""), error.get("details"))
        # Not by the code alone: where SIGCHLD is ignored, and that is inherited, the system tells 0 of every child.
        if code == 0 and self._whole:
            return
        if self._silent:
            raise ParleyError(
                "PARLEY_CHILD_SILENT",
                f"The Node.js process said nothing for {SILENT_SECONDS} seconds and was ended.",
                "Run again; if it stays, report it with the table and its options.",
                {"stderr": list(self._stderr)},
            )
        raise ParleyError(
            "PARLEY_CHILD_DIED",
            f"The Node.js process ended with code {code} before its answer was whole.",
            "Look at the lines in the details; a negative code is the signal that ended it (9: memory).",
            {"exit_code": code, "stderr": list(self._stderr)},
        )

    def _watch(self) -> None:
        while not self._ended.wait(min(SILENT_SECONDS, 5)):
            if self._process.poll() is not None:
                return
            if time.monotonic() - self._heard > SILENT_SECONDS:
                self._silent = True
                self._process.kill()
            if self._spark is not None and os.getppid() != self._spark:
                self._process.kill()

    def _listen(self) -> None:
        with self._process.stderr as stderr:
            for raw in stderr:
                self._heard = time.monotonic()
                self._hear(raw.decode(errors="replace").rstrip())

    def _hear(self, line: str) -> None:
        try:
            said = json.loads(line)
        except ValueError:
            said = None
        kind = said.get("type") if isinstance(said, dict) else None
        if kind in ("alive", "whole"):
            self._whole |= kind == "whole"
        elif kind is not None:
            log.warning("parley %s", line)
        elif isinstance(said, dict) and "code" in said:
            self._error = said
        else:
            self._stderr.append(line)


def is_of_spark() -> bool:
    """Whether Spark started this process, to plan or to carry out a task: then its parent dies only with Spark."""
    return any(name.startswith("PYTHON_WORKER_FACTORY_") for name in os.environ)


def start_node(node: str, program: Program) -> subprocess.Popen:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    path = program.file()
    if path is not None:
        return subprocess.Popen([node, path], **pipes)
    return start_piped(node, program.code(), pipes)


def start_piped(node: str, code: bytes, pipes: dict[str, Any]) -> subprocess.Popen:
    """Hands the program over by a descriptor of its own: stdin is for the request, and says that we live."""
    source, sink = os.pipe()
    try:
        command = [node, "--input-type=module", "-e", PIPED, str(source)]
        process = subprocess.Popen(command, pass_fds=[source], **pipes)
    except BaseException:
        os.close(sink)
        raise
    finally:
        os.close(source)
    threading.Thread(target=write_all, args=(sink, code), daemon=True).start()
    return process


def write_all(sink: int, code: bytes) -> None:
    try:
        with os.fdopen(sink, "wb") as pipe:
            pipe.write(code)
    except BrokenPipeError:
        # The child ended before it had read its program: who waits for it hears why.
        pass


def ask(program: Program, options: dict[str, str], request: dict[str, Any]) -> dict[str, Any]:
    """Answer of an operation that answers one line of JSON."""
    with Child(program, options, request) as child:
        answer = child.stdout.read()
        child.finish()
        return json.loads(answer)


def ask_schema(program: Program, options: dict[str, str], table: str) -> pa.Schema:
    with Child(program, options, {"op": "schema", "table": table}) as child:
        answer = child.stdout.read()
        child.finish()
        return pa.ipc.open_stream(answer).schema


def stream_batches(program: Program, options: dict[str, str], request: dict[str, Any]) -> Iterator[pa.RecordBatch]:
    """Record batches as the child writes them; ends with an error unless the child read everything."""
    with Child(program, options, request) as child:
        try:
            with pa.ipc.open_stream(child.stdout) as stream:
                yield from merge_batches(stream)
        except (pa.ArrowException, OSError):
            # A stream cut short is a consequence; the child knows the cause.
            child.finish()
            raise
        child.finish()
