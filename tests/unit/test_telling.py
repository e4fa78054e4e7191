"""People are told of a run by a command or an address of theirs."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from pipelines import telling
from pipelines.ran import Ran
from pipelines.telling import Telling, tell, telling_from_environment

RAN = Ran(
    study="S1",
    outcome="refused",
    reason='S1: graded.episodes: a rule is broken by 1 rows; the first are [{"grade": 7}].',
    brief="S1: graded.episodes: a rule is broken by 1 rows",
    release="",
    run_id="r1",
    cut="2026-03-31",
    at="2026-04-01T02:00:00+00:00",
)
TOLD = {
    "study": "S1",
    "cut": "2026-03-31",
    "outcome": "refused",
    "reason": "S1: graded.episodes: a rule is broken by 1 rows",
    "run": "r1",
    "at": "2026-04-01T02:00:00+00:00",
    "text": "S1, cut 2026-03-31: refused: S1: graded.episodes: a rule is broken by 1 rows",
}


def python(folder, code):
    """A command that runs the code."""
    (folder / "hook.py").write_text(code)
    return f"{sys.executable} {folder / 'hook.py'}"


def writes_down(folder):
    """A command that writes down what it is told."""
    return python(folder, f"import sys; open({str(folder / 'told')!r}, 'w').write(sys.stdin.read())")


@pytest.fixture
def listener():
    """A web server of one's own: its address, what was posted, and the status it answers with."""
    posted, status = [], [204]

    class Listening(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posted.append((self.path, self.headers["Content-Type"], json.loads(body)))
            self.send_response(status[0])
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Listening) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hook?token=secret", posted, status
        server.shutdown()
        thread.join()


def test_a_command_reads_what_happened_without_a_row_of_the_data(tmp_path):
    assert tell(Telling(where=writes_down(tmp_path)), RAN) == ""
    assert json.loads((tmp_path / "told").read_text()) == TOLD


def test_an_address_is_posted_the_same(listener):
    address, posted, _ = listener
    assert tell(Telling(where=address), RAN) == ""
    assert posted == [("/hook?token=secret", "application/json", TOLD)]


def test_an_address_that_will_not_listen_is_said_without_its_password(listener):
    address, _, status = listener
    status[0] = 503
    said = tell(Telling(where=address), RAN)
    assert said.startswith("CRSIGHT_TELL: nobody was told that S1 was refused: HTTPError: HTTP Error 503")
    assert "secret" not in said


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import sys; sys.exit('no such room')", "the command ended with 1: no such room"),
        ("import time; time.sleep(60)", "the command was not done after 0.5 seconds"),
    ],
)
def test_a_command_that_fails_is_said_and_harms_nothing(tmp_path, monkeypatch, code, says):
    monkeypatch.setattr(telling, "SECONDS", 0.5 if "sleep" in code else 30)
    assert says in tell(Telling(where=python(tmp_path, code)), RAN)


@pytest.mark.parametrize("where", ["/no/such/command", "https://", "'unclosed"])
def test_what_is_no_command_and_no_address_is_said(where):
    assert tell(Telling(where=where), RAN).startswith("CRSIGHT_TELL: nobody was told that S1 was refused: ")


@pytest.mark.parametrize(
    ("outcome", "reason", "of", "is_told"),
    [
        ("released", "", "refused,broken", False),
        ("released", "", "released", True),
        ("released", "unchanged", "released", False),
        ("broken", "", "refused, broken", True),
        ("busy", "", "refused,broken,released", False),
    ],
)
def test_people_are_told_of_what_they_asked_for(tmp_path, monkeypatch, outcome, reason, of, is_told):
    monkeypatch.setenv("CRSIGHT_TELL", writes_down(tmp_path))
    monkeypatch.setenv("CRSIGHT_TELL_OF", of)
    ran = Ran(study="S1", outcome=outcome, reason=reason, release="", run_id="r1")
    assert tell(telling_from_environment(), ran) == ""
    assert (tmp_path / "told").exists() == is_told


def test_an_outcome_that_does_not_exist_is_said_rather_than_never_told():
    said = tell(Telling(where="true", of=("failed",)), RAN)
    assert said == "CRSIGHT_TELL_OF: found 'failed', expected some of refused, broken, released; nobody was told."


def test_nobody_is_told_unless_somebody_is_named(monkeypatch):
    monkeypatch.delenv("CRSIGHT_TELL", raising=False)
    assert tell(telling_from_environment(), RAN) == ""
