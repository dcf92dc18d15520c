import os

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from twisted.internet import task

from orbited.config import Mount
from tests.orbited.rig import Rig

SECRET = b"not for browsers"


@pytest.fixture(autouse=True)
def work(monkeypatch):
    """What Twisted has still to do for the files under way: it hands them over in pieces, one a turn."""
    work = []
    monkeypatch.setattr(task, "_theCooperator", task.Cooperator(scheduler=work.append))
    return work


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "files"
    (folder / "below").mkdir(parents=True)
    (folder / "bare").mkdir()
    (folder / ".git").mkdir()
    (folder / "page.html").write_text("<p>a page")
    (folder / "data").write_text("<script>")
    (folder / "below" / "index.html").write_text("<p>an index")
    (folder / ".env").write_bytes(SECRET)
    (folder / ".git" / "config").write_bytes(SECRET)
    (tmp_path / "secret").write_bytes(SECRET)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_bytes(SECRET)
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "door").symlink_to(tmp_path / "outside")
    (folder / "alias.html").symlink_to(folder / "page.html")
    os.mkfifo(folder / "pipe")
    return folder


@pytest.fixture
def make_rig(work):
    class WorkingRig(Rig):
        def ask(self, *details, **headers):
            answer = super().ask(*details, **headers)
            while work:
                work.pop(0)()
            return answer

    return WorkingRig


@pytest.fixture
def rig(make_rig, folder):
    return make_rig(static=(Mount("files", folder), Mount("one", folder / "page.html")))


@pytest.mark.parametrize("path", ["/files/page.html", "/one", "/files/alias.html"])
def test_files_are_served(rig, path):
    answer = rig.ask("GET", path)
    assert (answer.status, answer.body) == (200, b"<p>a page")
    assert answer.headers["content-type"] == "text/html"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_head_options_and_others(rig):
    answer = rig.ask("HEAD", "/files/page.html")
    assert (answer.status, answer.headers["content-length"], answer.body) == (200, "9", b"")
    assert rig.ask("OPTIONS", "/files/page.html").status == 204
    assert rig.ask("POST", "/files/page.html").status == 405


def test_file_is_not_sent_again_to_who_has_it(rig):
    first = rig.ask("GET", "/files/page.html")
    again = rig.ask("GET", "/files/page.html", if_modified_since=first.headers["last-modified"])
    assert again.status == 304


def test_file_of_no_known_type_runs_nowhere(rig):
    assert rig.ask("GET", "/files/data").headers["content-type"] == "application/octet-stream"


def test_directory_is_its_index(rig):
    assert rig.ask("GET", "/files/below/").body == b"<p>an index"


@pytest.mark.parametrize(("path", "location"), [("/files/below", "./below/"), ("/files", "./files/")])
def test_directory_without_its_slash_is_sent_there(rig, path, location):
    answer = rig.ask("GET", path)
    assert (answer.status, answer.headers["location"]) == (302, location)


@pytest.mark.parametrize(
    "path",
    [
        "/files/",
        "/files/bare/",
        "/files/nothing.html",
        "/files/page.html/below",
        "/files/.env",
        "/files/.git/config",
        "/files/link",
        "/files/door/secret",
        "/files/door/",
        "/files/pipe",
        "/files/../secret",
        "/files/..%2fsecret",
        "/files/%2e%2e/secret",
        "/files/%2fetc%2fpasswd",
        "/files//etc/passwd",
        "/files/page.html%00.js",
        "/files/%ff",
        "/files/%c0%ae%c0%ae/secret",
        "/files/" + "x" * 300,
        "/one/below",
    ],
)
def test_a13_nothing_else_is_served(rig, path):
    answer = rig.ask("GET", path)
    assert answer.status in (400, 404)
    assert SECRET not in answer.body


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(parts=st.lists(st.sampled_from(["..", ".", "", "%2e%2e", "%2f", "door", "secret", "below", "link", "%00"])))
def test_a13_no_path_leads_out(rig, parts):
    answer = rig.ask("GET", "/files/" + "/".join(parts))
    assert SECRET not in answer.body


def test_file_that_the_relay_may_not_read_is_403(rig, folder, monkeypatch):
    def refuse(self, mode="r"):
        raise PermissionError(13, "Permission denied", self.path)

    monkeypatch.setattr("twisted.python.filepath.FilePath.open", refuse)
    assert rig.ask("GET", "/files/page.html").status == 403


def test_mount_that_is_gone_is_404(make_rig, tmp_path):
    assert make_rig(static=(Mount("gone", tmp_path / "gone"),)).ask("GET", "/gone/").status == 404


def test_index_directory_lies_at_the_root_beside_everything_else(make_rig, folder):
    rig = make_rig(static=(Mount("INDEX", folder), Mount("more", folder / "below")))
    (folder / "healthz").write_text("mine")
    (folder / "index.html").write_text("<p>front page")
    assert rig.ask("GET", "/").body == b"<p>front page"
    assert rig.ask("GET", "/page.html").body == b"<p>a page"
    assert rig.ask("GET", "/more/").body == b"<p>an index"
    assert rig.ask("GET", "/healthz").body == b"ok\n"
    assert rig.ask("GET", "/tcp").status == 200
    assert rig.ask("GET", "/.env").status == 404
    assert rig.ask("GET", "/nothing").status == 404


def test_index_file_is_the_front_page(make_rig, folder):
    rig = make_rig(static=(Mount("INDEX", folder / "page.html"),))
    assert rig.ask("GET", "/").body == b"<p>a page"
    assert rig.ask("GET", "/page.html").status == 404
