"""Numbers, orders and matchings on phone and wall."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.samples import host, judged, me, question, reveal, state
from tests.browser.stage import PHONE, PROJECTOR, Stage, bare, staged
from tests.kinds.typednumbers import NONE, READ

NUMBER = question(kind="number", choices=[], view={"max_chars": 40, "unit": "km"})
NUMBER_REVEAL = reveal(
    right={"value": 384400, "tolerance": 2, "percent": True},
    counts={"150000": 1, "300000": 3, "380000": 4, "384400": 2, "400000": 2, "999999999": 1},
)
BINNED = reveal(
    right={"value": 1822, "tolerance": 5, "percent": False},
    counts={"..1800": 2, "1800..1810": 5, "1810..1820": 14, "1820..1830": 22, "1830..1840": 9, "1860..": 3},
)
PLANETS = ["Mercury", "Venus", "Earth, the only one with a sea that one can swim in", "Mars"]
ITEMS = [{"id": id, "text": text} for id, text in zip("abcd", PLANETS, strict=True)]
ORDER = question(kind="order", choices=[ITEMS[n] for n in (2, 0, 3, 1)])
ORDER_REVEAL = reveal(right=list("abcd"), counts={"a": 11, "b": 8, "c": 7, "d": 9})
MOONS = [{"id": id, "text": text} for id, text in zip("abcd", ["Io", "Titan", "Europa", "Luna"], strict=True)]
PARTNERS = [{"id": id, "text": text} for id, text in zip("xyz", ["Saturn", "Earth", "Jupiter"], strict=True)]
MATCH = question(kind="match", choices=MOONS, view={"partners": PARTNERS})
MATCH_REVEAL = reveal(right=list("zxzy"), counts={"a": 9, "b": 8, "c": 7, "d": 11})


def sent(stage: Stage) -> Any:
    """The choice that the page sends when its button is pressed; the server takes it."""
    receipt = {"received_at": 0, "elapsed_ms": 900, "round": 1}
    stage.answers["answer"] = lambda body: (200, {**body, **receipt})
    stage.page.get_by_role("button", name="Send my answer").click()
    expect(stage.page.locator('[data-ref="status"]')).to_contain_text("Received")
    [answer] = stage.bodies("answer")
    return answer["choice"]


def fits(stage: Stage, window: dict[str, int]) -> None:
    assert stage.violations() == ""
    assert stage.size()[0] <= window["width"]


def test_both_readers_of_typed_numbers_agree(browser: Browser) -> None:
    with bare(browser) as page:
        cases = [[text, decimal] for text, decimal, _ in READ] + [[text, "."] for text in NONE if len(text) <= 40]
        read = page.evaluate(
            "async (cases) => { const { read } = await import('/static/play/figures.js');"
            " return cases.map(([text, decimal]) => read(text, decimal)); }",
            cases,
        )
        assert read == [value for _, _, value in READ] + [None] * (len(cases) - len(READ))


def test_a_number_says_how_it_is_read_before_it_is_sent(browser: Browser) -> None:
    with staged(browser, state("open", question=NUMBER), viewport=PHONE) as stage:
        field = stage.page.get_by_role("textbox", name="Your number")
        expect(field).to_be_focused()
        field.fill("384 400 km")
        expect(stage.page.get_by_text("Only digits, at most 15, and no unit.")).to_be_visible()
        expect(stage.page.get_by_role("button", name="Send my answer")).to_have_attribute("aria-disabled", "true")
        field.fill("384.400,5")
        expect(stage.page.get_by_text("= 384,400.5 km")).to_be_visible()
        stage.page.get_by_role("button", name="Change the sign").click()
        expect(stage.page.get_by_text("= -384,400.5 km")).to_be_visible()
        fits(stage, PHONE)
        assert sent(stage) == -384400.5


def test_nought_is_a_number(browser: Browser) -> None:
    with staged(browser, state("open", question=NUMBER), viewport=PHONE) as stage:
        stage.page.get_by_role("textbox", name="Your number").fill("0")
        assert sent(stage) == 0


def test_an_italian_page_reads_and_writes_as_italians_do(browser: Browser) -> None:
    with staged(browser, state("open", question=NUMBER), viewport=PHONE, language="it") as stage:
        stage.page.get_by_role("textbox").fill("12.345")
        expect(stage.page.get_by_text("= 12.345 km")).to_be_visible()
        stage.page.get_by_role("textbox").fill("12,345")
        expect(stage.page.get_by_text("= 12,345 km")).to_be_visible()


def test_a_player_sees_all_guesses_and_the_own_one(browser: Browser) -> None:
    own = {**judged(right=False), "choice": 300000, "points": 420}
    shown = state("reveal", me(answer=own), question=NUMBER, reveal=NUMBER_REVEAL)
    with staged(browser, shown, viewport=PHONE) as stage:
        expect(stage.page.get_by_role("heading", name="Partly right")).to_be_visible()
        expect(stage.page.get_by_text("384,400 km ± 2 %")).to_be_visible()
        expect(stage.page.get_by_text("300,000 km")).to_be_visible()
        expect(stage.page.get_by_role("list", name="What was guessed").get_by_role("listitem")).to_contain_text(
            ["150,000: 1", "300,000: 3", "380,000: 4", "384,400: 2", "400,000: 2", "999,999,999: 1"]
        )
        expect(stage.page.locator(".guess--right")).to_have_count(2)
        fits(stage, PHONE)


@pytest.mark.parametrize(
    ("asked", "told", "words"),
    [
        (NUMBER, NUMBER_REVEAL, "384,400 km ± 2 %"),
        ({**NUMBER, "view": {"max_chars": 40, "unit": ""}}, BINNED, "1822 ± 5"),
    ],
)
def test_the_wall_shows_guesses_after_the_reveal_alone(browser: Browser, asked: Any, told: Any, words: str) -> None:
    with staged(browser, state("open", host(), question=asked), viewport=PROJECTOR) as stage:
        expect(stage.page.locator('[data-ref="wait"]')).to_contain_text("Type a number")
        expect(stage.page.locator(".guess")).to_have_count(0)
    with staged(browser, state("reveal", host(), question=asked, reveal=told), viewport=PROJECTOR) as stage:
        expect(stage.page.get_by_text(words)).to_be_visible()
        fits(stage, PROJECTOR)
        assert stage.size()[1] == PROJECTOR["height"]


def test_items_are_moved_by_button_arrow_key_and_finger(browser: Browser) -> None:
    with staged(browser, state("open", question=ORDER), viewport=PHONE) as stage:
        texts = stage.page.locator(".sortable [data-ref=text]")
        stage.page.get_by_role("button", name="Move \u2068Mercury\u2069 up").click()
        expect(texts).to_have_text(["Mercury", PLANETS[2], "Mars", "Venus"])
        expect(stage.page.get_by_role("button", name="Move \u2068Mercury\u2069 up")).to_be_focused()
        grip = stage.page.get_by_role("button", name="Venus\u2069, place 4 of 4: move with the arrow keys")
        grip.focus()
        stage.page.keyboard.press("ArrowUp")
        expect(texts).to_have_text(["Mercury", PLANETS[2], "Venus", "Mars"])
        expect(stage.page.get_by_role("status").filter(has_text="place 3 of 4")).to_have_count(1)
        expect(stage.page.locator(".sortable__grip:focus")).to_have_count(1)
        fits(stage, PHONE)
        drawn, goal = (stage.page.locator(".sortable__grip").nth(n).bounding_box() for n in (1, 3))
        assert drawn
        assert goal
        stage.page.mouse.move(drawn["x"] + 20, drawn["y"] + 20)
        stage.page.mouse.down()
        stage.page.mouse.move(goal["x"] + 20, goal["y"] + goal["height"] - 4, steps=12)
        stage.page.mouse.up()
        expect(texts).to_have_text(["Mercury", "Venus", "Mars", PLANETS[2]])
        assert sent(stage) == list("abdc")
        stage.page.keyboard.press("ArrowUp")
        expect(stage.page.get_by_role("button", name="Move \u2068Mars\u2069 up")).to_be_disabled()
        expect(texts).to_have_text(["Mercury", "Venus", "Mars", PLANETS[2]])


def test_partners_are_chosen_from_lists(browser: Browser) -> None:
    with staged(browser, state("open", question=MATCH), viewport=PHONE) as stage:
        for item, name in (("Io", "Jupiter"), ("Titan", "Saturn"), ("Europa", "Jupiter")):
            stage.page.get_by_label(f"Partner of \u2068{item}\u2069").select_option(name)
        expect(stage.page.get_by_role("button", name="Send my answer")).to_have_attribute("aria-disabled", "true")
        stage.page.get_by_label("Partner of \u2068Luna\u2069").select_option("Earth")
        fits(stage, PHONE)
        assert sent(stage) == list("zxzy")
        expect(stage.page.get_by_label("Partner of \u2068Luna\u2069")).to_be_disabled()


def test_formatted_partners_stand_above_with_letters_and_are_drawn_at_the_reveal(browser: Browser) -> None:
    partners = [{**PARTNERS[0], "text": "x^2", "rich": [["tex", "x^2"]]}, *PARTNERS[1:]]
    asked = {**MATCH, "view": {"partners": partners}}
    with staged(browser, state("open", question=asked), viewport=PHONE) as stage:
        expect(stage.page.locator(".legend .katex")).to_have_count(1)
        expect(stage.page.locator(".legend__line")).to_contain_text(["A", "B", "C"])
        listed = stage.page.get_by_label("Partner of \u2068Io\u2069")
        expect(listed.locator("option")).to_have_text(["Choose…", "A", "B", "C"])
        fits(stage, PHONE)
    wrong = {**judged(right=False), "choice": [PARTNERS[0]["id"]] * 4, "points": 0}
    shown = state("reveal", me(answer=wrong), question=asked, reveal=MATCH_REVEAL)
    with staged(browser, shown, viewport=PHONE) as stage:
        chosen = stage.page.locator(".solved__note", has_text="You chose")
        expect(chosen.first.locator(".katex")).to_have_count(1)
    with staged(browser, state("open", host(), question=asked), viewport=PROJECTOR) as stage:
        expect(stage.page.locator(".asked-pairs .katex")).to_have_count(1)


@pytest.mark.parametrize(
    ("asked", "told", "own", "words"),
    [
        (ORDER, ORDER_REVEAL, "abdc", ["✓ Right, as you had it", "✗ You had it in place 4"]),
        (MATCH, MATCH_REVEAL, "zxzx", ["✓ Right, your choice", "✗ You chose"]),
    ],
)
def test_a_player_sees_what_was_right_and_what_the_own_answer_was(
    browser: Browser, asked: Any, told: Any, own: str, words: list[str]
) -> None:
    answer = {**judged(right=False), "choice": list(own), "points": 500}
    shown = state("reveal", me(answer=answer), question=asked, reveal=told)
    with staged(browser, shown, viewport=PHONE) as stage:
        for each in words:
            expect(stage.page.get_by_text(each).first).to_be_visible()
        fits(stage, PHONE)


@pytest.mark.parametrize(
    ("asked", "told", "note", "seen"),
    [
        (ORDER, ORDER_REVEAL, "Put them into the right order.", PLANETS),
        (MATCH, MATCH_REVEAL, "Find the partner of each.", ["Io", "Titan", "Europa", "Luna"]),
    ],
)
def test_the_wall_shows_all_and_at_the_reveal_what_was_right(
    browser: Browser, asked: Any, told: Any, note: str, seen: list[str]
) -> None:
    with staged(browser, state("open", host(), question=asked), viewport=PROJECTOR) as stage:
        expect(stage.page.locator('[data-ref="note"]')).to_have_text(note)
        expect(stage.page.locator(".solved:visible [data-ref=text]").first).to_be_visible()
        assert stage.size() == (PROJECTOR["width"], PROJECTOR["height"])
    with staged(browser, state("reveal", host(), question=asked, reveal=told), viewport=PROJECTOR) as stage:
        expect(stage.page.locator(".solved:visible [data-ref=text]")).to_have_text(seen)
        fits(stage, PROJECTOR)
        assert stage.size()[1] == PROJECTOR["height"]


def test_six_pairs_of_many_words_are_on_the_wall_at_once(browser: Browser) -> None:
    items = [{"id": id, "text": f"{PLANETS[2]}, {id}"} for id in "abcdef"]
    partners = [{"id": id, "text": f"partner {id}"} for id in "uvwxyz"]
    asked = question(kind="match", choices=items, view={"partners": partners})
    told = reveal(right=list("uvwxyz"), counts=dict.fromkeys("abcdef", 3))
    for shown in (state("open", host(), question=asked), state("reveal", host(), question=asked, reveal=told)):
        with staged(browser, shown, viewport=PROJECTOR) as stage:
            assert stage.size() == (PROJECTOR["width"], PROJECTOR["height"])
