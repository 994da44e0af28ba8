"""compose.yaml, without a container engine: it is read as one reads it, and what runs in it is run here."""

import os
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.lifecycle.runtime import TIMINGS
from bot.settings import Mode, Settings, choose_mode
from bot.storage.database import parse_url
from bot.storage.storage import open_storage
from tests.conftest import ROOT

TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
DOT_ENV = {
    "BOT_TOKEN": "1:token",
    "WEBHOOK_URL": "https://bot.example.org",
    "WEBHOOK_SECRET": "secret",
    "DATA_KEY": "0" * 64,
    "POSTGRES_PASSWORD": "0123456789abcdef",
}
"""What README and the file's first lines say that .env needs."""

VARIABLE = re.compile(r"\$\{(\w+):\?([^}]*)\}")


def interpolated(text: str) -> Any:
    """The file as Compose sees it with that .env."""
    return yaml.safe_load(VARIABLE.sub(lambda found: DOT_ENV[found[1]], text))


COMPOSE = interpolated(TEXT)
WEB, DATABASE, PROXY = (COMPOSE["services"][name] for name in ("web", "database", "proxy"))


def seconds(duration: str) -> float:
    return float(duration.removesuffix("s"))


def test_nothing_else_runs() -> None:
    assert set(COMPOSE) == {"name", "services", "configs", "volumes"}
    assert set(COMPOSE["services"]) == {"web", "database", "proxy"}


def test_what_env_lacks_is_said_instead_of_being_left_empty() -> None:
    assert "$" not in VARIABLE.sub("", TEXT)
    assert all(".env" in said for _, said in VARIABLE.findall(TEXT))


@pytest.mark.parametrize("name", sorted(DOT_ENV))
def test_the_first_lines_and_both_readmes_name_what_env_needs(name: str) -> None:
    assert name in TEXT.partition("\nname:")[0]
    for readme in ("README.md", "README.zh-TW.md"):
        assert f"`{name}`" in (ROOT / readme).read_text(encoding="utf-8")


def test_the_image_is_the_one_of_the_containerfile_by_webhook() -> None:
    assert (ROOT / WEB["build"]["context"] / WEB["build"]["dockerfile"]).samefile(ROOT / "Containerfile")
    web = next(line for line in (ROOT / "Procfile").read_text().splitlines() if line.startswith("web:"))
    assert WEB["command"] == shlex.split(web)[-1:]


def test_several_replicas_start_by_webhook_and_share_the_database(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in (DOT_ENV | WEB["environment"]).items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert WEB["deploy"]["replicas"] > 1
    assert choose_mode(settings, None) is choose_mode(settings, Mode.WEBHOOK) is Mode.WEBHOOK
    assert settings.database_url is not None
    assert settings.data_key is not None
    url = settings.database_url.get_secret_value()
    storage = open_storage(url, settings.data_key.get_secret_value(), root=tmp_path)
    try:
        assert storage.shared
    finally:
        storage.close()
    parsed = parse_url(url, tmp_path)
    made = DATABASE["environment"]
    assert (parsed.username, parsed.password) == (made["POSTGRES_USER"], made["POSTGRES_PASSWORD"])
    assert (parsed.host, parsed.port, parsed.database) == ("database", None, made["POSTGRES_USER"])


def test_the_replicas_wait_for_a_database_that_answers() -> None:
    assert WEB["depends_on"] == {"database": {"condition": "service_healthy"}}
    kind, program, *arguments = DATABASE["healthcheck"]["test"]
    assert (kind, program) == ("CMD", "pg_isready")
    assert arguments[arguments.index("--username") + 1] == DATABASE["environment"]["POSTGRES_USER"]


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert PROXY["ports"] == ["80:80", "443:443"]
    assert not any("ports" in service or "network_mode" in service for service in (WEB, DATABASE))


def test_the_proxy_serves_the_webhook_and_leads_to_every_replica() -> None:
    (config,) = PROXY["configs"]
    assert config["target"] == "/etc/caddy/Caddyfile"
    site, *directives = COMPOSE["configs"][config["source"]]["content"].split("\n")
    assert site == f"{DOT_ENV['WEBHOOK_URL']} {{"
    assert f"dynamic a web {WEB['environment']['PORT']} {{" in [line.strip() for line in directives]


def test_nobody_is_killed_while_it_answers() -> None:
    assert seconds(WEB["stop_grace_period"]) > TIMINGS.drain_s


def test_what_must_last_lies_in_volumes() -> None:
    volumes = dict(volume.split(":") for service in (DATABASE, PROXY) for volume in service["volumes"])
    assert set(volumes) == set(COMPOSE["volumes"])
    assert volumes["database"] == "/var/lib/postgresql/data"


def test_everything_starts_again() -> None:
    assert {service["restart"] for service in COMPOSE["services"].values()} == {"unless-stopped"}


@pytest.fixture
def answering() -> Iterator[tuple[int, list[int]]]:
    """A server's port, and the status that it answers with, which may be changed."""
    status = [200]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status[0] if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port, status
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_the_health_of_a_replica_is_what_it_says(answering: tuple[int, list[int]], status: int, healthy: bool) -> None:
    port, answer = answering
    answer[0] = status
    kind, program, *arguments = WEB["healthcheck"]["test"]
    assert (kind, program) == ("CMD", "python")
    assert f":{WEB['environment']['PORT']}/healthz" in arguments[-1]
    command = [each.replace(WEB["environment"]["PORT"], str(port)) for each in arguments]
    direct = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    ended = subprocess.run([sys.executable, *command], env=direct, capture_output=True, check=False)
    assert (ended.returncode == 0) is healthy
