"""The explanation of a result: steps in order, cautions each once, and what did not apply and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, NotRequired, TypedDict

from rules.citation import Citation, CitationJson
from rules.number import Traced, plain


class Text(NamedTuple):
    """A text that users see: Vietnamese first, then English."""

    vi: str
    en: str


class Step(TypedDict):
    """One line of a computation, in the shape of the compute contract."""

    symbol: str
    label_vi: str
    label_en: str
    formula: str
    substituted: str
    value: str
    unit: str
    cite: list[CitationJson]
    convention_vi: NotRequired[str]
    convention_en: NotRequired[str]


class Caution(TypedDict):
    """A warning that the reader of a sum must see; ``cite`` names the rows it is about."""

    code: str
    message_vi: str
    message_en: str
    cite: list[CitationJson]


class NotApplied(TypedDict):
    """A rule that a reader would expect and that was not applied, with the reason."""

    code: str
    message_vi: str
    message_en: str
    cite: list[CitationJson]


class Trace:
    """Collects the steps of one computation; every figure of a result is written here before it is returned."""

    __slots__ = ("_cautions", "not_applied", "steps")

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.not_applied: list[NotApplied] = []
        self._cautions: dict[str, Caution] = {}

    def define(
        self,
        symbol: str,
        label: Text,
        number: Traced,
        unit: str,
        cite: Sequence[Citation],
        convention: Text | None = None,
    ) -> Traced:
        """Write a step and return the number under its symbol, ready for the next formula."""
        return self.write(symbol, label.vi, label.en, number, unit, cite, convention)

    def write(
        self,
        symbol: str,
        label_vi: str,
        label_en: str,
        number: Traced,
        unit: str,
        cite: Sequence[Citation],
        convention: Text | None = None,
    ) -> Traced:
        """:meth:`define` for labels that are not a :class:`Text` yet."""
        percent = unit == "%"
        value = number.text or plain(number.num * 100 if percent else number.num, number.den)
        step: Step = {
            "symbol": symbol,
            "label_vi": label_vi,
            "label_en": label_en,
            "formula": number.formula,
            "substituted": number.shown,
            "value": value,
            "unit": unit,
            "cite": [cite[0].json] if len(cite) == 1 else [one.json for one in cite],
        }
        if convention is not None:
            step["convention_vi"] = convention.vi
            step["convention_en"] = convention.en
        self.steps.append(step)
        if number.shown is number.text and number.formula == symbol:  # an operand stands under its symbol already
            return number
        return Traced(number.num, number.den, symbol, f"{value} %" if percent else value, text=value)

    def note(self, symbol: str, label: Text, value: str, unit: str, cite: Sequence[Citation]) -> None:
        """Write a step that is not arithmetic: a chosen line of a table, a date found by a rule."""
        self.steps.append(
            Step(
                symbol=symbol,
                label_vi=label.vi,
                label_en=label.en,
                formula=symbol,
                substituted=value,
                value=value,
                unit=unit,
                cite=[one.json for one in cite],
            )
        )

    def caution(self, code: str, text: Text, cite: Sequence[Citation] = ()) -> None:
        """Add a caution; a code appears once, further reasons and citations join it."""
        known = self._cautions.get(code)
        if known is None:
            self._cautions[code] = Caution(
                code=code, message_vi=text.vi, message_en=text.en, cite=[one.json for one in cite]
            )
            return
        if text.vi not in known["message_vi"]:
            known["message_vi"] += " " + text.vi
            known["message_en"] += " " + text.en
        known["cite"].extend(one.json for one in cite if one.json not in known["cite"])

    def did_not_apply(self, code: str, text: Text, cite: Sequence[Citation]) -> None:
        """Say why an expected rule was not applied."""
        self.not_applied.append(
            NotApplied(code=code, message_vi=text.vi, message_en=text.en, cite=[one.json for one in cite])
        )

    @property
    def cautions(self) -> list[Caution]:
        """The cautions in the order they arose."""
        return list(self._cautions.values())
