"""Which fact do the answers of a form of the ledger tell? The document of the contract, field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from api.pages.answers import read_day, read_whole
from api.pages.fields import Spec
from api.pages.form import Case
from api.pages.ledgerfields import FORMS, NOT_FILLED, PAYER
from rules.trace import Text

_CELLS: Final = re.compile(r"\t|;|\s{2,}")
_MOST_ROWS: Final = 200
_PAYMENT: Final = (
    Spec(key="on", label=Text("Ngày nộp", "Paid on"), read=read_day),
    Spec(key="document", label=Text("Số giấy nộp tiền", "Voucher")),
    Spec(key="principal_vnd", label=Text("Tiền gốc (đồng)", "Principal (VND)"), read=read_whole),
    Spec(key="interest_vnd", label=Text("Tiền chậm nộp (đồng)", "Late interest (VND)"), read=read_whole),
    Spec(key="instalment", label=Text("Kỳ nộp (nếu chứng từ ghi)", "Instalment (where named)")),
    PAYER,
)
_REVERSAL: Final = (
    Spec(key="on", label=Text("Ngày đảo", "Reversed on"), read=read_day),
    Spec(key="document", label=Text("Văn bản, lý do", "Document, reason")),
    Spec(key="entry", label=Text("Bút toán", "Entry")),
)
_NAMES: Final = {
    "payment": {"on": "paid_on", "document": "document", "principal_vnd": "principal", "interest_vnd": "interest",
                "instalment": "instalment", "payer": "payer"},
    "reversal": {"on": "reversed_on", "document": "reason", "entry": "entry"},
}  # fmt: skip
"""The boxes of the two oldest forms, which links fill in by these names."""
SCHEDULE: Final = "decision_schedule"


def boxes(fact: str) -> dict[str, Spec]:
    """The boxes of the form of a fact by their names; empty for a form that is not there."""
    if fact in FORMS:
        return {f"{fact}_{spec.key}": spec for spec in FORMS[fact].specs}
    specs = {"payment": _PAYMENT, "reversal": _REVERSAL}.get(fact, ())
    return {_NAMES[fact][spec.key]: spec for spec in specs}


def labels() -> dict[str, Text]:
    """What every box is called."""
    found = {name: spec.label for fact in (*FORMS, *_NAMES) for name, spec in boxes(fact).items()}
    return found | {SCHEDULE: Text("Lịch nộp của quyết định", "Schedule of the decision")}


def fact_of(fact: str, given: Mapping[str, str]) -> Case | None:
    """The document the answers of a form tell, with the box of each of its fields; ``None`` for a form that is not there."""
    document: dict[str, Any] = {"fact": fact}
    case = Case(document)
    asked = boxes(fact)
    if not asked:
        return None
    for name, spec in asked.items():
        case.put(document, replace(spec, key=name), given, key=spec.key)
    if fact == "decision":
        _schedule(case, given.get(SCHEDULE, ""))
    if fact == "settlement" and given.get("settlement_paid_differs") == "yes":
        document["paid_differs"] = True
    for name in ("fact", "key"):
        case.names[name] = ""
    case.names |= {"again": "again", "paid_differs": "settlement_paid_differs"}
    payer = next((name for key, name in case.names.items() if key == "payer"), "")
    if payer and not given.get(payer):
        case.unread[payer] = NOT_FILLED
    if given.get("again") == "yes":
        document["again"] = True
    return case


def _schedule(case: Case, text: str) -> None:
    """The rows of a decision's schedule: instalment, amount, due day where it is named, as copied from a spreadsheet."""
    case.names["schedule"] = SCHEDULE
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(text.replace("\r", "").split("\n"), 1):
        cells = [cell.strip() for cell in _CELLS.split(line.strip(" ")) if cell.strip()]
        if not cells:
            continue
        amount = read_whole(cells[1]) if len(cells) > 1 else None
        due = read_day(cells[2]) if len(cells) > 2 else None
        if not isinstance(amount, int) or isinstance(due, Text) or len(cells) > 3 or number > _MOST_ROWS:
            case.unread.setdefault(SCHEDULE, Text(
                f"Dòng {number} không đọc được: viết kỳ, số tiền, hạn nộp, ví dụ «2026  12.500.000  01/06/2026».",
                f"Row {number} cannot be read: write instalment, amount, due day, such as “2026  12,500,000  01/06/2026”.",
            ))  # fmt: skip
            continue
        rows.append({"instalment": cells[0], "amount_vnd": amount, **({} if due is None else {"due_on": due})})
    if rows:
        case.document["schedule"] = rows
