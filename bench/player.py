"""A headless player: joins, sees the questions, answers each once, and keeps its own books."""

import asyncio
import random
import uuid
from dataclasses import dataclass
from typing import Any, Self

from bench import answers
from bench.clock import now_ms
from bench.http import HttpClient
from bench.member import Member, route_of
from bench.report import Report
from bench.standing import Given, Standing, listed

Data = dict[str, Any]

RESULT_LIMIT_S = 2.0
"""A page that has heard nothing of its result so long after a reveal reads the state; so does a player."""

LOOK_BACK_S = 0.005
"""For each player of the game: within so long after its end all read the state once more, to compare. No page does."""

FALLBACK_S = 2.5
"""Before an answer over the line of which nothing was heard goes out over HTTP, as a page does it."""

SEND_AGAIN_S = 1.0
"""Before an answer over HTTP that was not acknowledged goes out again, under the same id."""

STOMP, HTTP = "stomp", "http"
"""How answers are sent."""

JOINS = 5
"""Nicknames that are tried."""

REVEAL = "question.closed"


class JoinRefused(Exception):
    """The server did not let this player in."""


@dataclass(frozen=True)
class Manner:
    """How players behave: seconds within which they answer, the share of answers that are sent twice, and how."""

    spread_s: float
    repeat: float
    over: str = STOMP


