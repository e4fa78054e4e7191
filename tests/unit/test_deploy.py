"""The files of docs/deploy agree with the code and with each other."""

import re

import yaml

from tests.shared import ROOT

DEPLOY = ROOT / "docs/deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))


def test_an_instance_on_postgresql_is_otherwise_as_that_of_make_dev():
    here, there = (yaml.safe_load(path.read_text()) for path in (ROOT / "dagster.yaml", DEPLOY / "dagster.yaml"))
    assert {key: there.get(key) for key in here} == here
    assert there.keys() - here.keys() == {"storage", "retention"}


def test_every_setting_is_one_that_the_code_reads():
    code = "".join(path.read_text() for path in ROOT.glob("pipelines/**/*.py"))
    words = re.findall(r"\bCRSIGHT_\w+", (DEPLOY / "crsight.env").read_text() + (ROOT / "docs/deploy.md").read_text())
    assert [word for word in words if f'"{word}"' not in code] == []


def test_the_web_ui_is_on_the_loopback_address_only():
    commands = (ROOT / "Makefile").read_text() + (DEPLOY / "crsight-web.service").read_text()
    started = [line for line in commands.splitlines() if "dagster dev" in line or "dagster-webserver" in line]
    assert len(started) == 2
    assert all("-h 127.0.0.1" in line for line in started)


def test_the_services_and_the_workspace_speak_of_the_same_files():
    services = "".join(path.read_text() for path in SERVICES)
    assert len(SERVICES) == 3
    assert services.count("EnvironmentFile=/etc/crsight/crsight.env") == 3
    assert services.count("-w /etc/crsight/workspace.yaml") == 2
    [location] = yaml.safe_load((DEPLOY / "workspace.yaml").read_text())["load_from"]
    assert f"--socket {location['grpc_server']['socket']}" in services
