"""A game's rows: the truth, from which any process can go on."""

from quiz.play.models.answer import Answer
from quiz.play.models.door import Door, Knock, OldPin, PinTry
from quiz.play.models.game import Game
from quiz.play.models.opening import Opening
from quiz.play.models.player import Player
from quiz.play.models.question import GameQuestion
from quiz.play.models.team import Team

__all__ = ["Answer", "Door", "Game", "GameQuestion", "Knock", "OldPin", "Opening", "PinTry", "Player", "Team"]
