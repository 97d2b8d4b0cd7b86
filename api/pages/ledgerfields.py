"""Which fields does each form of the ledger have? One form for each fact an officer writes; the payment's and the reversal's
stand in :mod:`api.pages.ledgerforms`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from api.contract.ledger import OffsetWay
from api.pages.answers import read_day, read_whole
from api.pages.fields import Spec
from fees.ledger import StopReason
from rules.trace import Text


def _flag(text: str) -> bool:
    return text == "yes"


NOT_FILLED: Final = Text("Chưa nhập.", "Not filled in.")
_ON: Final = Text("Ngày văn bản", "Day of the document")
_YES_NO: Final = (("no", Text("không", "no")), ("yes", Text("có", "yes")))
PAYER: Final = Spec(key="payer", label=Text("Người nộp", "Payer"), required=True, suggests="payers")
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
            PAYER,
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
            PAYER,
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
            PAYER,
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
            PAYER,
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
            PAYER,
        ),
    ),
    "opening": Form(
        title=Text("Nợ đầu kỳ chuyển sang", "Opening debt brought in"),
        help=Text(
            "Mỗi kỳ nộp còn nợ một lần ghi; ngày ghi là ngày liền trước ngày đầu tiên của sổ. Tiền gốc và tiền chậm nộp để riêng.",
            "One unpaid instalment at a time, dated the day before the ledger's first day. Principal and late interest apart.",
        ),
        specs=(
            _on(Text("Ghi vào ngày", "Dated")),
            _document("Văn bản xác nhận nợ", "Document that confirms the debt"),
            _instalment(required=True, help_=Text("Ví dụ 2021, hoặc 2021/1.", "Such as 2021, or 2021/1.")),
            _amount(Text("Tiền gốc còn nợ (đồng)", "Principal owed (VND)")),
            Spec(key="interest_vnd", label=Text("Tiền chậm nộp còn nợ (đồng)", "Late interest owed (VND)"), read=read_whole,
                 help=_MONEY_HELP),
            Spec(key="due_on", label=Text("Hạn nộp", "Due on"), read=read_day, required=True),
            PAYER,
        ),
    ),
    "offset": Form(
        title=Text("Bù trừ theo quyết định của cơ quan thuế", "Offset decided by the tax office"),
        help=Text(
            "Bù trừ giữa hai giấy phép của một người nộp: ghi ở cả hai sổ, giấy phép có số nộp thừa và giấy phép còn nợ.",
            "Between two licences of one payer: write it in both ledgers, the one with the excess and the one with the debt.",
        ),
        specs=(
            _on(Text("Ngày bù trừ", "Offset on")),
            _document("Số văn bản bù trừ", "Number of the document"),
            Spec(key="way", label=Text("Chiều bù trừ", "Which way"), required=True, options=(
                (OffsetWay.OUT.value, Text("số nộp thừa của giấy phép này trả khoản nợ khác", "this licence's excess pays other debts")),
                (OffsetWay.IN.value, Text("số nộp thừa ở nơi khác trả khoản nợ của giấy phép này", "another excess pays this licence's debt")),
            )),
            _amount(),
            Spec(key="own_interest_vnd", read=read_whole,
                 label=Text("Trong đó cho tiền chậm nộp của giấy phép này", "Of it for late interest of this licence"),
                 help=Text("Chỉ khi dùng số nộp thừa của giấy phép này.", "Only where this licence's excess is used.")),
            _instalment(help_=Text("Chỉ khi nhận bù trừ; để trống: trừ vào kỳ nợ cũ nhất.",
                                   "Only where an excess comes in; empty: the oldest debt first.")),
            PAYER,
        ),
    ),
    "refund": Form(
        title=Text("Hoàn trả số nộp thừa", "Excess paid back"),
        help=Text("Ghi khi cơ quan thuế đã hoàn trả; nhiều nhất bằng số nộp thừa.", "Once the tax office has paid it back; at most the excess."),
        specs=(_on(Text("Ngày hoàn trả", "Paid back on")), _document("Số quyết định hoàn trả", "Number of the decision"), _amount(), PAYER),
    ),
}  # fmt: skip
"""The forms made field by field; their boxes are called ``fact_field``."""
