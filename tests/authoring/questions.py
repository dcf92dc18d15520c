"""Questions to try things with."""

from quiz.authoring.rules import ChoiceDraft, QuestionDraft


def question(text="Which planet is the largest?", right="Jupiter", wrong=("Mars", "Venus"), **more) -> QuestionDraft:
    choices = (ChoiceDraft(right, True), *(ChoiceDraft(other, False) for other in wrong))
    return QuestionDraft(text, choices, **more)
