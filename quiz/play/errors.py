"""What each error code means in words, for people, in their language."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "already-answered": _("Your first answer counts."),
    "bad-answer-id": _("The answer needs an id of its own: a new UUID."),
    "bad-choice": _("Choose among the options of this question."),
    "bad-json": _("The body must be one JSON object."),
    "bad-option": _("A game cannot have this option, or not together with the others."),
    "bad-question": _("This question is not part of this game."),
    "game-full": _("This game is full."),
    "game-has-moved-on": _("The game has moved on since you looked. Here is how it stands."),
    "game-locked": _("The host has locked this game. Ask to be let in."),
    "game-not-found": _("No game with this PIN is running. Check the six digits on the big screen."),
    "login-required": _("Log in first."),
    "nickname-bad-characters": _("This nickname has hidden or piled-up characters. Type it with ordinary letters."),
    "nickname-empty": _("Pick a nickname, so that others know you."),
    "nickname-taken": _("Somebody in this game already has this nickname."),
    "nickname-too-long": _("This nickname is too long: 24 characters fit."),
    "no-such-game": _("There is no such game."),
    "no-such-player": _("This player is not in the game."),
    "nobody-is-here": _("Nobody is in the lobby yet."),
    "not-a-player": _("You are not in this game. Join it with its PIN."),
    "not-now": _("The game is at another point: this cannot be done now."),
    "not-your-game": _("Only the host of this game can do this."),
    "question-not-open": _("This question is closed: the answer came too late or too early."),
    "quiz-empty": _("This quiz has no questions yet. Write one first."),
    "quiz-not-found": _("You have no such quiz."),
    "removed": _("The host removed you from this game."),
    "too-large": _("This is too much at once."),
}
