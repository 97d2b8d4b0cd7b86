"""Which licence of the register does a row of another table mean?

By its number; where several licences share the number, the issue date, the holder and the mine decide, each as far as
the row tells them (a date inside the number's cell counts: "211/GP-UBND ngày 09/06/2006"). Without a number, by holder
and mine. What still fits several licences is not guessed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlmodel import Session, col, select

from api.imports.cells import Doubt, read_date
from api.imports.values import Value
from api.store.models import Licence
from api.store.text import number_key, words

_DATE: Final = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}")
_SHORT_FORMS: Final = (
    ("trach nhiem huu han", "tnhh"),
    ("mot thanh vien", "mtv"),
    ("doanh nghiep tu nhan", "dntn"),
    ("hop tac xa", "htx"),
    ("co phan", "cp"),
    ("cong ty", "cty"),
)
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is needed of a licence to recognise it and to judge a row against it."""

    id: int
    number: str | None
    number_key: str
    holder: str | None
    mine: str
    issued_on: date | None
    expires_on: date | None
    mineral_code: str | None
    region: str | None


class LicenceIndex:
    """The register, ready to be asked by number or by holder."""

    def __init__(self, licences: Sequence[Known]) -> None:
        self.licences = {one.id: one for one in licences}
        self._by_number: defaultdict[str, list[Known]] = defaultdict(list)
        self._by_holder: defaultdict[str, list[Known]] = defaultdict(list)
        for one in licences:
            if one.number_key:
                self._by_number[one.number_key].append(one)
            if one.holder:
                self._by_holder[name_key(one.holder)].append(one)

    def find(self, told: Mapping[str, Value]) -> Known | Doubt:
        """The licence a row means by ``number``, ``issued_on``, ``holder`` and ``mine_name``, or why none was taken."""
        number = str(told.get("number", ""))
        holder, mine = name_key(str(told.get("holder", ""))), words(str(told.get("mine_name", "")))
        issued: Value | Doubt | None = told.get("issued_on")
        if issued is None and (match := _DATE.search(number)):
            issued = read_date(match[0])
        if number:
            found = self._by_number.get(number_key(number), [])
        elif holder:
            found = self._by_holder.get(holder, [])
        else:
            found = [one for one in self.licences.values() if mine and words(one.mine) == mine]
        if not found:
            return Doubt(code="licence_unknown", words={})
        if isinstance(issued, date):
            found = _narrowed(found, lambda one: one.issued_on == issued)
        if number and holder:
            found = _narrowed(found, lambda one: same_name(one.holder, holder))
        if mine:
            found = _narrowed(found, lambda one: mine in words(one.mine))
        if len(found) > 1:
            named = "; ".join(f"{one.number or '?'} - {one.holder or '?'}" for one in found[:_SHOWN])
            return Doubt(code="licence_several", words={"ids": named})
        return found[0]


def load_licences(session: Session) -> LicenceIndex:
    """The licences of the store."""
    return LicenceIndex(
        [
            Known(
                id=one.id or 0,
                number=one.number,
                number_key=one.number_key,
                holder=one.holder,
                mine=f"{one.mine_name or ''} {one.place or ''}".strip(),
                issued_on=one.issued_on,
                expires_on=one.expires_on,
                mineral_code=one.mineral_code,
                region=one.region,
            )
            for one in session.exec(select(Licence).order_by(col(Licence.id))).all()
        ]
    )


def name_key(name: str) -> str:
    """A holder's name, comparable: "Công ty TNHH MTV A" and "Cty trách nhiệm hữu hạn một thành viên A" are one."""
    key = words(name)
    for long, short in _SHORT_FORMS:
        key = key.replace(long, short)
    return key


def same_name(one: str | None, other_key: str) -> bool:
    """Whether a name is the one with this key, or holds it or is held by it as whole words."""
    mine, other = f" {name_key(one or '')} ", f" {other_key} "
    return bool(mine.strip() and other_key) and (mine in other or other in mine)


def _narrowed(found: list[Known], fits: Callable[[Known], bool]) -> list[Known]:
    return [one for one in found if fits(one)] or found
