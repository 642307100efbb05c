"""What deploy/ says is true: nginx serves by its configuration, units call commands that exist."""

from __future__ import annotations

import configparser
import http.client
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from django.conf import settings as of_the_site
from django.core.management import get_commands, load_command_class
from django.db import connection
from pytest_django import Settings

from tests.management.test_serve import Site, folder

DEPLOY = Path(of_the_site.BASE_DIR) / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
HOST = "controluce.example.org"

__all__ = ["folder"]


def read(unit: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd tells capitals from small letters
    parser.read(unit)
    return parser


def commands(unit: Path) -> list[list[str]]:
    lines = re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)
    return [line.split() for line in lines]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_does_what_can_be_done(unit: Path, settings: Settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    sections = read(unit)
    assert "Unit" in sections
    if unit.suffix == ".timer":
        assert unit.with_suffix(".service") in UNITS
        assert "OnCalendar" in sections["Timer"]
        return
    service = sections["Service"]
    if "manage.py serve" in service["ExecStart"]:
        # Granian ends with 0 where its processes die one after the other.
        assert service["Restart"] == "always"
    assert service["User"] == "controluce"
    assert (service["NoNewPrivileges"], service["ProtectSystem"]) == ("true", "strict")
    for python, manage, name, *arguments in commands(unit):
        assert (python, manage) == ("/opt/controluce/.venv/bin/python", "manage.py")
        app = get_commands()[name]
        command = app if not isinstance(app, str) else load_command_class(app, name)
        # An argument that is not known ends it.
        command.create_parser("manage.py", name).parse_args(arguments)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_takes_every_unit(tmp_path: Path) -> None:
    for unit in UNITS:
        words = unit.read_text().replace("/opt/controluce/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(words)
    checked = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))], capture_output=True, text=True
    )
    ours = [line for line in checked.stderr.splitlines() if "controluce" in line]
    assert (checked.returncode, ours) == (0, [])


def test_the_environment_of_the_units_is_documented() -> None:
    documented = (DEPLOY.parent / "docs" / "deployment.md").read_text(encoding="utf-8")
    lines = (DEPLOY / "environment").read_text(encoding="utf-8").splitlines()
    names = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    assert names and all(f"`{name}`" in documented for name in names)


# nginx


@pytest.fixture
def served(folder: Path) -> Iterator[tuple[int, int, ssl.SSLContext]]:
    """The ports of nginx with the configuration as it is, but for its places; and whom to trust."""
    if not shutil.which("nginx") or connection.vendor != "sqlite":
        pytest.skip("nginx is not here, or the site was served on SQLite already")
    authority = trustme.CA()
    certificate = authority.issue_cert(HOST)
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    for number, pem in enumerate(certificate.cert_chain_pems):
        pem.write_to_path(folder / "chain.pem", append=number > 0)
    plain, secure = free_port(), free_port()
    words = (DEPLOY / "nginx" / "controluce.conf").read_text(encoding="utf-8")
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{secure} ssl http2;"),
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("/run/controluce/web.sock", f"{folder}/web.sock"),
        ("/var/cache/nginx/controluce", f"{folder}/cache"),
        (f"/etc/letsencrypt/live/{HOST}/fullchain.pem", f"{folder}/chain.pem"),
        (f"/etc/letsencrypt/live/{HOST}/privkey.pem", f"{folder}/key.pem"),
    ):
        assert old in words, old
        words = words.replace(old, new)
    (folder / "site.conf").write_text(words)
    places = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; user {who()};\n"
        f"events {{}}\nhttp {{ access_log off; {places}\ninclude {folder}/site.conf; }}\n"
    )
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr
    site = Site(
        folder,
        CONTROLUCE_DEMO="0",
        CONTROLUCE_SECRET_KEY="x1" * 40,
        CONTROLUCE_HOSTS=HOST,
        CONTROLUCE_BEHIND_PROXY="1",
        CONTROLUCE_METRICS="1",
        CONTROLUCE_LOGS="json",
    )
    nginx = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    try:
        yield plain, secure, trusting
    finally:
        nginx.terminate()
        nginx.wait(30)
        site.close()


def who() -> str:
    import getpass

    return getpass.getuser()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


class Secure(http.client.HTTPSConnection):
    """To this machine, by the name of the site."""

    def __init__(self, port: int, trusting: ssl.SSLContext) -> None:
        super().__init__(HOST, port, timeout=30)
        self.trusting = trusting

    def connect(self) -> None:
        reached = socket.create_connection(("127.0.0.1", self.port or 443), timeout=30)
        self.sock = self.trusting.wrap_socket(reached, server_hostname=HOST)


@pytest.mark.once
def test_nginx_serves_the_site_by_this_configuration(
    served: tuple[int, int, ssl.SSLContext], folder: Path
) -> None:
    plain, secure, trusting = served

    def get(path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        asking = Secure(secure, trusting)
        asking.request("GET", path, headers={"Host": HOST, **headers})
        answer = asking.getresponse()
        body = answer.read()
        asking.close()
        return answer, body

    end = time.monotonic() + 20
    while True:
        try:
            answer, body = get("/method/")
            break
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.1)
    # It knows that it is asked by HTTPS, and says so to browsers; nothing tells what serves it.
    assert (answer.status, answer.headers["Strict-Transport-Security"]) == (200, "max-age=86400")
    assert answer.headers["Server"] == "nginx"
    # A visitor is a stranger, whatever they say of themselves.
    for said in ({}, {"X-Forwarded-For": "127.0.0.1"}, {"X-Real-IP": "127.0.0.1"}):
        assert get("/health/ready", **said)[1] == b'{"ready": true}'
    assert get("/metrics")[0].status == 404
    # Static files come as they were compressed, and stay.
    path = re.search(rb'href="(/static/css/[^"]+)"', body)
    assert path
    for coding in ("br", "gzip"):
        answer, _body = get(path[1].decode(), **{"Accept-Encoding": coding})
        assert answer.headers["Content-Encoding"] == coding
        assert "immutable" in answer.headers["Cache-Control"]
    # A request has nginx's id, and not the visitor's.
    get("/sources/", **{"X-Request-ID": "the-visitors-own-id"})
    log = (folder / "log").read_text()
    assert '"route": "reader:sources"' in log and "the-visitors-own-id" not in log
    # Without TLS one is sent to where there is.
    asking = http.client.HTTPConnection("127.0.0.1", plain, timeout=30)
    asking.request("GET", "/method/?a=1", headers={"Host": HOST})
    answer = asking.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/method/?a=1")
    asking.close()
    # Who tries passwords is slowed down.
    tried = {get("/admin/login/")[0].status for _time in range(30)}
    assert tried == {200, 429}
    for there in ("/account/second-factor/prove/", "/en/account/password/", "/account/provider/"):
        assert get(there)[0].status == 429
