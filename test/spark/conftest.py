"""What the Python tests share: the source tree in the path, a bundle of the fixture source, and one Spark."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "pipeline" / "spark"), str(HERE)]


@pytest.fixture(scope="session")
def node() -> str:
    from parley_spark.node import find_node

    return find_node({})


@pytest.fixture(scope="session")
def bundle(node, tmp_path_factory) -> str:
    """The fixture source (fixture/rooms_source.ts), bundled by the project's own script."""
    out = tmp_path_factory.mktemp("bundle") / "rooms.mjs"
    script = ROOT / "pipeline" / "bundle" / "bundle_file.ts"
    command = [node, str(script), "test/spark/fixture/rooms_source.ts", "roomsSource", str(out)]
    subprocess.run(command, cwd=ROOT, check=True)
    return str(out)


class Rooms:
    """The world that the fixture source reads, and the options that lead to it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.file = folder / "world.json"
        self.events: list[dict] = []
        self.options = {"world_file": str(self.file), "api_key": "k3y-that-must-not-show", "tableName": "events"}

    def say(self, room: str, id: str, at: int, text: str = "") -> None:
        self.events.append({"room": room, "id": id, "at": at, "text": text})

    def show(self, now: int, rooms: str, refused: str = "") -> None:
        """Rooms have names of one letter."""
        world = {"now": now, "rooms": list(rooms), "refused": list(refused), "events": self.events}
        self.file.write_text(json.dumps(world))


@pytest.fixture
def rooms(tmp_path) -> Rooms:
    return Rooms(tmp_path)


@pytest.fixture(scope="session")
def spark(bundle, tmp_path_factory):
    from parley_spark import register

    from session import make_session

    session = make_session(tmp_path_factory.mktemp("spark"))
    register(session, bundle, "rooms")
    yield session
    session.stop()
