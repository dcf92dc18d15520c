"""What hosts alone are told: who is there, who waits at the door, how far those are who play alone."""

from collections.abc import Sequence

from quiz.play.messages.types import Data


def host(*, roster: Sequence[Data], door: Data, hosts: Sequence[str], vote: Data | None) -> Data:
    """The ``me`` of a host; ``vote`` is how the first vote went, while the players discuss."""
    return {"role": "host", "roster": list(roster), "door": door, "hosts": list(hosts), "vote": vote}


def named(*, player: int, nickname: str, here: bool, team: int | None, allowance: int, asks_for_time: bool) -> Data:
    """A player in the roster; ``here``: signs of life are heard. ``allowance`` is in percent of everybody's time."""
    return {
        "player": player,
        "nickname": nickname,
        "here": here,
        "team": team,
        "allowance": allowance,
        "asks_for_time": asks_for_time,
    }


def roster(*, added: Sequence[Data], removed: Sequence[int], players: int) -> Data:
    """Who came and went since the last one; ``players`` tells a host who missed one to read the state."""
    return {"added": list(added), "removed": list(removed), "players": players}


def presence(*, away: Sequence[int], back: Sequence[int]) -> Data:
    """Players whose pages have fallen silent, and those heard again."""
    return {"away": list(away), "back": list(back)}


def door(*, approve: bool, waiting: Sequence[Data], knocks: int, swept: int) -> Data:
    """Whether newcomers wait, the first of those ``knocks`` who do, and how many a sweep removed that can be undone."""
    return {"approve": approve, "waiting": list(waiting), "knocks": knocks, "swept": swept}


def knock(*, knock: int, nickname: str) -> Data:
    """Somebody who waits to be let in."""
    return {"knock": knock, "nickname": nickname}


def progress(*, player: int, nickname: str, here: bool, opened: int, done: int, points: int, place: int) -> Data:
    """How far one player of a self-paced game is, for its hosts."""
    return {
        "player": player,
        "nickname": nickname,
        "here": here,
        "opened": opened,
        "done": done,
        "points": points,
        "place": place,
    }


def echo(*, nonce: str) -> Data:
    """What a host's page asked to have sent to it before a game."""
    return {"nonce": nonce}
