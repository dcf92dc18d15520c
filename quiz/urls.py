"""All addresses of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.gzip import gzip_page
from django.views.i18n import JavaScriptCatalog

from quiz.authoring.views.pictures import picture
from quiz.play.views import joining

# Where the failed logins of an address or a name are counted.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth's manual has it
handler400 = "quiz.refusals.bad_request"

urlpatterns = [
    path("", joining.home, name="home"),
    path("join/", joining.join, name="join"),
    path("resume/", joining.resume, name="resume"),
    path("", include("quiz.play.urls")),
    path("", include("quiz.live.urls")),
    path("pictures/<uuid:picture_id>.webp", picture, name="picture"),
    path("quizzes/", include("quiz.authoring.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("jsi18n/", gzip_page(JavaScriptCatalog.as_view()), name="javascript-catalog"),
]
