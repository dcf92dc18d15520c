"""Games in Django's admin, to look at: changing rows behind a running game's back helps nobody."""

from django.contrib import admin
from django.http import HttpRequest

from quiz.play.models import Game, GameQuestion, Player


class ReadOnly:
    """Rows that only their verbs change."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class QuestionInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = GameQuestion
    fields = ["position", "text", "opened_at", "revealed_at", "voided"]


class PlayerInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Player
    fields = ["nickname", "points", "joined_at", "kicked_at"]


@admin.register(Game)
class GameAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["title", "pin", "owner", "phase", "position", "total"]
    list_filter = ["phase"]
    search_fields = ["title", "pin", "owner__username"]
    inlines = [QuestionInline, PlayerInline]
