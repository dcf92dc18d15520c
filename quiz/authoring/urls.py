"""Addresses of the editor, below ``/quizzes/``."""

from django.urls import path

from .views import imports, preview, questions, quizzes

app_name = "authoring"

urlpatterns = [
    path("", quizzes.quiz_list, name="list"),
    path("new/", quizzes.new, name="new"),
    path("preview/", preview.preview, name="preview"),
    path("import/", imports.upload, name="import"),
    path("import/<uuid:upload_id>/", imports.preview, name="import_preview"),
    path("<int:quiz_id>/", quizzes.edit, name="edit"),
    path("<int:quiz_id>/delete/", quizzes.delete, name="delete"),
    path("<int:quiz_id>/questions/new/", questions.new, name="question_new"),
    path("<int:quiz_id>/questions/<int:question_id>/", questions.edit, name="question_edit"),
    path("<int:quiz_id>/questions/<int:question_id>/delete/", questions.delete, name="question_delete"),
    path("<int:quiz_id>/questions/<int:question_id>/move/", questions.move, name="question_move"),
]
