"""The simulated time and the queue of what is due."""

from __future__ import annotations

import random

import pytest
from backup.clock import Clock

START = 1_800_000_000.0


def still() -> Clock:
    return Clock(lambda: START)


def test_what_is_due_is_done_in_order_and_at_its_own_time() -> None:
    clock, seen = still(), []
    for delay in (300, 100, 200):
        clock.at(START + delay, lambda: seen.append(clock.now() - START))
    clock.advance_to(START + 1000)
    assert seen == [100, 200, 300]
    assert clock.now() == START + 1000


def test_things_due_at_the_same_time_are_done_in_the_order_in_which_they_were_put_in() -> None:
    clock, seen = still(), []
    for number in range(50):
        clock.at(START + 5, lambda number=number: seen.append(number))
    clock.advance_to(START + 5)
    assert seen == list(range(50))


def test_what_a_due_thing_puts_in_is_done_in_the_same_advance() -> None:
    clock, seen = still(), []
    clock.at(START + 10, lambda: clock.at(START + 20, lambda: seen.append(clock.now() - START)))
    clock.advance_to(START + 15)
    assert seen == []
    clock.advance_to(START + 25)
    assert seen == [20]


def test_what_was_cancelled_is_not_done_and_not_next() -> None:
    clock, seen = still(), []
    clock.at(START + 10, lambda: seen.append("no")).cancel()
    clock.at(START + 20, lambda: seen.append("yes"))
    assert clock.next_due() == START + 20
    clock.advance_to(START + 30)
    assert seen == ["yes"]
    assert clock.next_due() is None


def test_time_goes_on_with_real_time_and_its_offset() -> None:
    real = [START]
    clock = Clock(lambda: real[0])
    clock.advance_to(START + 86_400)
    assert clock.offset == 86_400
    real[0] += 7
    assert clock.now() == START + 86_407


def test_running_what_is_due_does_not_move_time() -> None:
    real, seen = [START], []
    clock = Clock(lambda: real[0])
    clock.at(START + 5, lambda: seen.append(clock.now()))
    real[0] += 6
    clock.run_due()
    assert seen == [START + 5]
    assert clock.now() == START + 6 and clock.offset == 0


def test_time_does_not_go_back() -> None:
    clock, seen = still(), []
    clock.at(START - 50, lambda: seen.append("overdue"))
    clock.advance_to(START - 100)
    assert seen == ["overdue"]
    assert clock.now() == START


def test_a_thing_that_fails_leaves_the_time_at_which_it_failed_and_the_rest_in_the_queue() -> None:
    clock, seen = still(), []
    clock.at(START + 10, lambda: 1 / 0)
    clock.at(START + 20, lambda: seen.append("later"))
    with pytest.raises(ZeroDivisionError):
        clock.advance_to(START + 30)
    assert clock.now() == START + 10
    clock.advance_to(START + 30)
    assert seen == ["later"]


def test_the_queue_can_not_move_its_own_clock() -> None:
    clock = still()
    clock.at(START + 1, lambda: clock.advance_to(START + 100))
    with pytest.raises(RuntimeError):
        clock.advance_to(START + 2)


def test_one_long_advance_does_the_same_as_many_short_ones() -> None:
    def run(steps: list[float]) -> list[tuple[float, int]]:
        clock, seen, dice = still(), [], random.Random(7)

        def again(depth: int) -> None:
            seen.append((clock.now(), depth))
            if depth < 6:
                for _ in range(2):
                    clock.at(clock.now() + dice.randrange(1, 500), lambda: again(depth + 1))

        again(0)
        for step in steps:
            clock.advance_to(clock.now() + step)
        return seen

    assert run([4000]) == run([1] * 4000) == run([333, 667, 1000, 2000])
