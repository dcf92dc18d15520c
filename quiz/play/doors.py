"""Telling hosts who waits at their doors, a few times a second at most, however many come."""

from quiz.play import people
from quiz.play.models import Door


def tell(told_before: int, now: int) -> None:
    """Tell each host of what changed since, unless another referee does; hosts told after ``told_before`` wait."""
    for door in Door.objects.untold(told_before).select_related("game"):
        mine = Door.objects.filter(pk=door.pk, told_at=door.told_at)
        if mine.update(told_at=now, told_waiting=door.waiting_now, told_newest=door.newest_knock):
            people.tell_door(door.game)
