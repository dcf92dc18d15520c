"""templatetags/live.py and context_processors.py: what a live page carries, safely."""

import json
import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from quiz.live.context_processors import live

SETTINGS = {
    "ORBITED_HOST": "",
    "ORBITED_PORT": 8080,
    "ORBITED_MEDIA_URL": "/static/orbited/",
    "STOMP_HOST": "localhost",
    "STOMP_PORT": 61613,
    "STOMP_DESTINATIONS": "plain",
}


@pytest.fixture(autouse=True)
def known_settings(settings):
    for name, value in SETTINGS.items():
        setattr(settings, name, value)


def render(text, **context):
    return Template("{% load live %}" + text).render(Context(context))


def settings_in(html):
    [content] = re.findall(r'^<script id="live-settings" type="application/json">(.*)</script>$', html)
    return json.loads(content)


def test_templates_know_the_settings_and_no_secret():
    assert live(RequestFactory().get("/")) == SETTINGS


def test_page_gets_the_settings_and_its_ticket_as_data():
    assert settings_in(render("{% live_settings ticket %}", ticket="a.b.c")) == {**SETTINGS, "ticket": "a.b.c"}
    assert settings_in(render("{% live_settings %}")) == {**SETTINGS, "ticket": None}


def test_script_of_the_relay_comes_from_its_media_url():
    assert render("{% live_scripts %}") == '<script src="/static/orbited/Orbited.js" defer></script>'


def test_values_are_escaped(settings):
    settings.ORBITED_MEDIA_URL = '"><script>alert(1)</script>'
    assert "<script>" not in render("{% live_scripts %}")
    assert "<script>" not in render("{% live_settings %}")
