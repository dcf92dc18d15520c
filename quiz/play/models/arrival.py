"""Somebody who has come to a game with a nickname: what is known of players, and of those who wait at the door."""

from django.db import models

from quiz.addresses import PRINT_DIGITS
from quiz.play.nicknames import MAX_CODE_POINTS

MAX_KEY = 2 * MAX_CODE_POINTS
MAX_SKELETON = 4 * MAX_CODE_POINTS
"""Characters of the two forms in which names are compared: a letter may be written out as several."""


class Arrival(models.Model):
    """A nickname, as typed and in the two forms in which names are compared; and hashes of where it came from.

    ``resume_hash`` is of the token that brings this person back, the others of device and address, "" where unknown.
    """

    nickname = models.CharField(max_length=MAX_CODE_POINTS)
    nickname_key = models.CharField(max_length=MAX_KEY)
    skeleton = models.CharField(max_length=MAX_SKELETON)
    resume_hash = models.CharField(max_length=64, unique=True)
    device_hash = models.CharField(max_length=64, blank=True)
    address_hash = models.CharField(max_length=PRINT_DIGITS, blank=True)
    joined_at = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.nickname
