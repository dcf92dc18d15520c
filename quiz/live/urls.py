"""Addresses for operators and for the broker; include them at the root."""

from django.urls import path

from quiz.live import health, judge

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics_page, name="metrics"),
    path("rabbitmq/<str:key>/user/", judge.user, name="rabbitmq-user"),
    path("rabbitmq/<str:key>/vhost/", judge.vhost, name="rabbitmq-vhost"),
    path("rabbitmq/<str:key>/resource/", judge.resource, name="rabbitmq-resource"),
    path("rabbitmq/<str:key>/topic/", judge.topic, name="rabbitmq-topic"),
]