class Player(Member):
    """One player of one game."""

    def __init__(self, http: HttpClient, admission: Data, manner: Manner, dice: random.Random, report: Report) -> None:
        super().__init__(f"player {admission['player']}", http, admission["state"], report)
        self.id = int(admission["player"])
        self.admission = admission
        self.route = route_of(admission, http.url)
        self.standing = Standing()
        self.final: Data | None = None
        self._manner = manner
        self._dice = dice
        self._result: tuple[Data, float | None] | None = None
        self._judged: set[int] = set()
        self._revealed_at: float | None = None
        http.headers["Authorization"] = f"Bearer {admission['ticket']}"

    @classmethod
    async def join(cls, url: str, pin: str, name: str, manner: Manner, dice: random.Random, report: Report) -> Self:
        """Come in; under the suggested name when this one is taken. Raises :class:`JoinRefused` and ``OSError``."""
        http = HttpClient(url)
        for _ in range(JOINS):
            sent = now_ms()
            answer = await http.post("/join/", {"pin": pin, "nickname": name})
            data = answer.json()
            if answer.status == 201:
                report.counts.joined += 1
                report.samples["join"].append(now_ms() - sent)
                player = cls(http, data, manner, dice, report)
                player.learn_time(sent, data["state"])
                return player
            if "suggestion" not in data:
                break
            name = data["suggestion"]
        http.close()
        raise JoinRefused(f"{answer.status} {data.get('error')}: {data.get('message')}")

    async def play(self) -> None:
        """See the game to its podium, then hold the final state against the player's own books."""
        own = {"own": f"/players/{self.id}"}
        await self.follow(self.route, self.admission["ticket"], own, self._until_the_end)
        self.http.close()

    async def _until_the_end(self) -> None:
        await self.is_over.wait()
        await asyncio.sleep(self._dice.uniform(0, LOOK_BACK_S * self.view.state["players"]))
        state = await self.refresh()
        self.final = state["me"]
        self.report.fault("standing_errors", self.name, self.standing.final(state["me"], state["standings"]))
        self.report.counts.finished += 1

    # What happens in the game.

    def changed(self, event: Data | None, received: float) -> None:
        """Answer a new question; expect a result after each reveal, or take it from the snapshot."""
        question = self.view.open_question
        if question and question["id"] not in self.standing.given:
            self._decide(question, received)
        if event and event["type"] == REVEAL:
            self._revealed_at = self.report.caused_at(event)
            wait = RESULT_LIMIT_S + self._dice.random()
            asyncio.get_running_loop().call_later(wait, self._miss_result, event["data"]["question"]["id"])
        if event is None and _tells_result(self.view.state):
            self._result = (self.view.state["me"], None)
        self._judge()

    def told(self, event: Data, received: float) -> None:
        """Take in a result, or what became of an answer."""
        if event["type"] == "player.result":
            self._result = (event["data"]["me"], received)
            self._judge()
        elif event["type"] == "answer.received":
            self._acknowledged(event["data"], received)
        elif event["type"] == "answer.refused":
            given = self.standing.answer(event["data"]["answer_id"])
            if given and not given.acknowledgement:
                self._refused(given, event["data"])

    # Answers.

    def _decide(self, question: Data, seen_at: float) -> None:
        choice = answers.some(question, self._dice)
        if choice is None:
            return  # of this kind the load knows no answer
        given = Given(str(uuid.uuid4()), listed(choice), seen_at)
        self.standing.given[question["id"]] = given
        body = {"answer_id": given.answer_id, "question": question["id"], "choice": choice}
        asyncio.get_running_loop().call_later(self._dice.uniform(0, self._manner.spread_s), self._answer, given, body)

    def _answer(self, given: Given, body: Data) -> None:
        """Over the line, where that is up and wanted; over HTTP when it is not, or no word comes back."""
        self.report.counts.answers_sent += 1
        given.sent_at = now_ms()
        if self._manner.over == STOMP and self.send(f"{self.address}/answers", body):
            asyncio.get_running_loop().call_later(FALLBACK_S, self._fall_back, given, body)
        else:
            self.do(self._answer_over_http(given, body))

    def _fall_back(self, given: Given, body: Data) -> None:
        if not (given.acknowledgement or given.is_refused or self.is_over.is_set()):
            self.report.counts.answers_repeated += 1
            self.do(self._answer_over_http(given, body))

    async def _answer_over_http(self, given: Given, body: Data) -> None:
        while not await self._post(given, body):
            await asyncio.sleep(SEND_AGAIN_S)
            self.report.counts.answers_repeated += 1

    async def _post(self, given: Given, body: Data) -> bool:
        """Send the answer; whether the server gave its verdict, or the game is over and there is none to be had."""
        try:
            answer = await self.http.post(f"{self.address}/answer/", body)
        except OSError:
            return self.is_over.is_set()
        if answer.status == 200:
            self._acknowledged(answer.json(), now_ms())
            return True
        if answer.status >= 500:
            return self.is_over.is_set()
        self._refused(given, answer.json())
        return True

    def _acknowledged(self, acknowledgement: Data, received: float) -> None:
        given = self.standing.given[acknowledgement["question"]]
        is_first = given.acknowledgement is None
        self.report.fault("doubled", self.name, self.standing.acknowledge(acknowledgement))
        if not is_first:
            return
        self.report.times["ack"][acknowledgement["question"]].append(received - given.sent_at)
        self.report.counts.answers_acknowledged += 1
        self.report.acknowledged.add(given.answer_id)
        if self._dice.random() < self._manner.repeat:
            self.report.counts.answers_repeated += 1
            again = {name: acknowledgement[name] for name in ("answer_id", "question", "choice")}
            self.do(self._answer_over_http(given, again))

    def _refused(self, given: Given, data: Data) -> None:
        given.is_refused = True
        if data["error"] == "question-not-open":
            self.report.counts.answers_late += 1
        else:
            self.report.fault("standing_errors", self.name, [f"the answer was refused: {data['error']}"])

    # Results.

    def _miss_result(self, question: int) -> None:
        if question not in self._judged and not self.is_over.is_set():
            self.report.counts.results_missed += 1
            self.do(self._read_result())

    async def _read_result(self) -> None:
        await self.refresh()

    def _judge(self) -> None:
        """Judge the result that came last, once its reveal is known too; either may come first."""
        question = self.view.revealed_question
        if self._result is None or question is None:
            return
        me, received = self._result
        if me["answer"] and me["answer"]["question"] != question["id"]:
            return
        self._result = None
        if received and self._revealed_at and question["id"] not in self._judged:
            self.report.times["result"][question["id"]].append(received - self._revealed_at)
        self._judged.add(question["id"])
        reveal = self.view.state["reveal"]
        self.report.fault("standing_errors", self.name, self.standing.judge(me, question, reveal))
        if me["answer"] and me["answer"]["right"]:
            self.report.samples["waiting_points"].append(self.standing.taken_by_waiting(me["answer"], question, reveal))


def _tells_result(state: Data) -> bool:
    """Whether a snapshot has the result of a reveal: its ``me`` may have been read just before."""
    answer = state["me"]["answer"]
    return state["reveal"] is not None and (answer is None or answer["points"] is not None)
