"""A Spark driver (drive.py) in a process of its own, which a test can leave waiting, look into, and kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

from conftest import HERE

#: Children inherit it, whoever becomes their parent: the JVM, Python's workers, and Node.
MARK = "PARLEY_TEST_DRIVER"


class DriverProcess:
    def __init__(self, setup: dict[str, Any], environment: dict[str, str] | None = None):
        self.mark = f"{MARK}={uuid.uuid4()}"
        self.folder = Path(setup["folder"])
        with (self.folder / "driver.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(HERE / "drive.py")],
                env={**(environment or os.environ), MARK: self.mark.partition("=")[2]},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._send(setup)

    def ask(self, do: str, **arguments: Any) -> dict[str, Any]:
        self.tell(do, **arguments)
        return self.answer()

    def tell(self, do: str, **arguments: Any) -> None:
        """Without waiting for the answer."""
        self._send({"do": do, **arguments})

    def answer(self) -> dict[str, Any]:
        line = self.process.stdout.readline()
        assert line, (self.folder / "driver.log").read_text()[-4000:]
        return json.loads(line)

    def nodes(self) -> list[int]:
        """Node processes that this driver has started, by whatever way, and that live."""
        return [pid for pid, program in self._processes() if program.startswith("node")]

    def others(self) -> list[int]:
        """All that it has started, of whatever program."""
        return [pid for pid, _ in self._processes()]

    def jvm(self) -> int:
        (pid,) = [pid for pid, program in self._processes() if program == "java"]
        return pid

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()

    def _send(self, line: dict[str, Any]) -> None:
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()

    def _processes(self) -> list[tuple[int, str]]:
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if self.mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found.append((int(folder.name), os.path.basename(os.readlink(folder / "exe"))))
            except OSError:
                # It has ended meanwhile, or belongs to somebody else.
                continue
        return found


def wait_until(condition, what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
