"""Every message of a game and its data, one small function each. Pure: values in, JSON-ready dictionaries out.

Times are milliseconds since the epoch on the server's clock, durations end in ``_ms``. ``docs/messages.md`` shows one
of each and a test compares the two. Callers know this package alone; its files sort the functions by what they tell of.
"""

from quiz.play.messages.answers import *
from quiz.play.messages.games import *
from quiz.play.messages.hosts import *
from quiz.play.messages.players import *
from quiz.play.messages.questions import *
from quiz.play.messages.types import *
