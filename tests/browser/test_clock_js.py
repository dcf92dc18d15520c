"""The page's clock on devices whose own are wrong, drift, leap and sleep; run in Chromium, with clocks of the test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.samples import now, question, state
from tests.browser.stage import Stage, bare

MOST_MS = 100
BUSY_MS = 2_000
"""Between two looks of a test on a busy machine: far less than what a wrong clock or a sleep makes."""
HOUR_MS = 3_600_000

# One device, and the server at true time T0 + t: `local` runs `ppm` fast and stands still in sleep, `wall` is `wrong`
# by so much besides. The page asks when its clock wants it, once a second at most. Gives the largest error of the shown
# time, looked at each 250 ms from the third sample on while nothing was wanted, and how long something was, at most.
DEVICE = """(m, { ppm, wrong, line, jitter, minutes, sleeps, sets }) => {
  const T0 = 1_800_000_000_000;
  let t = 0, asleep = 0, set = 0, seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const way = () => line / 2 + jitter * random() ** 4;
  const rate = 1 + ppm / 1e6;
  const clock = new m.Clock(() => (t - asleep) * rate + 5_000, () => T0 + wrong + set + t * rate);
  let samples = 0, worst = 0, asked = 0, sure = 0, wanted = 0;
  const ask = () => {
    const sent = (t - asleep) * rate + 5_000;
    t += way();
    const server = T0 + t;
    t += way();
    clock.sample(sent, (t - asleep) * rate + 5_000, server);
    samples += 1;
  };
  for (const end = minutes * 60_000; t < end; t += 250) {
    for (const nap of sleeps.splice(0, sleeps[0]?.at <= t ? 1 : 0)) { asleep += nap.ms; t += nap.ms; sure = t; }
    for (const step of sets.splice(0, sets[0]?.at <= t ? 1 : 0)) set += step.ms;
    if (!clock.stale) sure = t;
    else if (t - asked > 1_000) { asked = t; ask(); }
    if (samples < 3) sure = t;
    wanted = Math.max(wanted, t - sure);
    if (samples >= 3 && !clock.stale) worst = Math.max(worst, Math.abs(clock.now() - (T0 + t)));
  }
  return { worst, samples, wanted };
}"""

LINE = {"line": 80, "jitter": 0}
DEVICE_OF = {"ppm": 0, "wrong": 0, "minutes": 30, "sleeps": [], "sets": [], **LINE}


@pytest.fixture(scope="module")
def device(browser: Browser) -> Iterator[Callable[..., Any]]:
    with bare(browser) as page:
        code = f"async (device) => ({DEVICE})(await import('/static/play/clock.js'), device)"
        yield lambda **device: page.evaluate(code, {**DEVICE_OF, **device})


@pytest.mark.parametrize("wrong", [-3 * HOUR_MS, -400, 0, 90_000, 26 * HOUR_MS])
def test_how_wrong_a_devices_clock_is_does_not_matter(device: Callable[..., Any], wrong: int) -> None:
    assert device(wrong=wrong)["worst"] < 1


@pytest.mark.parametrize("ppm", [-200, 200])
@pytest.mark.parametrize("line", [4, 80, 400, 1_000])
def test_a_clock_that_drifts_is_followed(device: Callable[..., Any], ppm: int, line: int) -> None:
    found = device(ppm=ppm, line=line, minutes=120)
    assert found["worst"] < MOST_MS
    assert found["samples"] < 120 + 5


@pytest.mark.parametrize("ppm", [-200, 0, 200])
@pytest.mark.parametrize("jitter", [100, 1_000])
def test_answers_that_dawdle_on_one_way_only_do_not_lead_it_astray(
    device: Callable[..., Any], ppm: int, jitter: int
) -> None:
    assert device(ppm=ppm, jitter=jitter, minutes=240)["worst"] < MOST_MS + jitter / 4


def test_sleep_is_noticed_at_once_though_the_monotonic_clock_stood_still(device: Callable[..., Any]) -> None:
    naps = [{"at": 60_000, "ms": 1_000}, {"at": 120_000, "ms": HOUR_MS}, {"at": 2 * HOUR_MS, "ms": 400}]
    found = device(sleeps=naps, minutes=150, wrong=HOUR_MS)
    assert found["worst"] < 1
    assert found["wanted"] <= 2_000


def test_a_clock_on_the_wall_that_is_set_moves_nothing(device: Callable[..., Any]) -> None:
    steps = [{"at": 61_000, "ms": 5 * HOUR_MS}, {"at": 120_000, "ms": -5 * HOUR_MS}]
    found = device(sets=steps)
    assert found["worst"] < 1
    assert found["wanted"] <= 2_000


def test_a_page_that_is_asked_often_asks_little(device: Callable[..., Any]) -> None:
    assert device(minutes=60)["samples"] <= 3 + 60


CLOCK = """(m, [samples, local]) => {
  const clock = new m.Clock(() => local);
  for (const [sent, received, server] of samples) clock.sample(sent, received, server);
  return [clock.now(), clock.until(10_000)];
}"""


def test_the_clock_takes_the_middle_of_the_round_trip(js: Callable[..., Any]) -> None:
    assert js("play/clock.js", CLOCK, [[[0, 100, 1_050]], 200]) == [1_200, 8_800]


def test_a_slow_exchange_does_not_move_a_clock_that_a_quick_one_has_set(js: Callable[..., Any]) -> None:
    samples = [[0, 20, 5_010], [100, 2_100, 5_150], [3_000, 3_900, 8_890]]
    now, _ = js("play/clock.js", CLOCK, [samples, 4_000])
    assert abs(now - 9_000) <= 10


def test_a_contradiction_starts_the_clock_anew(js: Callable[..., Any]) -> None:
    slept = [[0, 20, 5_010], [1_000, 1_020, 66_010]]
    assert js("play/clock.js", CLOCK, [slept, 1_020])[0] == 66_020


def test_no_time_is_left_after_the_deadline(js: Callable[..., Any]) -> None:
    assert js("play/clock.js", CLOCK, [[[0, 0, 20_000]], 1]) == [20_001, 0]


def test_the_ring_is_right_on_a_device_whose_clock_is_wrong_and_after_it_has_slept(browser: Browser) -> None:
    """To the page a sleep is: the wall's clock and the server's are ahead of a sudden, and its own is not."""
    limit_ms = 120_000
    shown = state("open", question=question(time_limit_ms=limit_ms), phase_ends_at=now() + limit_ms)
    stage = Stage(browser, shown)
    slept = [0]
    stage.answers["state"] = lambda _: (200, {**shown, "server_time": now() + sum(slept)})
    stage.answers["time"] = lambda _: (200, {"server_time": now() + sum(slept)})
    stage.context.add_init_script(LIES)

    def is_right() -> bool:
        left_ms = stage.page.evaluate(RING) * limit_ms
        return abs(shown["phase_ends_at"] - now() - sum(slept) - left_ms) < BUSY_MS

    try:
        page = stage.open()
        stage.until(is_right)
        slept.append(30_000)
        page.evaluate("lies.wall += 30_000")
        stage.until(is_right)
    finally:
        stage.close()


# The part of the time that the ring says is left.
RING = "1 - document.querySelector('[data-screen]:not([hidden]) [data-ring-hand]').style.strokeDashoffset"

LIES = """(() => {
  const wall = Date.now.bind(Date);
  globalThis.lies = { wall: -10_800_000 };
  Date.now = () => wall() + lies.wall;
})()"""
