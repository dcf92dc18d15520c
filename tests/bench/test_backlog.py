import asyncio

from bench.backlog import SLICE, Backlog


def test_all_is_done_in_order_and_the_loop_has_its_turn_after_each_slice() -> None:
    async def run() -> list[int]:
        backlog, done, seen = Backlog(), list[int](), list[int]()
        for number in range(2 * SLICE + 1):
            backlog.add(lambda number=number: done.append(number))  # type: ignore[misc]
        for _ in range(4):
            await asyncio.sleep(0)
            seen.append(len(done))
        assert done == list(range(2 * SLICE + 1))
        return seen

    assert asyncio.run(run()) == [SLICE, 2 * SLICE, 2 * SLICE + 1, 2 * SLICE + 1]
