import uuid
from typing import Any

import pytest

from orbited.slips import Slips
from quiz.live.slips import FRESH_MS
from quiz.play import answering
from quiz.play.answering import EARLY_MS, AlreadyAnswered, BadAnswer
from quiz.play.credit import LATE_MS
from quiz.play.models import Answer, Game
from quiz.play.states import GameError
from quiz.play.timing import CLOSING_MS

OPENED = 1_800_000_006_000
DEADLINE = OPENED + 20_000


@pytest.fixture
def question(open_game: Game) -> Any:
    return open_game.question()


def send(player: Any, question: Any, /, *, at: int = OPENED + 100, **data: Any) -> Answer:
    body = {"answer_id": str(uuid.uuid4()), "question": question.pk, "choice": question.choice_ids[0], **data}
    return answering.take(player, body, received_at=at)


def test_an_answer_is_stored_with_its_time(ada: Any, question: Any) -> None:
    stored = send(ada, question, at=OPENED + 1_234)
    assert (stored.choice, stored.received_at, stored.elapsed_ms) == ([question.choice_ids[0]], OPENED + 1_234, 1_234)


def test_the_same_answer_again_gets_the_first_acknowledgement(ada: Any, question: Any) -> None:
    id = str(uuid.uuid4())
    first = send(ada, question, answer_id=id)
    again = send(ada, question, answer_id=id, at=OPENED + 9_000)
    assert first.acknowledgement() == again.acknowledgement()
    assert Answer.objects.count() == 1


def test_a_repeat_after_the_reveal_still_gets_its_acknowledgement(ada: Any, question: Any, open_game: Game) -> None:
    id = str(uuid.uuid4())
    first = send(ada, question, answer_id=id)
    open_game.next()
    assert send(ada, question, answer_id=id, at=DEADLINE + 1).pk == first.pk


def test_the_same_choice_from_a_second_device_gets_the_first_acknowledgement(ada: Any, question: Any) -> None:
    assert send(ada, question).pk == send(ada, question).pk


def test_another_choice_is_refused_and_the_first_stands(ada: Any, question: Any) -> None:
    first = send(ada, question)
    with pytest.raises(AlreadyAnswered) as refused:
        send(ada, question, choice=question.choice_ids[1])
    assert refused.value.answer == first
    assert Answer.objects.get().choice == [question.choice_ids[0]]


def test_what_is_no_choice_at_all_does_not_replace_the_first(ada: Any, question: Any) -> None:
    send(ada, question)
    nested: list[Any] = []
    for _ in range(5_000):
        nested = [nested]
    for choice in (nested, None, 7, {}, [question.choice_ids[0]] * 2):
        with pytest.raises(AlreadyAnswered):
            send(ada, question, choice=choice)


def test_an_answer_at_the_deadline_is_in_time(ada: Any, question: Any) -> None:
    assert send(ada, question, at=DEADLINE).elapsed_ms == 20_000


def test_late_answer_is_refused_even_before_the_referee_looked(ada: Any, question: Any) -> None:
    with pytest.raises(GameError, match="question-not-open"):
        send(ada, question, at=DEADLINE + 1)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("phase_after", ["reveal", "standings", "reading"])
def test_no_answer_before_or_after_its_question_is_open(
    ada: Any, question: Any, open_game: Game, phase_after: str
) -> None:
    while open_game.phase != phase_after:
        open_game.next(now=OPENED + 200)
    with pytest.raises(GameError, match="question-not-open"):
        send(ada, question)
    with pytest.raises(GameError, match="question-not-open"):
        send(ada, open_game.questions.get(position=2))


@pytest.mark.parametrize(("received_ms", "elapsed_ms"), [(1_000, 1_000), (7_000, 4_000), (33_000, 14_000)])
def test_an_answer_that_is_read_after_pauses_counts_what_it_took(
    ada: Any, question: Any, open_game: Game, received_ms: int, elapsed_ms: int
) -> None:
    for pause_ms, resume_ms in ((2_000, 5_000), (9_000, 25_000), (40_000, 60_000)):
        open_game.pause(now=OPENED + pause_ms)
        open_game.resume(now=OPENED + resume_ms)
    assert send(ada, question, at=OPENED + received_ms).elapsed_ms == elapsed_ms


