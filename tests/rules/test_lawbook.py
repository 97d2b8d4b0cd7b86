"""Is the law book loaded strictly, and is a new decree a matter of data alone?"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.contract import compute
from rules.lawbook import LAW_FOLDER, LawBook, law_book, load_law_book
from rules.strict import LawBookError

DECREE = "decree_193_2025.toml"


@pytest.fixture
def law(tmp_path: Path) -> Path:
    """A copy of the law files that a test may spoil."""
    return Path(shutil.copytree(LAW_FOLDER, tmp_path / "law"))


def edit(law: Path, file: str, old: str, new: str) -> None:
    text = (law / file).read_text("utf-8")
    assert old in text, f"{old!r} does not stand in {file}"
    (law / file).write_text(text.replace(old, new, 1), "utf-8")


def problems_of(law: Path) -> list[str]:
    with pytest.raises(LawBookError) as error:
        load_law_book(law)
    assert str(error.value) == "\n".join(error.value.problems)
    return error.value.problems


def test_the_shipped_book_loads_alike_twice() -> None:
    assert load_law_book().digest == law_book().digest
    assert re.fullmatch("[0-9a-f]{64}", law_book().digest)


NEW_DECREE = """
[instrument]
number = "99/2027/NĐ-CP"
title_vi = "Nghị định thử"
title_en = "A trial decree"
issuer_vi = "Chính phủ"
issued = 2026-12-01
in_force_from = 2027-01-01
confidence = "VERIFIED"

