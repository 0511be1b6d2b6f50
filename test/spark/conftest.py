"""What the Python tests share: the source tree in the path, a bundle of the fixture source, and one Spark."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GENERATED = "_generated_rooms_python_source.py"
sys.path[:0] = [str(ROOT / "pipeline" / "spark"), str(HERE)]


@pytest.fixture(scope="session")
def node() -> str:
    from parley_spark.node import find_node

    return find_node({})


@pytest.fixture(scope="session")
def made(node, tmp_path_factory) -> Path:
    """The fixture source (fixture/rooms_source.ts), made by the project's own script: the program and the generated file."""
    folder = tmp_path_factory.mktemp("made")
    script = ROOT / "pipeline" / "bundle" / "bundle_file.ts"
    for name in ("rooms.mjs", GENERATED):
        command = [node, str(script), "test/spark/fixture/rooms_source.ts", "roomsSource", str(folder / name)]
        subprocess.run(command, cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="session")
def bundle(made) -> str:
    return str(made / "rooms.mjs")


@pytest.fixture(scope="session")
def program(bundle):
    from parley_spark import Program

    return Program.pack("rooms", Path(bundle).read_bytes())


@pytest.fixture(scope="session")
def generated(made):
    """The generated file as a module, as a notebook has it: from a folder that no worker knows."""
    from session import load_generated

    return load_generated(made / GENERATED)


class Rooms:
    """The world that the fixture source reads, and the options that lead to it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.file = folder / "world.json"
        self.events: list[dict] = []
        self.options = {"world_file": str(self.file), "api_key": "k3y-that-must-not-show", "tableName": "events"}

    def say(self, room: str, id: str, at: int, text: str = "") -> None:
        self.events.append({"room": room, "id": id, "at": at, "text": text})

    def show(
        self, now: int, rooms: str, refused: str = "", absent: str = "", hidden: str = "", gate: dict | None = None
    ) -> None:
        """Rooms have names of one letter. :param gate: as in the fixture"""
        lists = {"rooms": list(rooms), "refused": list(refused), "absent": list(absent), "hidden": list(hidden)}
        world = {"now": now, **lists, "events": self.events, **({"gate": gate} if gate else {})}
        self.file.write_text(json.dumps(world))


@pytest.fixture
def rooms(tmp_path) -> Rooms:
    return Rooms(tmp_path)


@pytest.fixture(scope="session")
def simulator(node):
    """One of Teams: where it runs, as options of a connection."""
    command = [
        node,
        str(ROOT / "bin" / "parley.js"),
        "simulate",
        "microsoft_teams",
        "--size",
        "40",
        "--throttle",
        "off",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        text = ""
        while not text.endswith("}\n"):
            line = process.stdout.readline()
            assert line, process.stderr.read()
            text += line
        options = json.loads(text)
        ask_simulator(options, "clock", {"advance_ms": 600_000})
        yield options
        process.terminate()


def ask_simulator(simulator, what, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(f"{simulator['graph_base_url']}/_simulator/{what}", data) as answer:
        return answer.read().decode()


@pytest.fixture(scope="session")
def spark(generated, tmp_path_factory):
    from session import make_session

    session = make_session(tmp_path_factory.mktemp("spark"))
    generated.register_lakeflow_source(session)
    yield session
    session.stop()
