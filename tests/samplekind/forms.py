"""The editor's form for stars."""

from typing import Any

from django import forms

from quiz.authoring.editors import QuestionForm
from quiz.kinds import ChoiceDraft, QuestionDraft
from tests.samplekind.kind import MOST


class StarsForm(QuestionForm):
    kind = "stars"
    title = "Stars"
    template = "samplekind/stars.html"
    sentences = {"no-such-stars": "One to %(maximum)s stars."}

    stars = forms.IntegerField(label="Stars", min_value=0, max_value=MOST)

    def initial_of(self, question: QuestionDraft) -> dict[str, Any]:
        return {**super().initial_of(question), "stars": question.data["stars"]}

    def read(self) -> tuple[tuple[ChoiceDraft, ...], dict[str, Any]]:
        return (), {"stars": self.cleaned_data["stars"]}
