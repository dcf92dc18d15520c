"""Addresses for operators; include them at the root."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
