"""Addresses of games; ``/games/<id>/…`` is a contract that other programs are written against."""

from django.urls import path

from quiz.play.views import (
    cohosting,
    correcting,
    doors,
    grouping,
    hosting,
    joining,
    moderating,
    needs,
    playing,
    preflight,
    results,
    screens,
)
from quiz.play.views import selfpaced as alone

app_name = "play"

STEPS = {
    "start": hosting.start,
    "next": hosting.next_,
    "skip": hosting.skip,
    "show": hosting.show,
    "pause": hosting.pause,
    "resume": hosting.resume,
    "lock": hosting.lock,
    "kick": hosting.kick,
    "void": correcting.void,
    "regrade": correcting.regrade,
    "hide": moderating.hide,
    "finish": hosting.finish,
    "replay": hosting.replay,
    "here": cohosting.here,
    "cohost": cohosting.cohost,
    "handover": cohosting.handover,
    "rename": doors.rename,
    "guard": doors.guard,
    "admit": doors.admit,
    "refuse": doors.refuse,
    "sweep": doors.sweep,
    "restore": doors.restore,
    "regroup": grouping.regroup,
    "renumber": doors.renumber,
    "allow": needs.allow,
}

PREFLIGHT = [
    path("preflight/", preflight.preflight, name="preflight"),
    path("preflight/time/", preflight.time, name="preflight-time"),
    path("preflight/echo/", preflight.echo, name="preflight-echo"),
    path("preflight/capacity/", preflight.how_many, name="preflight-capacity"),
]

urlpatterns = [
    *PREFLIGHT,
    path("time/", playing.time, name="time"),
    path("play/<str:pin>/", screens.player, name="player"),
    path("games/", hosting.open_lobby, name="open"),
    path("games/past/", results.past, name="past"),
    path("games/<int:game_id>/", screens.host, name="host"),
    path("games/<int:game_id>/remote/", screens.remote, name="remote"),
    path("games/<int:game_id>/remote/qr.svg", screens.remote_qr, name="remote_qr"),
    path("games/<int:game_id>/qr.svg", screens.qr, name="qr"),
    path("games/<int:game_id>/state/", playing.state, name="state"),
    path("games/<int:game_id>/events/", playing.events, name="events"),
    path("games/<int:game_id>/ticket/", playing.ticket, name="ticket"),
    path("games/<int:game_id>/away/", playing.away, name="away"),
    path("games/<int:game_id>/leave/", playing.leave, name="leave"),
    path("games/<int:game_id>/ask/", needs.ask, name="ask"),
    path("games/<int:game_id>/texts/", needs.texts, name="texts"),
    path("games/<int:game_id>/practice/", playing.practise, name="practice"),
    path("games/<int:game_id>/team/", grouping.choose, name="team"),
    path("games/<int:game_id>/follow/", playing.follow, name="follow"),
    path("games/<int:game_id>/door/", joining.door, name="door"),
    path("games/<int:game_id>/answer/", playing.answer, name="answer"),
    path("games/<int:game_id>/own/next/", alone.next_, name="own_next"),
    path("games/<int:game_id>/own/link/", alone.link, name="own_link"),
    path("games/<int:game_id>/own/back/", alone.back, name="own_back"),
    path("games/<int:game_id>/own/closing/", alone.closing, name="own_closing"),
    path("games/<int:game_id>/own/progress/", alone.progress_, name="own_progress"),
    path("games/<int:game_id>/sheet/", results.sheet, name="sheet"),
    path("games/<int:game_id>/results/", results.of_game, name="results"),
    path("games/<int:game_id>/results.csv", results.as_csv, name="csv"),
    *(path(f"games/<int:game_id>/{name}/", view, name=name) for name, view in STEPS.items()),
]
