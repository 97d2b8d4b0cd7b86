"""Why was a request about an account not done? A refusal is a value with a status and a text in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from rules.trace import Text


class RefusedError(Exception):
    """Not done; ``field`` names the answer that is wrong (empty: the whole). ``retry_after`` is in seconds; ``also``: what else."""

    def __init__(
        self,
        vi: str,
        en: str,
        *,
        field: str = "",
        status: int = 422,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(f"{vi} / {en}")
        self.text = Text(vi, en)
        self.field = field
        self.status = status
        self.retry_after = retry_after
        self.also: tuple[RefusedError, ...] = ()

    @property
    def all(self) -> tuple[RefusedError, ...]:
        """Everything that is wrong."""
        return (self, *self.also)


def refuse_all(problems: Sequence[RefusedError]) -> None:
    """Raise everything that is wrong as one refusal; nothing happens where nothing is."""
    if problems:
        problems[0].also = tuple(problems[1:])
        raise problems[0]


class AccessError(Exception):
    """A door stays shut: 401 for somebody who must sign in first, 403 for somebody who may not."""

    def __init__(self, status: int, title: Text, advice: Text) -> None:
        super().__init__(f"{title.vi} / {title.en}")
        self.status = status
        self.title = title
        self.advice = advice