def test_one_that_came_in_a_pause_is_refused_when_it_is_read_after_it(ada: Any, question: Any, open_game: Game) -> None:
    open_game.pause(now=OPENED + 2_000)
    open_game.resume(now=OPENED + 60_000)
    with pytest.raises(GameError, match="question-not-open"):
        send(ada, question, at=OPENED + 3_000)
    assert send(ada, question, at=OPENED + 60_500).elapsed_ms == 2_500


def test_what_came_before_the_opening_by_any_clock_of_ours_is_no_answer(ada: Any, question: Any) -> None:
    with pytest.raises(GameError, match="question-not-open"):
        send(ada, question, at=OPENED - EARLY_MS - 1)
    assert send(ada, question, at=OPENED - EARLY_MS).elapsed_ms == 0


def test_no_answer_while_the_game_is_paused(ada: Any, question: Any, open_game: Game) -> None:
    open_game.pause(now=OPENED + 50)
    with pytest.raises(GameError, match="question-not-open"):
        send(ada, question)


def test_an_option_of_another_question_is_refused(ada: Any, question: Any, open_game: Game) -> None:
    foreign = open_game.questions.get(position=2).choice_ids[0]
    with pytest.raises(BadAnswer, match="bad-choice"):
        send(ada, question, choice=foreign)
    assert not Answer.objects.exists()


def test_a_question_of_another_game_is_refused(ada: Any, question: Any, quiz: Any) -> None:
    other = Game.open_lobby(quiz)
    with pytest.raises(GameError, match="question-not-open"):
        send(ada, other.questions.first())


@pytest.mark.parametrize("choice", [None, [], 7, {}, [[]], ["x"] * 10_000, float("nan"), True, [{"id": "x"}], ""])
def test_nonsense_is_no_choice(ada: Any, question: Any, choice: Any) -> None:
    with pytest.raises(BadAnswer, match="bad-choice"):
        send(ada, question, choice=choice)


@pytest.mark.parametrize("id", [None, 7, "", "not-a-uuid", [], "x" * 5_000])
def test_an_answer_needs_an_id_of_its_own(ada: Any, question: Any, id: Any) -> None:
    with pytest.raises(BadAnswer, match="bad-answer-id"):
        send(ada, question, answer_id=id)


@pytest.mark.parametrize("id", [None, "1", True, 0, -1, 2**64, 1.5, []])
def test_a_question_is_named_by_its_number(ada: Any, question: Any, id: Any) -> None:
    with pytest.raises(BadAnswer, match="bad-question"):
        send(ada, question, question=id)


def test_an_id_that_belongs_to_another_player_is_refused(ada: Any, bob: Any, question: Any) -> None:
    id = str(uuid.uuid4())
    send(ada, question, answer_id=id)
    with pytest.raises(BadAnswer, match="bad-answer-id"):
        send(bob, question, answer_id=id)
    assert Answer.objects.count() == 1


def test_two_options_are_no_answer_where_one_is_right(ada: Any, question: Any) -> None:
    with pytest.raises(BadAnswer, match="bad-choice"):
        send(ada, question, choice=question.choice_ids[:2])


def test_several_options_are_stored_in_the_order_shown(ada: Any, open_game: Game) -> None:
    while open_game.position < 2 or open_game.phase != "open":
        open_game.next(now=OPENED)
    question = open_game.question()
    stored = send(ada, question, choice=question.choice_ids[1::-1])
    assert stored.choice == question.choice_ids[:2]


def test_an_option_named_twice_is_no_choice(ada: Any, open_game: Game) -> None:
    while open_game.position < 2 or open_game.phase != "open":
        open_game.next(now=OPENED)
    question = open_game.question()
    with pytest.raises(BadAnswer, match="bad-choice"):
        send(ada, question, choice=question.choice_ids[:1] * 2)


