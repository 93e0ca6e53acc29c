"""Real servers for tests: each is started on a free port where it is installed, and always stopped.

Where a program is missing the test is skipped and says what to install; with HANDRAIL_REQUIRE_ALL=1
(in CI) that is a failure.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parents[2]
DEADLINE = 40.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(*names: str, package: str) -> str:
    """The path of an installed program."""
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    path = os.pathsep.join([os.environ.get("PATH", ""), *map(str, places)])
    for name in names:
        if found := shutil.which(name, path=path):
            return found
    reason = f"{names[0]} is not installed (Debian: apt-get install {package})"
    if os.environ.get("HANDRAIL_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def wait_for(is_ready, what: str) -> None:
    until = time.monotonic() + DEADLINE
    while time.monotonic() < until:
        if is_ready():
            return
        time.sleep(0.05)
    raise TimeoutError(f"{what} did not come up within {DEADLINE:.0f} seconds")


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """The URL of a Redis of our own."""
    path, port = program("redis-server", package="redis-server"), free_port()
    command = [path, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: is_listening(port), "redis-server")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """The URL of an empty database in a PostgreSQL of our own."""
    initdb = program("initdb", package="postgresql")
    server, port = program("postgres", package="postgresql"), free_port()
    data = folder / "pg"
    data.mkdir()
    prefix: list[str] = []
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        prefix = [program("runuser", package="util-linux"), "-u", "postgres", "--"]
        shutil.chown(data, "postgres")
        # pytest's folders are open to their owner only; under xdist there is one more of them.
        for parent in [folder, *folder.parents]:
            if parent == Path(tempfile.gettempdir()):
                break
            parent.chmod(parent.stat().st_mode | 0o711)
    run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run([*prefix, initdb, "-D", str(data), "-U", "handrail", "-A", "trust", "-N"], **run)
    options = ["-p", str(port), "-k", str(data), "-c", "listen_addresses=127.0.0.1", "-F"]
    process = subprocess.Popen(
        [*prefix, server, "-D", str(data), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
    url = f"postgres://handrail@127.0.0.1:{port}/postgres"
    try:
        wait_for(lambda: _answers(url), "PostgreSQL")
        yield url
    finally:
        # Fast shutdown, by a signal: pg_ctl as another user could not see the folder any more if a
        # second test run has closed it meanwhile.
        os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGINT)
        process.wait(20)


def _answers(url: str) -> bool:
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


class RunningApp:
    """The product as it is run: a server process of its own, with its own data."""

    def __init__(self, env: dict[str, str], log: Path) -> None:
        self.env = env
        self.port = int(env["PORT"])
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def manage(self, *args: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *args],
            cwd=BASE, env=self.env, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port)],
                cwd=BASE,
                env=self.env,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        wait_for(self._is_up, "the server")

    def _is_up(self) -> bool:
        address = f"http://127.0.0.1:{self.port}/healthz"  # also where `url` is that of a proxy
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    @property
    def pid(self) -> int:
        assert self._process is not None, "not running"
        return self._process.pid

    def wait_until_dead(self) -> None:
        """It was killed from within."""
        assert self._process is not None, "not running"
        assert self._process.wait(20) == -9
        self._process = None

    def kill(self) -> None:
        """As a power cut would: no chance to tidy up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def stop(self) -> int:
        if self._process is None:
            return 0
        self._process.terminate()
        code = self._process.wait(30)
        self._process = None
        return code

    def log(self) -> str:
        return self._log.read_text(errors="replace")


NOT_INHERITED = ("DJANGO_SETTINGS_MODULE", "PYTEST_CURRENT_TEST", "ORIGINS")


@contextmanager
def running_app(folder: Path, *, people: bool = True, **env: str) -> Iterator[RunningApp]:
    """Migrated, seeded (without demo people when there is no need of them) and serving; `env` are
    settings such as DATABASE_URL."""
    folder.mkdir(parents=True, exist_ok=True)
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    own = {"DATA_DIR": str(folder / "var"), "PORT": str(free_port())}
    app = RunningApp({**inherited, **own, **env}, folder / "server.log")
    try:
        app.manage("migrate", "-v", "0")
        app.manage("collectstatic", "--noinput", "-v", "0")
        app.manage("seed", *([] if people else ["--rooms-only"]))
        app.start()
        yield app
    finally:
        app.kill()
