"""Was a step with a deadline taken in time?"""

from __future__ import annotations

from auction_engine.commands import Command
from auction_engine.dates import day
from auction_engine.events import Event
from auction_engine.events_after import TaskDone
from auction_engine.moments import local_day
from auction_engine.refusing import cite, refused
from auction_engine.state import State
from auction_engine.values import Task

_RULES = {Task.LICENCE_DOSSIER: "dossier_mining"}


def bad_day(state: State, command: Command, text: str, now: str, first: str = "") -> tuple[Event, ...]:
    """A refusal where a day cannot be read, lies before ``first`` or in the future; else nothing."""
    if day(text) is None:
        return (refused(state, command, now, "unreadable", field="on", given=text),)
    if first and text < first:
        return (refused(state, command, now, "before_its_day", given=text, first=first),)
    if text > local_day(now).isoformat():
        return (refused(state, command, now, "in_future", given=text),)
    return ()


def task_done(state: State, command: Command, task: Task, done_on: str, now: str, note: str = "") -> tuple[Event, ...]:
    """The step with whether it was late; a step is taken once. Where no rule read sets a day for it, no article is named."""
    if task in state.done:
        return (refused(state, command, now, "already_done", given=state.done[task]),)
    if state.plan is None:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    bad = bad_day(state, command, done_on, now)
    if bad:
        return bad
    due_on = state.due.get(task, "")
    rule = _RULES.get(task, task.value)
    in_force = state.book.find(f"session.{rule}", local_day(now)) is not None
    return (
        TaskDone(
            task=task,
            done_on=done_on,
            due_on=due_on,
            late=bool(due_on) and done_on > due_on,
            article=cite(state, rule, now) if in_force else "",
            note=note,
        ),
    )