def test_whoever_was_removed_answers_no_more(ada: Any, question: Any, open_game: Game) -> None:
    open_game.kick(ada.pk)
    with pytest.raises(GameError, match="removed"):
        send(ada, question)


@pytest.fixture
def slip(settings: Any) -> Any:
    """What the relay says of a line, signed when the question opened."""
    return lambda ms, at=OPENED: Slips(settings.STOMP_TICKET_KEY).sign(1, ms, at // 1000)


def test_what_the_relay_says_of_the_line_is_stored_with_the_answer(ada: Any, question: Any, slip: Any) -> None:
    assert send(ada, question, line=slip(412)).line_ms == 412


@pytest.mark.parametrize("line", [None, "", "x", 412, {"ms": 412}, "a.b.c", "x" * 100_000])
def test_a_bad_slip_is_worth_nothing_and_refuses_nothing(ada: Any, question: Any, line: Any) -> None:
    assert send(ada, question, line=line).line_ms == 0


def test_a_slip_of_long_ago_is_worth_nothing(ada: Any, question: Any, slip: Any) -> None:
    assert send(ada, question, line=slip(412, OPENED - FRESH_MS - 2_000)).line_ms == 0


@pytest.mark.parametrize(("ms", "late_ms"), [(30, 30), (LATE_MS, LATE_MS), (1_000, LATE_MS)])
def test_an_answer_is_in_time_that_would_have_been_over_no_line(
    ada: Any, bob: Any, question: Any, slip: Any, ms: int, late_ms: int
) -> None:
    with pytest.raises(GameError, match="question-not-open"):
        send(bob, question, at=DEADLINE + late_ms + 1, line=slip(ms, DEADLINE))
    assert send(ada, question, at=DEADLINE + late_ms, line=slip(ms, DEADLINE)).elapsed_ms == 20_000 + late_ms


def test_an_answer_over_a_slow_line_is_waited_for_until_the_closing(open_game: Game) -> None:
    assert not open_game.close_if_due(DEADLINE + LATE_MS)
    assert open_game.close_if_due(DEADLINE + CLOSING_MS)


def sent(player: Any, question: Any, **data: Any) -> answering.Sent:
    body = {"answer_id": str(uuid.uuid4()), "question": question.pk, "choice": question.choice_ids[0], **data}
    return answering.Sent(player.pk, body, OPENED + 100)


def test_in_one_batch_the_first_of_a_player_counts(ada: Any, bob: Any, question: Any, open_game: Game) -> None:
    first, same, other = sent(ada, question), sent(ada, question), sent(ada, question, choice=question.choice_ids[1])
    outcomes = answering.take_all(open_game.pk, [first, same, other, first, sent(bob, question)])
    ada_s, bob_s = Answer.objects.order_by("player_id")
    assert [outcomes[0], outcomes[1], outcomes[3], outcomes[4]] == [ada_s, ada_s, ada_s, bob_s]
    assert isinstance(outcomes[2], AlreadyAnswered)
    assert outcomes[2].answer == ada_s


def test_in_one_batch_an_id_is_the_first_ones(ada: Any, bob: Any, question: Any, open_game: Game) -> None:
    id = str(uuid.uuid4())
    outcomes = answering.take_all(open_game.pk, [sent(ada, question, answer_id=id), sent(bob, question, answer_id=id)])
    assert outcomes[0] == Answer.objects.get()
    assert str(outcomes[1]) == "bad-answer-id"


def test_a_full_batch_takes_as_many_queries_as_one_answer(
    join: Any, question: Any, open_game: Game, django_assert_max_num_queries: Any
) -> None:
    players = [join(f"Player {number}") for number in range(40)]
    with django_assert_max_num_queries(9):
        outcomes = answering.take_all(open_game.pk, [sent(player, question) for player in players])
    assert [outcome.player for outcome in outcomes if isinstance(outcome, Answer)] == players


def test_a_stranger_to_the_game_is_told_so(ada: Any, question: Any, quiz: Any) -> None:
    (outcome,) = answering.take_all(Game.open_lobby(quiz).pk, [sent(ada, question)])
    assert str(outcome) == answering.NOT_A_PLAYER
