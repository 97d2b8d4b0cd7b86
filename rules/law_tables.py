"""Reading the long tables of the law book: holidays, the Ministry's price frame, bulking factors."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from rules.calendar import Calendar, DayKind, FixedHoliday
from rules.citation import Citation, Confidence
from rules.dated import Period, Series
from rules.law_values import exists_every_year
from rules.lawbook import BulkingFactor, FrameLine, Reassigned
from rules.quantity import Unit
from rules.strict import LawBookError, Source, Table
from rules.trace import Text

_HOLIDAY_COLUMNS = ("date", "year", "type", "name_vi", "basis", "source", "confidence", "note")
_FRAME_COLUMNS = ("code", "name_vi", "unit", "state", "min_vnd", "max_vnd", "from", "confidence")
_REASSIGNED_COLUMNS = ("code", "before_vi", "after_vi", "from", "confidence")
_FACTOR_COLUMNS = (
    "order", "soil_vi", "soil_en", "factor_min", "factor_max", "factor_mean", "source", "confidence", "note",
)  # fmt: skip


def read_calendar(source: Source) -> tuple[Calendar, Citation, Citation]:
    """The calendar, the citation of its days off and that of the counting of periods (Civil Code Art. 144-148)."""
    table = source.table("calendar.toml")
    first, last = table.whole("first_year"), table.whole("last_year")
    periods, days_cite = _citation(table.child("periods")), _citation(table.child("days"))
    notices = []
    for one in table.children("year"):
        notices.append(one.whole("year"))
        one.text("notice")
        one.done()
    if notices != list(range(first, last + 1)):
        table.problem("year", f"each year {first}-{last} needs its holiday notice, in order")
    fixed = []
    for one in table.children("fixed"):
        holiday = FixedHoliday(month=one.whole("month"), day=one.whole("day"), from_year=one.whole("from_year", 1))
        one.done()
        if not exists_every_year(holiday.month, holiday.day):
            one.problem("day", "is no day of every year")
        fixed.append(holiday)
    table.done()
    days: dict[date, DayKind] = {}
    for line, row in source.rows("holidays.csv", _HOLIDAY_COLUMNS):
        try:
            day = date.fromisoformat(row["date"])
            if day in days:
                source.problem("holidays.csv", f"line {line}", f"{day} stands twice")
            days[day] = DayKind(row["type"])
            Confidence(row["confidence"])
        except ValueError as error:
            source.problem("holidays.csv", f"line {line}", str(error))
            continue
        if row["year"] != str(day.year) or not first <= day.year <= last:
            source.problem("holidays.csv", f"line {line}", "year does not fit the date or lies outside calendar.toml")
    try:
        calendar = Calendar(days=days, known_from=first, known_until=last, fixed=tuple(fixed))
    except ValueError as error:
        raise LawBookError([*source.problems, f"calendar.toml, holidays.csv: -: {error}"]) from error
    return calendar, days_cite, periods


def _citation(table: Table) -> Citation:
    cite = Citation(
        instrument=table.text("instrument"),
        at=table.text("at"),
        confidence=Confidence(table.one_of("confidence", tuple(Confidence))),
    )
    table.done()
    return cite


def read_frame(source: Source) -> tuple[dict[str, Series[FrameLine]], Text, dict[str, Reassigned]]:
    """The price frame by line code (a code may change its meaning with its instrument, so lines are dated), the note that
    goes with it, and the codes that did change."""
    table = source.table("price_frame.toml")
    instrument, at, amended = table.text("instrument"), table.text("at"), table.text("amended_by")
    note = table.text_pair("note")
    table.done()
    reassigned = _reassigned(source, f"{instrument}, {amended}", at)
    lines: dict[str, list[FrameLine]] = {}
    for number, row in source.rows("price_frame.csv", _FRAME_COLUMNS):
        derived = row["confidence"] == "DERIVED"
        try:
            confidence = Confidence.SECONDARY if derived else Confidence(row["confidence"])
            line = FrameLine(
                code=row["code"],
                name_vi=row["name_vi"],
                unit=Unit(row["unit"]) if row["unit"] else None,
                raw={"raw": True, "product": False}[row["state"]],
                low=int(row["min_vnd"]),
                high=int(row["max_vnd"]) if row["max_vnd"] else None,
                derived=derived,
                period=Period(start=date.fromisoformat(row["from"])),
                cite=Citation(
                    instrument=f"{instrument}, {amended}", at=at.replace("{code}", row["code"]), confidence=confidence
                ),
            )
        except (ValueError, KeyError) as error:
            source.problem("price_frame.csv", f"line {number}", f"{type(error).__name__}: {error}")
            continue
        if line.high is not None and line.high < line.low:
            source.problem("price_frame.csv", f"line {number}", "maximum below minimum")
        lines.setdefault(line.code, []).append(line)
    frame = {code: Series(found) for code, found in lines.items()}
    for code, series in frame.items():
        if series.overlaps():
            source.problem("price_frame.csv", code, "stands twice for the same time")
    return frame, note, reassigned


def _reassigned(source: Source, instrument: str, at: str) -> dict[str, Reassigned]:
    found = {}
    for number, row in source.rows("price_frame_reassigned.csv", _REASSIGNED_COLUMNS):
        code = row["code"]
        try:
            cite = Citation(
                instrument=instrument, at=at.replace("{code}", code), confidence=Confidence(row["confidence"])
            )
            one = Reassigned(
                code=code,
                before_vi=row["before_vi"],
                after_vi=row["after_vi"],
                on=date.fromisoformat(row["from"]),
                cite=cite,
            )
        except ValueError as error:
            source.problem("price_frame_reassigned.csv", f"line {number}", str(error))
            continue
        if code in found:
            source.problem("price_frame_reassigned.csv", code, "stands twice")
        found[code] = one
    return found


def read_bulking_factors(source: Source) -> tuple[BulkingFactor, ...]:
    """TCVN 4447:2012 Table C1, as recalled."""
    table = source.table("bulking_factors.toml")
    instrument, at = table.text("instrument"), table.text("at")
    table.done()
    factors = []
    for number, row in source.rows("bulking_factors.csv", _FACTOR_COLUMNS):
        try:
            factor = BulkingFactor(
                soil=Text(row["soil_vi"], row["soil_en"]),
                low=Decimal(row["factor_min"]),
                mean=Decimal(row["factor_mean"]),
                high=Decimal(row["factor_max"]),
                cite=Citation(
                    instrument=instrument,
                    at=at.replace("{order}", row["order"]),
                    confidence=Confidence(row["confidence"]),
                ),
            )
        except (ValueError, InvalidOperation) as error:
            source.problem("bulking_factors.csv", f"line {number}", str(error))
            continue
        if not factor.low <= factor.mean <= factor.high:
            source.problem("bulking_factors.csv", f"line {number}", "mean outside its range")
        factors.append(factor)
    return tuple(factors)
