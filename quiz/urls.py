"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

from quiz.play.views import joining

handler400 = "quiz.refusals.bad_request"

urlpatterns = [
    path("", joining.home, name="home"),
    path("join/", joining.join, name="join"),
    path("resume/", joining.resume, name="resume"),
    path("", include("quiz.play.urls")),
    path("", include("quiz.live.urls")),
    path("quizzes/", include("quiz.authoring.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("jsi18n/", JavaScriptCatalog.as_view(), name="javascript-catalog"),
]
