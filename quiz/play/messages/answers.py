"""What became of an answer: for the player who sent it."""

from quiz.kinds.kind import Json
from quiz.play.messages.types import Data


def acknowledgement(
    *, answer_id: str, question: int, round: int, choice: Json, received_at: int, elapsed_ms: int
) -> Data:
    """The receipt of an answer; says nothing of right or wrong. ``round`` is 2 in the second of two votes."""
    return {
        "answer_id": answer_id,
        "question": question,
        "round": round,
        "choice": choice,
        "received_at": received_at,
        "elapsed_ms": elapsed_ms,
    }


def judged(acknowledgement: Data, *, right: bool | None, points: int | None) -> Data:
    """A player's own answer; ``right`` and ``points`` are None before the reveal."""
    return {**acknowledgement, "right": right, "points": points}


def refusal(*, answer_id: str, error: str) -> Data:
    """An answer over STOMP that was not stored, and why."""
    return {"answer_id": answer_id, "error": error}


def practice(*, practice: str) -> Data:
    """An answer to the lobby's practice question has come: what its page called it."""
    return {"practice": practice}
