"""Documents that must be refused, each made from a sound one by a single change, and what a refusal looks like.

``spoiled`` (of ``testing_faults``) spoils a field; the changes here are well formed but against the law or the contract.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from fees.case import Discard, Group
from fees.rate import non_auction_rate
from fees.testing_cases import fee_documents
from fees.testing_checks import require_both_languages
from fees.testing_dates import FeeKind, period_of
from fees.testing_faults import Broken, changed, spoiled
from fees.testing_prices import frame_lines
from fees.testing_results import Compute, Json, require
from fees.units import PAIRS
from rules.errors import Code, Path, field_name
from rules.lawbook import LawBook, law_book
from rules.quantity import Unit

_LARGEST: Final = 10**15
_GRADED: Final = ("ore_grade", "concentrate", "component")


def broken_documents(kind: FeeKind | None = None, book: LawBook | None = None) -> st.SearchStrategy[Broken]:
    """A sound fee document with one fault, of the field or of the law, with the code and field that must be named."""
    book = book or law_book()

    @st.composite
    def one_fault(draw: st.DrawFn) -> Broken:
        document = draw(fee_documents(kind, book))
        faults = [*spoiled(document), *unlawful(document, book)]
        kinds_of_fault = sorted({fault.what for fault in faults})
        what = draw(st.sampled_from(kinds_of_fault))  # by sort of fault, so that the many bad decimals do not win
        found: Broken = draw(st.sampled_from([fault for fault in faults if fault.what == what]))
        return found

    return one_fault()


def unlawful(document: Json, book: LawBook) -> Iterator[Broken]:
    """A sound document with one well-formed value that the law or the contract refuses."""
    yield from _dates(document, book)
    for index, line in enumerate(document["minerals"]):
        at: Path = ("minerals", index)
        yield from _conversions(document, line, at, book)
        yield from _units(document, line, at, book)
        yield from _volumes(document, line, at, book)
    yield from _sizes(document, book)


def check_refusal(compute: Compute, broken: Broken) -> None:
    """The error object of the contract: ``error`` is the first of ``errors`` in the order of the input, names code and
    field, and speaks both languages."""
    document = broken.document
    answer = compute(document)
    require(answer["ok"] is False, f"{broken.what}: not refused")
    error, errors = answer["error"], answer["errors"]
    require(error == errors[0], f"{broken.what}: error is not the first of errors")
    for one in errors:
        require(one["code"] in set(Code), f"{broken.what}: unknown code {one['code']!r}")
        require_both_languages(broken.what, one)
    require(error["code"] == broken.code, f"{broken.what}: {error} should be {broken.code} at {broken.field}")
    require(_names(error["field"], broken.field), f"{broken.what}: {error} should name {broken.field}")
    places = [_place(one["field"], document) for one in errors if one["field"] is not None]
    require(places == sorted(places), f"{broken.what}: not in input order: {[one['field'] for one in errors]}")


def _names(field: str | None, wanted: str | None) -> bool:
    if field is None or wanted is None or not wanted.endswith("*"):
        return field == wanted
    return field.startswith(wanted[:-1])


def _place(field: str, document: Any) -> tuple[int, ...]:
    """Where a field stands in the input; a missing one at the end of its parent."""
    place: list[int] = []
    inner = document
    for part in field.replace("[", ".").replace("]", "").split("."):
        if isinstance(inner, list):
            place.append(int(part))
            inner = inner[int(part)] if int(part) < len(inner) else None
        elif isinstance(inner, dict):
            place.append(list(inner).index(part) if part in inner else len(inner))
            inner = inner.get(part)
    return tuple(place)


def _put(document: Json, path: Path, values: Json, field: str | None, code: Code, what: str) -> Broken:
    def change(parent: Any) -> None:
        parent.update(values)

    return Broken(changed(document, path, change), field, code, what)


def _without(document: Json, path: Path, name: str, code: Code) -> Broken:
    def change(parent: Any) -> None:
        del parent[name]

    return Broken(changed(document, path, change), field_name((*path, name)), code, f"{name} is needed")


def _dates(document: Json, book: LawBook) -> Iterator[Broken]:
    issued = date.fromisoformat(document["licence"]["issued_on"])
    early = {"expires_on": (issued - timedelta(days=1)).isoformat()}
    yield _put(document, ("licence",), early, "licence.expires_on", Code.INVALID_INPUT, "end before start")
    period = period_of(document["kind"], book)
    for outside in (period.start - timedelta(days=1), period.end):
        if outside is not None:
            given = {"approved_on": outside.isoformat()}
            yield _put(document, (), given, "approved_on", Code.NOT_IN_FORCE, "approved outside the procedure")


def _needed(line: Json, book: LawBook, on: date) -> tuple[str, ...]:
    """The conversion parameters that the price of a line cannot do without."""
    price, conversion = line["price"], line.get("conversion") or {}
    match price["kind"]:
        case "ore_grade" | "concentrate" | "component":
            return ("grade", "price_grade")
        case "ore_bands":
            return ("grade",)
        case "kaolin_unsieved" | "kaolin_sieved":
            same = price["kind"] == f"kaolin_{conversion['kaolin_state']}"
            return ("kaolin_state",) if same else ("kaolin_state", "kaolin_recovery")
        case "determined":
            return ("factor", "factor_source")
    unit = price.get("unit")
    if price["kind"] == "frame_average":
        frame = book.frame[price["code"]].at(on)
        unit = frame and frame.unit
    reserve = line.get("quantity_unit", Unit.M3_WATER)
    return () if unit is None else PAIRS.get((Unit(unit), Unit(reserve)), ())


def _conversions(document: Json, line: Json, at: Path, book: LawBook) -> Iterator[Broken]:
    price, inside = line["price"], (*at, "conversion")
    needed = _needed(line, book, date.fromisoformat(document["approved_on"]))
    for name in needed:
        yield _without(document, inside, name, Code.MISSING_PARAMETER)
    if needed and price["kind"] != "determined":
        both = {"factor": "1.2", "factor_source": "Văn bản 12"}
        field = field_name((*inside, "factor"))
        yield _put(document, inside, both, field, Code.INVALID_INPUT, "a factor beside the formula's parameters")
    conversion = line.get("conversion") or {}
    for name in ("grade", "price_grade"):
        if name in conversion and conversion.get("grade_unit") != "g_per_tonne":
            field = field_name((*inside, name))
            yield _put(document, inside, {name: "100.001"}, field, Code.INVALID_INPUT, "a grade above 100 %")
    bands = price.get("bands", ())
    if bands:
        field = field_name((*at, "price", "bands"))
        turned = {"bands": bands[::-1]} if len(bands) > 1 else {"bands": [*bands, *bands]}
        yield _put(document, (*at, "price"), turned, field + "*", Code.INVALID_INPUT, "bands out of order")
    if len(bands) > 1:
        low = "from" if "from" in bands[1] else "above"
        hole = {low: str(Decimal(bands[1][low]) + Decimal("0.001"))}
        path = (*at, "price", "bands", 1)
        yield _put(document, path, hole, field + "*", Code.INVALID_INPUT, "a hole between bands")
        other = {"above" if low == "from" else "from": bands[1][low]}
        yield _put(document, path, other, field_name(path) + "*", Code.INVALID_INPUT, "two lower edges of one band")


def _units(document: Json, line: Json, at: Path, book: LawBook) -> Iterator[Broken]:
    price, inside = line["price"], (*at, "price")
    reserve = line.get("quantity_unit", Unit.M3_WATER.value)
    if price["kind"] != "determined" and "unit" in price:
        strange = {"unit": Unit.KG.value if Unit.KG not in (price["unit"], reserve) else Unit.M3_WATER.value}
        field = field_name((*inside, "unit"))
        yield _put(document, inside, strange, field, Code.UNIT_MISMATCH, "no rule between these units")
    on = date.fromisoformat(document["approved_on"])
    averages = {one.code for one in frame_lines(book, on)}
    if price["kind"] == "frame_average":
        open_ended = [code for code, series in book.frame.items() if code not in averages and _raw_line(series.at(on))]
        if open_ended:
            field = field_name((*inside, "code"))
            yield _put(
                document, inside, {"code": open_ended[0]}, field, Code.NO_RULE_AT_DATE, "no average in the frame"
            )
    if book.find("conversion.kaolin_same_state", on) is None and "amount" in price:
        kaolin = {"kind": "kaolin_sieved"}
        field = field_name(inside) + "*"
        yield _put(document, inside, kaolin, field, Code.UNIT_MISMATCH, "a kaolin price where no rule names it")


def _raw_line(frame: Any) -> bool:
    return frame is not None and frame.raw and (frame.high is None or frame.derived)


def _volumes(document: Json, line: Json, at: Path, book: LawBook) -> Iterator[Broken]:
    mineral, quantity = book.minerals[line["mineral"]], line.get("quantity")
    field = field_name((*at, "exempt_quantity"))
    group = document["licence"]["group"]
    if quantity is None:
        both = {"quantity": "1", "quantity_unit": "m3_water"}
        yield _put(document, at, both, field_name(at) + "*", Code.INVALID_INPUT, "a quantity beside a flow")
        yield _put(document, at, {"mineral": "coal"}, field_name(at) + "*", Code.INVALID_INPUT, "a flow of a solid")
        return
    exemptible = group in (Group.III, Group.IV) and mineral.exemptible
    exempt = str(Decimal(quantity) + 1) if exemptible else quantity
    if Decimal(exempt) <= _LARGEST:
        what = "more exempt than licensed" if exemptible else "an exemption that the law does not give"
        yield _put(document, at, {"exempt_quantity": exempt}, field, Code.OUT_OF_RANGE, what)


def _sizes(document: Json, book: LawBook) -> Iterator[Broken]:
    line = document["minerals"][0]
    own = non_auction_rate(book, line["mineral"], date.fromisoformat(document["approved_on"]))
    assert own is not None
    others_won = any(one.get("winning_rate_percent") is not None for one in document["minerals"][1:])
    if line.get("as") not in set(Discard) and not others_won:
        low = {"winning_rate_percent": str(own.number() / 2)}
        field = "minerals[0].winning_rate_percent"
        yield _put(document, ("minerals", 0), low, field, Code.OUT_OF_RANGE, "a winning rate below the start")
    vast = {"quantity": str(_LARGEST), "quantity_unit": "tonne"}
    price = {"kind": "raw", "amount": _LARGEST, "unit": "tonne"}
    lines = [{"mineral": line["mineral"], **vast, "price": price}, *document["minerals"][1:]]
    yield Broken({**document, "minerals": lines}, None, Code.OUT_OF_RANGE, "a total above 10^18")
