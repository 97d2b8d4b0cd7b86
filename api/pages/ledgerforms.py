"""Which fields does each form of the ledger have, and which fact do the answers tell? The document of the contract, field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from api.pages.answers import read_day, read_whole
from api.pages.fields import Spec
from api.pages.form import Case
from fees.ledger import StopReason
from rules.trace import Text

_CELLS: Final = re.compile(r"\t|;|\s{2,}")
_MOST_ROWS: Final = 200


def _flag(text: str) -> bool:
    return text == "yes"


NOT_FILLED: Final = Text("Chưa nhập.", "Not filled in.")
_ON: Final = Text("Ngày văn bản", "Day of the document")
_YES_NO: Final = (("no", Text("không", "no")), ("yes", Text("có", "yes")))
_PAYER: Final = Spec(key="payer", label=Text("Người nộp", "Payer"), required=True, suggests="payers")
_AMOUNT: Final = Text("Số tiền (đồng)", "Amount (VND)")
_MONEY_HELP: Final = Text("Số đồng nguyên như 12.500.000.", "Whole đồng such as 12,500,000.")
REASONS: Final[dict[StopReason, Text]] = {
    StopReason.FORCED_STOP: Text(
        "Phải tạm dừng khai thác theo yêu cầu của cơ quan nhà nước (Điều 137 khoản 3)",
        "Forced stop of mining asked for by the State (Art. 137(3))",
    ),
    StopReason.FROZEN: Text("Khoanh tiền thuế nợ (lý do khác)", "Frozen debt (other reasons)"),
    StopReason.DEFERRAL: Text("Gia hạn nộp", "Deferral"),
    StopReason.FORCE_MAJEURE: Text("Bất khả kháng", "Force majeure"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form: what it is called, what to know, its fields."""

    title: Text
    help: Text
    specs: tuple[Spec, ...]


def _on(label: Text = _ON) -> Spec:
    return Spec(key="on", label=label, read=read_day, required=True)


def _document(vi: str, en: str) -> Spec:
    return Spec(key="document", label=Text(vi, en), required=True)


def _instalment(*, required: bool = False, help_: Text) -> Spec:
    return Spec(
        key="instalment", label=Text("Kỳ nộp", "Instalment"), required=required, suggests="instalments", help=help_
    )


def _amount(label: Text = _AMOUNT) -> Spec:
    return Spec(key="amount_vnd", label=label, read=read_whole, required=True, help=_MONEY_HELP)


FORMS: Final[dict[str, Form]] = {
    "decision": Form(
        title=Text("Quyết định phê duyệt tiền cấp quyền", "Decision that approves the fee"),
        help=Text(
            "Ghi số được phê duyệt, phê duyệt lại, điều chỉnh; chưa thành nợ cho đến khi có thông báo nộp tiền.",
            "The fee as approved, re-approved, adjusted; it is owed only once the tax office notifies it.",
        ),
        specs=(
            _on(Text("Ngày quyết định", "Day of the decision")),
            _document("Số quyết định", "Number of the decision"),
            _amount(Text("Tiền được phê duyệt (đồng)", "Approved fee (VND)")),
            Spec(
                key="replaces", label=Text("Thay phần chưa thông báo của quyết định trước", "Replaces what is not notified yet"),
                options=_YES_NO, default="no", read=_flag,
                help=Text("Chọn có khi phê duyệt lại, điều chỉnh cả số còn lại.", "Yes where the rest is re-approved or adjusted."),
            ),
            _PAYER,
        ),
    ),
    "notice": Form(
        title=Text("Thông báo nộp tiền của cơ quan thuế", "Notice of the tax office"),
        help=Text("Mỗi kỳ nộp một thông báo, với hạn nộp in trên thông báo.", "One instalment a notice, with its due day."),
        specs=(
            _on(Text("Ngày thông báo", "Notified on")),
            _document("Số thông báo", "Number of the notice"),
            _instalment(required=True, help_=Text("Ví dụ 2026, hoặc 2026/1.", "Such as 2026, or 2026/1.")),
            _amount(),
            Spec(key="due_on", label=Text("Hạn nộp", "Due on"), read=read_day, required=True),
            _PAYER,
        ),
    ),
    "settlement": Form(
        title=Text("Kết quả quyết toán đã thông báo", "Settlement as notified"),
        help=Text(
            "Lấy kết quả quyết toán đã tính của giấy phép; ghi chênh lệch so với số đã thông báo và số bù trừ.",
            "Takes the settlement computed for the licence; the difference to what was notified and the offsets are posted.",
        ),
        specs=(
            _on(Text("Ngày thông báo quyết toán", "Settlement notified on")),
            _document("Số văn bản thông báo", "Number of the notice"),
            _instalment(help_=Text("Tên của khoản nộp bổ sung; để trống: «QT năm».", "Name of the top-up; empty: QT and year.")),
            _PAYER,
        ),
    ),
    "interest": Form(
        title=Text("Tiền chậm nộp được thông báo", "Late interest as notified"),
        help=Text(
            "Ghi số cơ quan thuế thông báo; để riêng với tiền cấp quyền. Khi nộp, ghi ở mẫu «Ghi khoản nộp».",
            "As the tax office notifies it, apart from the fee. When paid, write it with the payment form.",
        ),
        specs=(
            _on(Text("Ngày thông báo", "Notified on")),
            _document("Số thông báo", "Number of the notice"),
            _amount(Text("Tiền chậm nộp (đồng)", "Late interest (VND)")),
            Spec(key="lowers", label=Text("Được miễn, ghi giảm", "Exempted, taken off"), options=_YES_NO, default="no", read=_flag),
            _PAYER,
        ),
    ),
    "stop": Form(
        title=Text("Ngừng tính tiền chậm nộp, tạm dừng khai thác", "Interest stop, forced stop"),
        help=Text(
            "Chưa biết ngày hoạt động lại: ghi đến ngày đã xác nhận gần nhất, sau đó ghi tiếp khoảng liền sau.",
            "Where the end is not known yet: write the days confirmed so far, later those that follow.",
        ),
        specs=(
            _on(),
            _document("Số văn bản", "Number of the document"),
            Spec(key="reason", label=Text("Lý do", "Reason"), required=True,
                 options=tuple((one.value, text) for one, text in REASONS.items())),
            Spec(key="first", label=Text("Từ ngày", "First day"), read=read_day, required=True),
            Spec(key="last", label=Text("Đến hết ngày", "Last day"), read=read_day, required=True,
                 help=Text("Ngày liền trước ngày hoạt động lại.", "The day before mining resumes.")),
            _instalment(help_=Text("Để trống: mọi kỳ. Ghi tên kỳ: chỉ ngừng tiền chậm nộp của kỳ đó, không miễn năm nào.",
                                   "Empty: all. Where named, only its interest stops and no year is freed.")),
            _PAYER,
        ),
    ),
}  # fmt: skip
"""The forms made field by field; their boxes are called ``fact_field``."""
_PAYMENT: Final = (
    Spec(key="on", label=Text("Ngày nộp", "Paid on"), read=read_day),
    Spec(key="document", label=Text("Số giấy nộp tiền", "Voucher")),
    Spec(key="principal_vnd", label=Text("Tiền gốc (đồng)", "Principal (VND)"), read=read_whole),
    Spec(key="interest_vnd", label=Text("Tiền chậm nộp (đồng)", "Late interest (VND)"), read=read_whole),
    Spec(key="instalment", label=Text("Kỳ nộp (nếu chứng từ ghi)", "Instalment (where named)")),
    _PAYER,
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
