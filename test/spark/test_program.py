"""Where the program lies that children run: one private copy, never one that somebody else could have changed."""

import os
import stat
from pathlib import Path

import pytest
from parley_spark import child
from parley_spark.child import ask
from parley_spark.errors import ParleyError
from parley_spark.program import Program

WHOLE = b"""process.stderr.write('{"type":"whole"}\\n');"""
ANSWER = (
    b"const said = import.meta.url.slice(0, 5); process.stdout.write(JSON.stringify({ said })); process.stdin.destroy();"
    + WHOLE
)


@pytest.fixture
def answering(tmp_path, monkeypatch):
    monkeypatch.setenv("PARLEY_CACHE_DIR", str(tmp_path / "cache"))
    return Program.pack("answering", ANSWER)


def test_one_private_copy_is_made_and_used_again(answering, tmp_path):
    path = answering.file()
    assert path.startswith(str(tmp_path / "cache"))
    assert stat.S_IMODE(os.stat(tmp_path / "cache").st_mode) == 0o700
    made = os.stat(path)
    assert (answering.file(), os.stat(path).st_ino) == (path, made.st_ino)
    assert os.listdir(tmp_path / "cache") == [os.path.basename(path)]
    assert ask(answering, {}, {}) == {"said": "file:"}


@pytest.mark.parametrize("change", ["bytes", "link", "writable"])
def test_a_copy_that_another_could_have_changed_is_replaced(answering, tmp_path, change):
    path = answering.file()
    if change == "bytes":
        with open(path, "ab") as out:
            out.write(b"evil()")
    elif change == "link":
        os.rename(path, tmp_path / "elsewhere")
        os.symlink(tmp_path / "elsewhere", path)
    else:
        os.chmod(path, 0o666)
    assert answering.file() == path
    assert stat.S_IMODE(os.lstat(path).st_mode) == 0o600 and not os.path.islink(path)
    assert Path(path).read_bytes() == ANSWER


@pytest.mark.parametrize("folder", ["is a file", "is a link", "is writable by others"])
def test_without_a_private_folder_the_program_is_piped(answering, tmp_path, folder):
    cache = tmp_path / "cache"
    if folder == "is a file":
        cache.write_text("")
    elif folder == "is a link":
        (tmp_path / "real").mkdir(mode=0o700)
        cache.symlink_to(tmp_path / "real")
    else:
        cache.mkdir()
        cache.chmod(0o777)
    assert answering.file() is None
    assert ask(answering, {}, {}) == {"said": "data:"}


def test_a_large_program_of_commonjs_packages_runs_piped(program, rooms, tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("")
    monkeypatch.setenv("PARLEY_CACHE_DIR", str(tmp_path / "cache"))
    rooms.show(100, "ab")
    options = {key.lower(): value for key, value in rooms.options.items()}
    answer = ask(program, options, {"op": "plan", "table": "events"})
    assert [one["id"] for one in answer["partitions"]] == ["a", "b"]


def test_a_program_that_was_changed_on_its_way_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv("PARLEY_CACHE_DIR", str(tmp_path / "cache"))
    good = Program.pack("damaged", ANSWER)
    for packed in (good.packed[:-5], Program.pack("damaged", b"other").packed):
        with pytest.raises(ParleyError) as caught:
            good._replace(packed=packed).file()
        assert caught.value.code == "PARLEY_PROGRAM_DAMAGED"
    assert os.listdir(tmp_path / "cache") == []


def test_a_child_that_says_nothing_is_ended(monkeypatch):
    monkeypatch.setattr(child, "SILENT_SECONDS", 0.5)
    with pytest.raises(ParleyError) as caught:
        ask(Program.pack("silent", b"setInterval(() => {}, 1000)"), {}, {})
    assert caught.value.code == "PARLEY_CHILD_SILENT"


def test_one_that_says_that_it_lives_is_waited_for(monkeypatch):
    monkeypatch.setattr(child, "SILENT_SECONDS", 1)
    script = b"""
        setInterval(() => console.error('{"type":"alive"}'), 100)
        setTimeout(() => { process.stdout.write('{}'); process.exit() }, 3000)
    """
    assert ask(Program.pack("alive", WHOLE + script), {}, {}) == {}
