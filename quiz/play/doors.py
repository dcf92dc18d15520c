"""Telling hosts who waits at their doors, a few times a second at most, however many come."""

from quiz.play import people
from quiz.play.models import Door
from quiz.play.prepared import Prepared

UNTOLD = Prepared(Door.objects.untold, "told_before")


def tell(told_before: int, now: int) -> None:
    """Tell each host of what changed since, unless another referee does; hosts told after ``told_before`` wait."""
    for door in UNTOLD(told_before=told_before):
        mine = Door.objects.filter(pk=door.pk, told_at=door.told_at)
        if mine.update(told_at=now, told_waiting=door.waiting_now, told_newest=door.newest_knock):
            people.tell_door(door.game)