[[end]]
parameter = "licence_right.rate"
keys = ["193/I.3"]
[[rule]]
parameter = "licence_right.rate"
at = "Phụ lục mục {line}"
values = { "193/I.3" = 4.5 }
"""
PARAMETER_AGAIN = """
[[parameter]]
name = "conversion.decimals"
title_vi = "Số chữ số"
title_en = "Digits"
kind = "number"
covers_from = 2019-09-15
"""
LINE = 'parameter = "water.hours_per_day"\nat = "Điều 133 khoản 2"\nvalue = 24'


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        pytest.param("book.toml", "horizon =", "colour = 1\nhorizon =", ["book.toml", "colour"], id="unknown key"),
        pytest.param(DECREE, "[instrument]", "[instrument]\ncolour = 1", [DECREE, "instrument.colour"], id="unknown key of an instrument"),
        pytest.param(DECREE, LINE, LINE + "\ncolour = 1", [DECREE, "colour"], id="unknown key of a rule"),
        pytest.param(DECREE, LINE, LINE.replace('at = "Điều 133 khoản 2"\n', ""), [DECREE, "at"], id="missing citation"),
        pytest.param(DECREE, LINE, LINE.replace('"Điều 133 khoản 2"', '" "'), [DECREE, "at"], id="empty citation"),
        pytest.param(DECREE, LINE, LINE.replace("24", '"24"'), [DECREE, "value"], id="a text for a number"),
        pytest.param(DECREE, LINE, LINE.replace("24", "true"), [DECREE, "value"], id="a flag for a number"),
        pytest.param(DECREE, LINE, LINE.replace("value", "values"), [DECREE, "value"], id="keyed without keys"),
        pytest.param(DECREE, LINE, LINE.replace("hours_per_day", "hours"), [DECREE, "water.hours"], id="undeclared parameter"),
        pytest.param(DECREE, "iron = ", "irom = ", [DECREE, "irom"], id="unknown mineral"),
        pytest.param(DECREE, "in_force_from = 2025-07-02", 'in_force_from = "2025-07-02"', [DECREE, "instrument.in_force_from"], id="a text for a date"),
        pytest.param(DECREE, 'confidence = "VERIFIED"', 'confidence = "CERTAIN"', [DECREE, "instrument.confidence"], id="unknown confidence"),
        pytest.param(DECREE, 'title_en = "', 'title_fr = "', [DECREE, "instrument.title_en"], id="one language"),
        pytest.param(DECREE, 'count = "calendar"', 'count = "moon"', [DECREE, "value"], id="unknown way of counting"),
        pytest.param(DECREE, "month = 7, day = 1 }", "month = 13, day = 1 }", [DECREE, "value"], id="no such month"),
        pytest.param("minerals.toml", "\nwater = true", "\nwet = true", ["minerals.toml", "wet"], id="unknown key of a mineral"),
        pytest.param("minerals.toml", 'code = "iron"', 'code = "irom"', ["irom"], id="a mineral without rates"),
        pytest.param("parameters.toml", 'kind = "number"', 'kind = "numbers"', ["parameters.toml", "kind"], id="unknown kind"),
        pytest.param("gaps.toml", "until = 2019-09-15", 'until = "soon"', ["gaps.toml", "until"], id="a gap without a date"),
        pytest.param("calendar.toml", "last_year = 2027", "last_year = 2028", ["calendar.toml", "year"], id="a year without notice"),
        pytest.param("holidays.csv", "2026-04-27", "2026-04-31", ["holidays.csv", "line"], id="no such day"),
        pytest.param("holidays.csv", "2024-01-01,2024,holiday", "2024-01-01,2024,holidays", ["holidays.csv", "line 2"], id="unknown type of day"),
        pytest.param("holidays.csv", "date,year", "year,date", ["holidays.csv", "header"], id="header of a table"),
        pytest.param("price_frame.csv", "8000000,10000000", "8000000,1", ["price_frame.csv", "line 2"], id="maximum below minimum"),
        pytest.param("price_frame.csv", ",tonne,product,8000000", ",ton,product,8000000", ["price_frame.csv", "line 2"], id="unknown unit"),
        pytest.param("bulking_factors.csv", "1.26,1.32,1.29", "1.26,1.32,1.33", ["bulking_factors.csv", "line 2"], id="mean outside its range"),
        pytest.param("book.toml", "horizon =", "horizon = =", ["book.toml"], id="no TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_file_and_key(law: Path, file: str, old: str, new: str, named: list[str]) -> None:
    edit(law, file, old, new)
    problems = problems_of(law)
    assert any(all(part in problem for part in named) for problem in problems), problems


@pytest.mark.parametrize(
    ("file", "added", "named"),
    [
        ("minerals.toml", '\n[[mineral]]\ncode = "iron"\nname_vi = "Sắt"\nname_en = "Iron"\n', "iron"),
        (
            "parameters.toml",
            PARAMETER_AGAIN,
            "conversion.decimals",
        ),
        (
            "conventions.toml",
            '\n[[convention]]\nname = "repricing"\ntext_vi = "Khác."\ntext_en = "Other."\n',
            "repricing",
        ),
        ("holidays.csv", "2024-01-01,2024,compensation,Tết,Thông báo,nguồn,SECONDARY,\n", "2024-01-01"),
        (
            "decree_again.toml",
            NEW_DECREE.replace("99/2027", "193/2025").partition("[[end]]")[0],
            "193/2025/NĐ-CP",
        ),
    ],
    ids=["mineral", "parameter", "convention", "holiday", "instrument"],
)
def test_what_stands_twice_is_named(law: Path, file: str, added: str, named: str) -> None:
    path = law / file
    path.write_text((path.read_text("utf-8") if path.exists() else "") + added, "utf-8")
    assert any(file in problem and named in problem for problem in problems_of(law))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("holidays.csv", "2024-01-01,2024,holiday", "2024-01-01,2024,swap_work"),
        ("calendar.toml", "month = 4\nday = 30", "month = 4\nday = 31"),
    ],
    ids=["a worked swap day on a Monday", "no such fixed holiday"],
)
def test_a_calendar_that_cannot_be_is_named(law: Path, file: str, old: str, new: str) -> None:
    edit(law, file, old, new)
    assert any(file in problem for problem in problems_of(law))


def test_an_overlap_is_named(law: Path) -> None:
    edit(law, "decree_67_2019.toml", "until = 2020-12-05", "until = 2020-12-06")
    (problem,) = problems_of(law)
    assert "licence_right.first_due" in problem
    assert "overlaps" in problem
    assert problem.startswith(("decree_67_2019.toml: ", "decree_126_2020.toml: "))


def test_a_hole_that_no_gap_names_is_named(law: Path) -> None:
    edit(law, "decree_67_2019.toml", "until = 2020-12-05", "until = 2020-12-04")
    (problem,) = problems_of(law)
    assert "licence_right.first_due" in problem
    assert "2020-12-04" in problem


def test_a_hole_that_a_gap_names_is_none(law: Path) -> None:
    edit(law, "decree_67_2019.toml", "until = 2020-12-05", "until = 2020-12-04")
    gap = (law / "gaps.toml").read_text("utf-8") + (
        '\n[[gap]]\nparameter = "licence_right.first_due"\nfrom = 2020-12-04\nuntil = 2020-12-05\n'
        'reason_vi = "Thử."\nreason_en = "A trial."\nask_vi = "Nhập."\nask_en = "Enter."\n'
    )
    (law / "gaps.toml").write_text(gap, "utf-8")
    book = load_law_book(law)
    assert book.find("licence_right.first_due", date(2020, 12, 4)) is None
    assert book.gap("licence_right.first_due", date(2020, 12, 4)) is not None


def test_ending_what_is_not_in_force_is_named(law: Path) -> None:
    edit(law, "decree_21_2026.toml", 'keys = ["193/I.1"]', 'keys = ["193/I.9"]')
    assert any("decree_21_2026.toml" in problem and "193/I.9" in problem for problem in problems_of(law))


def test_a_row_that_nobody_ends_is_an_overlap(law: Path) -> None:
    edit(law, "decree_21_2026.toml", '[[end]]\nparameter = "licence_right.first_due"\n', "")
    assert any("licence_right.first_due" in problem and "overlaps" in problem for problem in problems_of(law))


def test_every_problem_is_named_at_once(law: Path) -> None:
    edit(law, "book.toml", "horizon =", "colour = 1\nhorizon =")
    edit(law, DECREE, "[instrument]", "[instrument]\ncolour = 1")
    edit(law, "holidays.csv", "2024-01-01,2024,holiday", "2024-01-01,2024,holidays")
    problems = problems_of(law)
    assert {problem.partition(":")[0] for problem in problems} == {"book.toml", DECREE, "holidays.csv"}


@pytest.mark.parametrize("file", sorted(path.name for path in LAW_FOLDER.iterdir() if path.suffix in (".toml", ".csv")))
def test_no_file_of_the_book_may_be_missing_or_unreadable(law: Path, file: str) -> None:
    (law / file).write_bytes(b"\xff\xfe")
    assert any(file in problem for problem in problems_of(law))
    (law / file).unlink()
    book = loaded(law)  # an instrument that no row rests on may leave, but not unseen
    assert book is None or book.digest != law_book().digest


def loaded(law: Path) -> LawBook | None:
    """The book, or ``None`` where it is refused as it should be."""
    try:
        return load_law_book(law)
    except LawBookError:
        return None


def lines_that_matter(full: bool) -> Iterator[tuple[str, int]]:
    for path in sorted(LAW_FOLDER.glob("*.toml")):
        numbers = [
            number
            for number, line in enumerate(path.read_text("utf-8").splitlines())
            if line.strip() and not line.startswith("#")
        ]
        yield from ((path.name, number) for number in (numbers if full else numbers[::17]))


@pytest.mark.gate
def test_a_line_left_out_is_an_error_or_another_book(law: Path, full_gates: bool) -> None:
    """Nothing in the law files is idle: without any one line the book is refused, or its digest is another."""
    for name, number in lines_that_matter(full_gates):
        file = law / name
        text = file.read_text("utf-8")
        lines = text.splitlines(keepends=True)
        file.write_text("".join(lines[:number] + lines[number + 1 :]), "utf-8")
        book = loaded(law)
        assert book is None or book.digest != law_book().digest, f"{name}: line {number + 1} is idle"
        file.write_text(text, "utf-8")


def test_layout_and_comments_do_not_change_the_digest(law: Path) -> None:
    for path in law.glob("*.toml"):
        text = path.read_text("utf-8")
        path.write_text("# Ghi chú\n\n" + re.sub(r"(?m)^(\w+) = ", r"\n# --\n   \1   =  ", text), "utf-8")
    assert load_law_book(law).digest == law_book().digest


def test_every_value_changes_the_digest(law: Path) -> None:
    edit(law, "conventions.toml", "làm tròn", "làm trònn")
    assert load_law_book(law).digest != law_book().digest


FIRST_DAY = date(2027, 1, 1)


@pytest.fixture
def newer(law: Path) -> LawBook:
    """The law book with one more file: a fictitious decree that raises one rate from 2027."""
    (law / "decree_99_2027.toml").write_text(NEW_DECREE, "utf-8")
    return load_law_book(law)


def fee(on: date, mineral: str, book: LawBook) -> dict[str, Any]:
    document = {
        "kind": "licence_right_fee",
        "approved_on": on.isoformat(),
        "licence": {"issued_on": on.isoformat(), "expires_on": "2040-06-30", "group": "III"},
        "tax_notice_on": on.isoformat(),
        "minerals": [
            {
                "mineral": mineral,
                "quantity": "1000000",
                "quantity_unit": "tonne",
                "price": {"kind": "raw", "amount": 100000, "unit": "tonne"},
            }
        ],
    }
    answer = compute(document, book)
    assert answer["ok"], answer["errors"]
    return answer


def test_a_new_decree_is_one_new_file(newer: LawBook) -> None:
    before = fee(FIRST_DAY - timedelta(days=1), "construction_stone", newer)
    after = fee(FIRST_DAY, "construction_stone", newer)
    assert before["result"]["total_vnd"] == 3_000_000_000
    assert after["result"]["total_vnd"] == 4_500_000_000
    (rate,) = [step for step in after["trace"] if step["symbol"] == "R"]
    assert rate["cite"][0] == {"instrument": "99/2027/NĐ-CP", "at": "Phụ lục mục I.3", "confidence": "VERIFIED"}


def test_a_new_decree_changes_nothing_else(newer: LawBook) -> None:
    """Before its first day nothing but the digest changes; after it, only what its rows name."""
    days = [date(2025, 7, 2) + timedelta(days=30 * step) for step in range(18)]
    for on in [*(day for day in days if day < FIRST_DAY), FIRST_DAY - timedelta(days=1)]:
        old, new = fee(on, "construction_stone", law_book()), fee(on, "construction_stone", newer)
        assert old.pop("law") != new.pop("law")
        assert old == new
    for mineral in law_book().minerals:
        old, new = fee(FIRST_DAY, mineral, law_book()), fee(FIRST_DAY, mineral, newer)
        changed = {step["symbol"] for step in new["trace"] if step not in old["trace"]}
        place = newer.get("licence_right.line", FIRST_DAY, mineral).text()
        assert bool(changed) == (place == "193/I.3"), mineral


def test_a_day_before_every_row_has_no_value_and_a_named_gap() -> None:
    book = law_book()
    on = date(2018, 6, 1)
    assert book.find("licence_right.rate", on, "67/I.1") is None
    gap = book.gap("licence_right.rate", on)
    assert gap is not None
    assert gap.reason.vi != gap.reason.en
    with pytest.raises(LookupError, match=r"licence_right\.rate"):
        book.get("licence_right.rate", on, "67/I.1")


def test_every_row_is_cited_and_every_gap_speaks_both_languages() -> None:
    book = law_book()
    numbers = {one.number for one in book.instruments}
    for row in book.rows():
        assert row.cite.instrument in numbers
        assert row.cite.at.strip()
        assert "{line}" not in row.cite.at
    for gap in book.gaps:
        assert all((gap.reason.vi, gap.reason.en, gap.ask.vi, gap.ask.en))
