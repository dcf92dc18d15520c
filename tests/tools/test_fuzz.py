"""``make fuzz``: a short slice of it, and that it would find what it looks for."""

from itertools import islice
from random import Random

import pytest

from stomp_broker.frames import Frame, Version, encode
from stomp_broker.protocol import StompConnection
from tools.fuzz import corpus
from tools.fuzz.__main__ import run_sockets, show
from tools.fuzz.cases import READ_BYTES, make
from tools.fuzz.inside import Inside
from tools.fuzz.mutations import MUTATIONS
from tools.fuzz.reaction import CODES, FaultError, judge
from tools.fuzz.run import MAX_FAULTS, Result, run

SEED = 20
LONG = 300.0
CONNECTED = encode(Frame("CONNECTED", {"version": "1.2"}), Version.V12)


def error(code):
    return encode(Frame("ERROR", {"message": code}, b"no"), Version.V12)


def nothing():
    return 0


class TestSlice:
    def test_thousands_of_cases_inside_find_nothing(self):
        with Inside() as inside:
            result = run(SEED, 4000, LONG, inside.run, nothing)
        assert (result.done, result.faults) == (4000, [])
        assert len(inside.reactions) > 15

    def test_hundreds_of_cases_over_sockets_find_nothing(self):
        result = run_sockets(SEED, 300, LONG)
        assert (result.done, result.faults) == (300, [])
        assert result.reactions["bad-command"] > 10


class TestCases:
    def test_a_seed_gives_the_same_cases_again_and_another_gives_others(self, monkeypatch):
        monkeypatch.setattr("tools.fuzz.cases.time.time", lambda: 1_800_000_000)
        first, again, other = (list(islice(make(seed), 100)) for seed in (1, 1, 2))
        assert first == again
        assert first != other

    def test_pieces_are_what_a_socket_reads(self):
        for case in islice(make(SEED), 1000):
            assert all(0 < len(piece) <= READ_BYTES for piece in case.pieces)
            assert b"".join(case.whole) == b"".join(case.pieces)

    @pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
    def test_every_mutation_spoils_something_and_takes_every_frame(self, mutation):
        frames, random = corpus.load()[Version.V12], Random(SEED)
        assert any(mutation(frame, random, frames) != frame for frame in frames)
        assert isinstance(mutation(b"", random, frames), bytes)


class TestJudge:
    @pytest.mark.parametrize(
        ("output", "code"), [(b"", ""), (CONNECTED, ""), (CONNECTED + error("bad-ack"), "bad-ack")]
    )
    def test_frames_and_one_error_at_the_end_are_in_order(self, output, code):
        assert judge(output) == code

    @pytest.mark.parametrize(
        "output",
        [
            error("internal-error"),
            error("oh"),
            error("bad-ack") + error("bad-ack"),
            error("bad-ack") + CONNECTED,
            encode(Frame("SEND", {}), Version.V12),
            b"HTTP/1.1 400\r\n\r\n",
        ],
    )
    def test_anything_else_is_a_fault(self, output):
        with pytest.raises(FaultError):
            judge(output)

    def test_codes_are_those_of_the_book(self):
        assert {"bad-length", "rate-limit", "access-refused"} <= CODES


class TestFaults:
    """What a broken broker would look like."""

    def faults(self, monkeypatch, name, broken):
        monkeypatch.setattr(StompConnection, name, broken)
        with Inside() as inside:
            return run(SEED, 200, LONG, inside.run, nothing).faults

    def test_an_exception_that_escapes_is_found_and_after_some_the_run_ends(self, monkeypatch):
        def broken(connection, data):
            raise KeyError("oh")

        faults = self.faults(monkeypatch, "dataReceived", broken)
        assert len(faults) == MAX_FAULTS
        assert faults[0].startswith(f"seed {SEED}, case 0: KeyError('oh')\n")

    def test_so_is_one_that_the_log_alone_has(self, monkeypatch):
        monkeypatch.setattr("stomp_broker.hub.Hub.publish", None)
        with Inside() as inside:
            assert run(SEED, 200, LONG, inside.run, nothing).faults

    def test_so_is_an_error_after_which_the_connection_goes_on(self, monkeypatch):
        assert self.faults(monkeypatch, "_hang_up", lambda connection, closed: None)

    def test_so_is_what_is_left_behind(self, monkeypatch):
        assert self.faults(monkeypatch, "connectionLost", lambda connection, reason=None: None)

    def test_so_is_what_depends_on_the_pieces(self, monkeypatch):
        monkeypatch.setattr("tools.fuzz.inside._told", len)
        with Inside() as inside:
            faults = run(SEED, 200, LONG, inside.run, nothing).faults
        assert all("the pieces made a difference" in fault for fault in faults)
        assert faults


class TestReport:
    def test_a_run_is_good_when_all_was_done_nothing_found_and_memory_stays(self, capsys):
        assert show("inside", Result(1, 10, done=10), max_grown=10)
        assert "10 of 10 cases" in capsys.readouterr().out

    @pytest.mark.parametrize(
        "result",
        [
            Result(1, 10, done=9),
            Result(1, 10, done=10, faults=["oh"]),
            Result(1, 100_000, done=100_000, grown=10_000_000),
        ],
    )
    def test_else_it_is_not(self, result):
        assert not show("inside", result, max_grown=10)

    def test_a_run_ends_when_its_time_is_over(self):
        assert run(SEED, 1000, 0.0, lambda case: None, nothing).done == 1
