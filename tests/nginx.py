"""A real nginx with deploy/nginx.conf, on ports of its own and with a certificate made for it."""

import os
import shutil
import ssl
import subprocess
from pathlib import Path
from typing import Self

import pytest

from quiz.processes.network import free_port
from tests.orbited.certificates import write_pair
from tests.stack import PATIENCE, ROOT, is_open, wait_until

PROGRAM = shutil.which("nginx") or "/usr/sbin/nginx"
NAME = "localhost"

# What a distribution's nginx.conf has round the file; everything that it writes goes into the test's folder.
AROUND = """
daemon off;
{user}
worker_processes 1;
pid nginx.pid;
error_log error.log info;
events {{}}
http {{
    access_log access.log;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include site.conf;
}}
"""


def nginx_is_here() -> None:
    """Skip the test, or fail it where the program is owed (``CI=true``)."""
    if not Path(PROGRAM).exists():
        message = "nginx is not installed (Debian: apt-get install nginx)"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)


class Nginx:
    """In front of the web process and the relay on these ports of this machine."""

    def __init__(self, folder: Path, web: int, relay: int, port: int | None = None) -> None:
        nginx_is_here()
        folder.mkdir()
        self.folder = folder
        self.port = port or free_port()
        self.plain_port = free_port()
        self.certificate = write_pair(folder, NAME)
        (folder / "site.conf").write_text(self._site(web, relay))
        user = "user root;" if os.getuid() == 0 else ""
        (folder / "nginx.conf").write_text(AROUND.format(user=user))

    def _site(self, web: int, relay: int) -> str:
        """The file as it is, but for what an operator changes."""
        text = (ROOT / "deploy" / "nginx.conf").read_text()
        for ours, theirs in {
            "127.0.0.1:8000": f"127.0.0.1:{web}",
            "127.0.0.1:8080": f"127.0.0.1:{relay}",
            "    listen 80;\n": f"    listen 127.0.0.1:{self.plain_port};\n",
            "    listen 443 ssl": f"    listen 127.0.0.1:{self.port} ssl",
            "    listen [::]:80;\n": "",
            "    listen [::]:443 ssl http2;\n": "",
            "quiz.example.org": NAME,
            f"/etc/letsencrypt/live/{NAME}/fullchain.pem": str(self.folder / "crt.pem"),
            f"/etc/letsencrypt/live/{NAME}/privkey.pem": str(self.folder / "key.pem"),
            "/var/log/nginx": str(self.folder),
        }.items():
            assert ours in text, ours
            text = text.replace(ours, theirs)
        return text

    def __enter__(self) -> Self:
        self.process = subprocess.Popen([PROGRAM, "-e", "error.log", "-p", str(self.folder), "-c", "nginx.conf"])
        wait_until(lambda: is_open(self.port) or self.process.poll() is not None, self.log)
        assert self.process.poll() is None, self.log
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)

    @property
    def authority(self) -> str:
        return f"{NAME}:{self.port}"

    @property
    def origin(self) -> str:
        return f"https://{self.authority}"

    @property
    def trust(self) -> ssl.SSLContext:
        """A client's TLS that knows this certificate and believes no other."""
        return ssl.create_default_context(cafile=str(self.folder / "crt.pem"))

    @property
    def log(self) -> str:
        """All that nginx has written."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))
