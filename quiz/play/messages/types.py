"""The types of messages, and the type of their data."""

from typing import Any

from quiz.play.states import Phase

Data = dict[str, Any]
"""The data of a message, or a part of it: ready for JSON."""

ENTERED: dict[Phase, str] = {
    Phase.COUNTDOWN: "game.started",
    Phase.READING: "question.reading",
    Phase.OPEN: "question.opened",
    Phase.REVEAL: "question.closed",
    Phase.STANDINGS: "standings.shown",
    Phase.PODIUM: "podium.shown",
    Phase.ENDED: "game.ended",
    Phase.PAUSED: "game.paused",
}
"""The type of the status event that tells of a phase's beginning."""

RESUMED = "game.resumed"
REPLAYED = "game.replayed"
ASSIGNED = "game.assigned"
EXTENDED = "closing.moved"
LOCKED = "lobby.locked"
UNLOCKED = "lobby.unlocked"
VOIDED = "question.voided"
UNVOIDED = "question.restored"
REGRADED = "question.regraded"
MODERATED = "answers.moderated"
REMOVED = "player.removed"
RESTORED = "player.restored"
RENAMED = "player.renamed"
COUNTS = "counts.changed"
ROSTER = "roster.changed"
PRESENCE = "presence.changed"
DOOR = "door.changed"
RESULT = "player.result"
KICKED = "player.kicked"
MOVED = "player.moved"
NAMED = "player.named"
GROUPED = "player.grouped"
REGROUPED = "player.regrouped"
VOTES = "votes.counted"
TIME = "player.time"
RENUMBERED = "pin.changed"
RECEIVED = "answer.received"
REFUSED = "answer.refused"
CORRECTED = "question.corrected"
ECHO = "preflight.echo"
PRACTISED = "practice.received"

CORRECTIONS = (VOIDED, UNVOIDED, REGRADED)
"""Status events after which points may be others, of any question that was revealed before."""

RESETTLING = (*CORRECTIONS, REMOVED, RESTORED, REGROUPED)
"""Status events after which teams may have other points, and survival may be decided otherwise."""
