"""The second reading of typed answers agrees with the product's."""

from hypothesis import given
from hypothesis import strategies as st

from bench.typed import is_accepted
from quiz.kinds import QuestionDraft, named

words = st.text("abAB1 ’'", min_size=1, max_size=6).filter(str.strip)


@given(words, st.lists(words, min_size=1, max_size=3), st.booleans(), st.booleans())
def test_both_readings_of_typed_answers_agree(answer: str, accepted: list[str], case: bool, near: bool) -> None:
    kind, settings = named("typed"), {"case": case, "near": near}
    asked = kind.freeze(QuestionDraft("?", (), kind="typed", data={"accepted": accepted, **settings}))
    assert kind.is_right(kind.read(answer, asked), asked) == is_accepted(answer, accepted, settings)
