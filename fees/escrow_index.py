"""By how much have prices slipped when a deposit is made? Circular 38/2015 Art. 12(3), Decree 08/2022 Art. 37.

Price-slip index, *yếu tố trượt giá*: the base is multiplied by the consumer price index "of the preceding years counted
from the approval of the plan". The text leaves the chaining and the first year open; the user chooses and the result says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar

from fees.working import Working
from rules.citation import Citation
from rules.errors import Code, Path
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)
_PRINTED_DECIMALS: Final = 8


class IndexKind(StrEnum):
    """All preceding years multiplied, or the last one alone."""

    CHAIN = "chain"
    LAST_YEAR = "last_year"


class IndexStart(StrEnum):
    """First year whose index counts: that of the approval or the one after it."""

    APPROVAL_YEAR = "approval_year"
    NEXT_YEAR = "next_year"


_KIND_NAMES: Final = {
    IndexKind.CHAIN: Text("nhân dồn các năm trước", "all preceding years multiplied"),
    IndexKind.LAST_YEAR: Text("chỉ năm liền trước", "the preceding year alone"),
}
_START_NAMES: Final = {
    IndexStart.APPROVAL_YEAR: Text("tính từ năm phê duyệt", "from the year of approval"),
    IndexStart.NEXT_YEAR: Text("tính từ năm sau năm phê duyệt", "from the year after approval"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class YearIndex:
    """The index of one year (previous year = 100); ``source`` says where it comes from, ``cite`` only if not from the user."""

    index: Decimal
    source: Text | None = None
    cite: Citation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipReading:
    """How the clause is read, and the indices by year."""

    kind: IndexKind
    start: IndexStart
    cpi: Mapping[int, YearIndex]


def chained(earlier: N, cpi: N, hundred: N) -> N:
    """I(y + 1) = I(y) x CPI(y) : 100."""
    return earlier * cpi / hundred


def slipped(cpi: N, hundred: N) -> N:
    """I = CPI(y - 1) : 100."""
    return cpi / hundred


def first_counted(reading: SlipReading, approved_year: int) -> int:
    """The first year whose index counts."""
    return approved_year + (reading.start is IndexStart.NEXT_YEAR)


def needed_years(reading: SlipReading, approved_year: int, years: Sequence[int]) -> Iterator[int]:
    """The years whose index deposits of ``years`` need, in order."""
    start = first_counted(reading, approved_year)
    if reading.kind is IndexKind.CHAIN:
        yield from range(start, max(years, default=start))
    else:
        yield from (year - 1 for year in years if year - 1 >= start)


def check_indices(work: Working, reading: SlipReading, approved_year: int, years: Sequence[int], at: Path) -> None:
    """Refuse a gap before the last year given; what lies after it is not known yet and refuses nothing."""
    last = max(reading.cpi, default=None)
    for year in needed_years(reading, approved_year, years):
        if last is not None and year < last and year not in reading.cpi:
            work.refuse(
                Code.MISSING_PARAMETER,
                (*at, str(year)),
                f"Thiếu chỉ số giá tiêu dùng năm {year} (năm trước = 100), cần để tính trượt giá.",
                f"The consumer price index of {year} (previous year = 100) is missing and is needed for the price slip.",
            )


def indices(
    work: Working, reading: SlipReading, approved_year: int, years: Sequence[int], mark: str = ""
) -> dict[int, Traced | None]:
    """The exact index of each year of ``years`` (ascending), as steps; ``None`` for years that cannot be indexed yet."""
    row = work.book.get("escrow.index", work.on)
    work.lean_on(row.cite)
    work.read(row)
    kind, begins = _KIND_NAMES[reading.kind], _START_NAMES[reading.start]
    chosen = Text(f"Cách đọc đã chọn: {kind.vi}, {begins.vi}.", f"Reading chosen: {kind.en}, {begins.en}.")
    work.trace.caution("reading_chosen", chosen, row.cites)
    start = first_counted(reading, approved_year)
    found: dict[int, Traced | None] = {}
    if reading.kind is IndexKind.LAST_YEAR:
        for year in years:
            found[year] = _last_year(work, reading, start, year, mark)
        return found
    one = _chain(work, reading, start, years, mark)
    for year in years:
        found[year] = _unslipped(work, year, mark) if year <= start else one.get(year)
    return found


def printed_index(work: Working, exact: Traced, year: int, mark: str = "") -> str:
    """The index with its eight decimals, as a step where that rounds it."""
    rounded = exact.rounded(_PRINTED_DECIMALS)
    if rounded is not exact:
        label = Text(f"Hệ số trượt giá năm {year} (in 8 chữ số)", f"Index of {year} (8 decimals as printed)")
        cite = work.book.get("escrow.index", work.on).cites
        rounded = work.trace.define(f"i_{year}{mark}", label, rounded, "1", cite, work.book.conventions["escrow_index"])
    return eight_decimals(rounded)


def eight_decimals(number: Traced) -> str:
    """Print a value that has at most eight decimals with all eight of them."""
    scale = 10**_PRINTED_DECIMALS
    whole, rest = divmod(number.num * scale // number.den, scale)
    return f"{whole}.{rest:0{_PRINTED_DECIMALS}}"


def _chain(
    work: Working, reading: SlipReading, start: int, years: Sequence[int], mark: str
) -> dict[int, Traced]:  # fmt: skip
    """I of every year after ``start`` for which all indices are known, up to the last of ``years``."""
    found: dict[int, Traced] = {}
    exact: Traced | None = None
    for year in range(start, max(years, default=start)):
        if year not in reading.cpi:
            break
        cpi = _cpi(work, reading, year, mark)
        hundred = Traced.of("100", 100)
        exact = _define(work, year + 1, slipped(cpi, hundred) if exact is None else chained(exact, cpi, hundred), mark)
        found[year + 1] = exact
    return found


def _last_year(work: Working, reading: SlipReading, start: int, year: int, mark: str) -> Traced | None:
    if year - 1 < start:
        return _unslipped(work, year, mark)
    if year - 1 not in reading.cpi:
        return None
    return _define(work, year, slipped(_cpi(work, reading, year - 1, mark), Traced.of("100", 100)), mark)


def _cpi(work: Working, reading: SlipReading, year: int, mark: str) -> Traced:
    given = reading.cpi[year]
    source = Text("", "") if given.source is None else Text(f" ({given.source.vi})", f" ({given.source.en})")
    label = Text(
        f"Chỉ số giá tiêu dùng năm {year}{source.vi}", f"Consumer price index of {year}{source.en}"
    )  # fmt: skip
    cite = work.book.get("escrow.index", work.on).cites
    if given.cite is not None:
        work.lean_on(given.cite)
        cite = (*cite, given.cite)
    symbol = f"CPI_{year}{mark}"
    return work.trace.define(symbol, label, Traced.of(symbol, given.index), "1", cite)


def _define(work: Working, year: int, number: Traced, mark: str) -> Traced:
    label = Text(f"Hệ số trượt giá năm {year}", f"Price-slip index of {year}")
    return work.trace.define(f"I_{year}{mark}", label, number, "1", work.book.get("escrow.index", work.on).cites)


def _unslipped(work: Working, year: int, mark: str) -> Traced:
    label = Text(
        f"Hệ số trượt giá năm {year}: chưa có năm nào được tính", f"Price-slip index of {year}: no year counts yet"
    )
    symbol = f"I_{year}{mark}"
    return work.trace.define(symbol, label, Traced.of(symbol, 1), "1", work.book.get("escrow.index", work.on).cites)
