"""How does the worklist read: a licence, the totals, the choices of each filter?"""

from __future__ import annotations

from typing import Any, Final

from api.pages.rates import rate_address
from api.pages.speech import Speech
from api.province.lacks import LackCode
from api.province.scope import Scope
from api.province.worklist import SCOPE_NAMES, STATUS_NAMES, Status, Totals, Worklist, WorklistRow
from rules.lawbook import law_book
from rules.trace import Text

NOBODY: Final = "-"
"""The choice of licences nobody works on."""
_SHOWN_LACKS: Final = 4
AUTHORITIES: Final = {"ministry": Text("Bộ cấp", "Ministry"), "province": Text("Tỉnh cấp", "Province")}
_TASKS: Final = {
    "settlement": Text("quyết toán", "settlement"),
    "reapproval": Text("phê duyệt lại", "re-approval"),
    "exchange": Text("cấp đổi", "exchange"),
}
_LACKS: Final[dict[LackCode, Text]] = {
    LackCode.ISSUED: Text("ngày cấp", "issue date"),
    LackCode.ELIGIBLE: Text("đủ điều kiện gia hạn không", "eligibility"),
    LackCode.MINERAL: Text("mã khoáng sản", "mineral code"),
    LackCode.OUTPUT: Text("sản lượng", "output"),
    LackCode.OUTPUT_TO_CUTOFF: Text("sản lượng đến ngày chốt", "output to the cut-off"),
    LackCode.OUTPUT_FIGURE: Text("số liệu sản lượng", "figure of output"),
    LackCode.OUTPUT_UNITS: Text("đơn vị sản lượng", "unit of output"),
    LackCode.OUTPUT_OUTSIDE: Text("sản lượng ngoài thời hạn", "output outside the term"),
    LackCode.RIGHT: Text("đấu giá hay không", "auctioned or not"),
    LackCode.PRICE_CODE: Text("mã bảng giá", "price code"),
    LackCode.PRICE: Text("bảng giá", "price list"),
    LackCode.PRICE_UNIT: Text("đơn vị giá", "unit of the price"),
    LackCode.BANDS: Text("khoảng hàm lượng", "grade bands"),
    LackCode.GRADE_UNIT: Text("đơn vị hàm lượng", "unit of grades"),
    LackCode.FRAME: Text("bình quân khung giá", "mean of the price frame"),
    LackCode.RATE: Text("tỷ lệ thu R", "rate R"),
    LackCode.CONVERSION: Text("thông số quy đổi", "conversion"),
    LackCode.PAID: Text("số đã nộp", "sum paid"),
    LackCode.RESERVE: Text("trữ lượng", "reserve"),
    LackCode.LICENSED: Text("trữ lượng của khoáng sản thứ hai", "reserve of another mineral"),
    LackCode.TERM: Text("thời hạn", "term"),
    LackCode.LICENCE_YEARS: Text("số năm giấy phép", "years of the licence"),
    LackCode.MINED_BEFORE: Text("đã khai thác trước 2014", "mined before 2014"),
    LackCode.FLOW: Text("lưu lượng", "flow"),
}


def row_view(one: WorklistRow, t: Speech) -> dict[str, Any]:
    """One licence as the template prints it."""
    minerals = "; ".join(t.text(law_book().minerals[code].name) for code in one.minerals)
    tasks = [t.text(name) for key, name in _TASKS.items() if getattr(one, key)]
    codes = {lack.code for lack in one.lacks}
    rate = next((lack for lack in one.lacks if lack.code is LackCode.RATE), None)
    return {
        "id": one.licence_id,
        "number": one.number or t("(không có số)", "(no number)"),
        "holder": one.holder or "",
        "mineral": minerals or one.mineral_local or "",
        "scope": t.text(SCOPE_NAMES[one.scope]),
        "tasks": ", ".join(tasks),
        "status": one.status.value,
        "status_name": t.text(STATUS_NAMES[one.status]),
        "lacks": [t.text(lack.text) for lack in one.lacks],
        "lack_names": list(dict.fromkeys(t.text(_LACKS[lack.code]) for lack in one.lacks))[:_SHOWN_LACKS],
        "rate_address": "" if rate is None else rate_address(rate.mineral, rate.days),
        "more_lacks": max(len(codes) - _SHOWN_LACKS, 0),
        "problems": [t.text(text) for text in one.problems],
        "settled": "" if one.settled_vnd is None else t.money(one.settled_vnd),
        "difference": _difference(one, t),
        "annual": "" if one.annual_vnd is None else t.money(one.annual_vnd),
        "stale": one.stale,
        "days_left": one.days_left,
        "owner": one.owner or "",
        "note": one.note or "",
        "blocked": one.status is Status.BLOCKED,
        "register_says": one.register_says,
    }


def _difference(one: WorklistRow, t: Speech) -> str:
    if one.difference_vnd is None:
        return ""
    if one.difference_vnd > 0:
        return t("thiếu ", "underpaid ") + t.money(one.difference_vnd)
    return t("thừa ", "overpaid ") + t.money(-one.difference_vnd) if one.difference_vnd else t("nộp đủ", "even")


def totals_view(one: Totals, t: Speech) -> dict[str, Any]:
    """Counts and sums of rows."""
    return {
        "licences": t.number(one.licences),
        "tasks": [(t.text(name), t.number(getattr(one, key))) for key, name in _TASKS.items()],
        "by_status": [(key.value, t.text(STATUS_NAMES[key]), one.by_status[key]) for key in Status],
        "sums": [
            (t("Quyết toán", "Settled"), t.money(one.settled_vnd)),
            (t("Đã nộp", "Paid"), t.money(one.paid_vnd)),
            (t("Nộp thiếu", "Underpaid"), t.money(one.underpaid_vnd)),
            (t("Nộp thừa", "Overpaid"), t.money(one.overpaid_vnd)),
            (t("Phê duyệt lại", "Re-approved"), t.money(one.reapproved_vnd)),
            (t("Nộp hằng năm", "Yearly payment"), t.money(one.annual_vnd)),
        ],
        "any": bool(one.settled_vnd or one.reapproved_vnd),
    }


def choices(found: Worklist, t: Speech) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Each filter: its name, what it is called, its choices."""
    every = found.all_totals

    def counted(text: str, number: int) -> str:
        return f"{text} ({t.number(number)})"

    owners = [(name, counted(name, number)) for name, number in sorted(every.owners.items()) if name]
    minerals = [(code, t.text(one.name)) for code, one in law_book().minerals.items()]
    return [
        ("status", t("Tình trạng", "Status"),
         [(key.value, counted(t.text(STATUS_NAMES[key]), every.by_status[key])) for key in Status]),
        ("scope", t("Diện", "State"),
         [(key.value, counted(t.text(SCOPE_NAMES[key]), every.by_scope[key])) for key in Scope]),
        ("task", t("Việc", "Task"),
         [(key, counted(t.text(_TASKS[key]), getattr(every, key))) for key in ("reapproval", "exchange")]),
        ("lack", t("Còn thiếu", "Lacks"),
         [(key.value, counted(t.text(_LACKS[key]), every.lacks[key])) for key in LackCode if every.lacks.get(key)]),
        ("owner", t("Người phụ trách", "Owner"),
         [(NOBODY, counted(t("chưa có ai", "nobody"), every.owners.get("", 0))), *owners]),
        ("authority", t("Cơ quan cấp", "Authority"), [(key, t.text(name)) for key, name in AUTHORITIES.items()]),
        ("mineral", t("Khoáng sản", "Mineral"), minerals),
    ]  # fmt: skip
