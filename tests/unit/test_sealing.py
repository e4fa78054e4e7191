"""A closed release as one file that only the holders of given keys can open."""

import io
import os
import tarfile

import pyrage
import pytest

from pipelines.errors import WrongUsage
from pipelines.sealing import recipients_of, seal


@pytest.fixture
def release(tmp_path):
    folder = tmp_path / "releases/S1/2026-06-30"
    (folder / "datasets").mkdir(parents=True)
    (folder / "report-closed.html").write_text("who had what")
    (folder / "datasets/adsl.xpt").write_bytes(bytes(range(256)))
    return folder


@pytest.fixture
def board():
    return pyrage.x25519.Identity.generate()


def keys_of(tmp_path, *lines):
    path = tmp_path / "board.keys"
    path.write_text("# the board\n\n" + "\n".join(lines) + "\n")
    return path


def opened(sealed, key):
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(sealed.read_bytes(), [key]))) as tar:
        return {one.name: tar.extractfile(one).read() for one in tar if one.isfile()}


def test_each_holder_of_a_key_can_open_all_of_it(release, board, tmp_path):
    other = pyrage.x25519.Identity.generate()
    keys = keys_of(tmp_path, str(board.to_public()), str(other.to_public()))
    sealed = seal(release, tmp_path / "sealed", keys)
    for key in (board, other):
        assert opened(sealed, key) == {
            "S1/2026-06-30/report-closed.html": b"who had what",
            "S1/2026-06-30/datasets/adsl.xpt": bytes(range(256)),
        }


def test_nobody_else_can_open_it(release, board, tmp_path):
    sealed = seal(release, tmp_path / "sealed", keys_of(tmp_path, str(board.to_public())))
    with pytest.raises(pyrage.DecryptError):
        opened(sealed, pyrage.x25519.Identity.generate())
    assert b"who had what" not in sealed.read_bytes()


def test_nothing_but_the_sealed_file_is_left(release, board, tmp_path):
    seal(release, tmp_path / "sealed", keys_of(tmp_path, str(board.to_public())))
    assert os.listdir(tmp_path / "sealed") == ["2026-06-30.tar.age"]
    assert os.listdir(release.parent) == ["2026-06-30"]


def test_sealing_again_is_for_the_keys_given_then(release, board, tmp_path):
    seal(release, tmp_path / "sealed", keys_of(tmp_path, str(board.to_public())))
    other = pyrage.x25519.Identity.generate()
    sealed = seal(release, tmp_path / "sealed", keys_of(tmp_path, str(other.to_public())))
    assert opened(sealed, other)
    with pytest.raises(pyrage.DecryptError):
        opened(sealed, board)


@pytest.mark.parametrize(
    "line", ["age1nothing", "ssh-ed25519 AAAA", "who?", str(pyrage.x25519.Identity.generate())], ids=range(4)
)
def test_a_line_that_is_no_public_key_is_told_by_its_number_and_not_printed(line, tmp_path):
    with pytest.raises(WrongUsage, match=r"board\.keys: line 3 is no public key") as told:
        recipients_of(keys_of(tmp_path, line))
    assert line not in str(told.value)


def test_a_file_without_keys_is_told(tmp_path):
    with pytest.raises(WrongUsage, match="no public key in it"):
        recipients_of(keys_of(tmp_path))


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(WrongUsage, match=r"board\.keys: no file of public keys"):
        recipients_of(tmp_path / "board.keys")
