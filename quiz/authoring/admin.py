"""Quizzes in Django's admin, for operators; authors have the editor. Questions are judged by the same `rules`."""

from dataclasses import replace

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from . import rules, wording
from .models import Choice, Question, Quiz
from .rules import ChoiceDraft


@admin.register(Quiz)
class QuizAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # Django's own class takes no parameter
    list_display = ["title", "owner", "language", "updated_at"]
    list_filter = ["language"]
    search_fields = ["title", "owner__username"]
    autocomplete_fields = ["owner"]
    fields = ["title", "owner", "language", "description", "questions_link", "created_at", "updated_at"]
    readonly_fields = ["questions_link", "created_at", "updated_at"]

    # No inline: a quiz may have thousands of questions, and Django takes a thousand fields in one form.
    @admin.display(description=_("questions"))
    def questions_link(self, quiz: Quiz) -> SafeString | str:
        if not quiz.pk:
            return ""
        address = reverse("admin:authoring_question_changelist")
        return format_html('<a href="{}?quiz__id__exact={}">{}</a>', address, quiz.pk, quiz.questions.count())


class ChoiceFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The options of one question, judged together with it."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        question: Question = self.instance
        rows = [form.cleaned_data for form in self.forms if form not in self.deleted_forms and form.cleaned_data]
        choices = sorted(rows, key=lambda row: row["position"])
        drafts = tuple(ChoiceDraft(row["text"], row["right"]) for row in choices)
        draft = replace(question.draft, choices=drafts)
        if problems := rules.problems(draft):
            raise ValidationError([wording.of_problem(problem) for problem in problems])


class ChoiceInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Choice
    formset = ChoiceFormSet
    extra = 0
    max_num = rules.MAX_CHOICES


@admin.register(Question)
class QuestionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["text", "quiz", "position", "time_limit_s", "points"]
    list_select_related = ["quiz"]
    ordering = ["quiz", "position"]
    search_fields = ["text", "quiz__title"]
    autocomplete_fields = ["quiz"]
    # What a kind keeps is written in the editor, whose form knows the kind.
    exclude = ["data"]
    readonly_fields = ["kind"]
    inlines = [ChoiceInline]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "quiz__id__exact" or super().lookup_allowed(lookup, value, request)
