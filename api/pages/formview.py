"""What does the fee form show for given answers: which fields, with which values, and what is wrong beside which?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages import fields
from api.pages.answers import typed_decimal
from api.pages.fields import Spec
from api.pages.form import (
    LEAST_BANDS,
    MOST_MINERALS,
    MOST_ROWS,
    Case,
    Given,
    conversion_fields,
    count,
    is_flow,
    old_law,
    price_fields,
    price_units,
)
from api.pages.speech import Speech
from rules.lawbook import law_book
from rules.number import plain
from rules.quantity import UNIT_NAMES, Unit

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One field as the template prints it; ``options`` is ``None`` for a field one types in.

    ``blank`` is the text of choosing nothing, ``None`` where a choice always holds.
    """

    name: str
    label: str
    help: str
    value: str
    error: str | None
    options: tuple[tuple[str, str], ...] | None
    mode: str
    required: bool
    optional: bool
    blank: str | None
    live: bool
    suggests: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """The fields of one mineral: what it is and how much, its price, its conversion, the bands of its price list."""

    index: int
    measures: tuple[FieldView, ...]
    price: tuple[FieldView, ...]
    bands: tuple[tuple[FieldView, ...], ...]
    conversion: tuple[FieldView, ...]
    more: tuple[FieldView, ...]
    asks_bulking: bool
    asks_frame: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """The whole form; ``counts`` are the hidden numbers of rows, ``wrong`` the fields with errors in reading order."""

    licence: tuple[FieldView, ...]
    old_law: tuple[FieldView, ...]
    repricing: tuple[tuple[FieldView, ...], ...]
    lines: tuple[LineView, ...]
    counts: Mapping[str, int]
    wrong: tuple[FieldView, ...]
    general: tuple[str, ...]
    frame: tuple[tuple[str, str], ...]
    bulking: tuple[Mapping[str, str], ...]
    may_add_mineral: bool


def errors_of(case: Case, result: Json, given: Given, t: Speech) -> tuple[dict[str, str], tuple[str, ...]]:
    """The messages by field, the form's own before the engine's, and those that belong to no field."""
    by_name = {name: t.text(text) for name, text in case.unread.items()}
    general = []
    for problem in result.get("errors", ()):
        name = name_of(case, problem["field"])
        if name is None:
            where = f"{problem['field']}: " if problem["field"] else ""
            general.append(where + t.of(problem, "message"))
        elif name not in by_name:
            absent = not given.get(name, "").strip() and problem["code"] in ("invalid_input", "missing_parameter")
            by_name[name] = t("Chưa nhập.", "Not filled in.") if absent else t.of(problem, "message")
    return by_name, tuple(general)


def name_of(case: Case, path: str | None) -> str | None:
    """The field a path of the document came from, or the nearest above it."""
    while path:
        if path in case.names:
            return case.names[path]
        path = path.rpartition(".")[0]
    return None


def form_view(given: Given, t: Speech, errors: Mapping[str, str], general: Sequence[str] = ()) -> FormView:
    """The form for some answers."""
    maker = Maker(given, t, errors)
    old = old_law(given)
    repricings = count(given, "repricings", 0, MOST_ROWS) if old else 0
    minerals = count(given, "minerals", 1, MOST_MINERALS)
    licence = maker.all(fields.LICENCE.values())
    old_fields = maker.all(fields.OLD_LAW.values()) if old else ()
    repricing = tuple(maker.all(fields.REPRICING.values(), f"p{row}_") for row in range(repricings))
    lines = tuple(_line(maker, index) for index in range(minerals))
    bands = {f"m{line.index}_bands": len(line.bands) for line in lines if line.bands}
    return FormView(
        licence=licence,
        old_law=old_fields,
        repricing=repricing,
        lines=lines,
        counts={"minerals": minerals, **({"repricings": repricings} if old else {}), **bands},
        wrong=tuple(maker.wrong),
        general=tuple(general),
        frame=_frame(t) if any(line.asks_frame for line in lines) else (),
        bulking=_bulking(t) if any(line.asks_bulking for line in lines) else (),
        may_add_mineral=minerals < MOST_MINERALS,
    )


class Maker:
    """Makes fields and remembers which of them have errors."""

    def __init__(self, given: Given, t: Speech, errors: Mapping[str, str]) -> None:
        self.given = given
        self.t = t
        self.errors = errors
        self.wrong: list[FieldView] = []

    def one(self, spec: Spec, prefix: str = "", only: tuple[str, ...] = ()) -> FieldView:
        t, name = self.t, prefix + spec.key
        options = tuple((value, t.text(text)) for value, text in spec.options if not only or value in only)
        view = FieldView(
            name=name,
            label=t.text(spec.label),
            help=t.text(spec.help),
            value=self.given.get(name, "") or spec.default,
            error=self.errors.get(name),
            options=options or None,
            mode=spec.mode,
            required=spec.required,
            optional=not (spec.required or spec.options),
            blank=None if spec.default else t.text(spec.blank),
            live=spec.live,
            suggests=spec.suggests,
        )
        if view.error is not None:
            self.wrong.append(view)
        return view

    def all(self, specs: Any, prefix: str = "") -> tuple[FieldView, ...]:
        return tuple(self.one(spec, prefix) for spec in specs)


def _line(maker: Maker, index: int) -> LineView:
    given, prefix = maker.given, f"m{index}_"
    mineral, conversion = fields.MINERAL, conversion_fields(given, index)
    flow = is_flow(given, index)
    measures = ("flow_m3_per_day", "term_days", "hours_per_day") if flow else ("quantity", "quantity_unit")
    banded = given.get(f"{prefix}price_kind") == "ore_bands"
    shown = count(given, f"{prefix}bands", LEAST_BANDS, MOST_ROWS) if banded else 0
    needed = price_fields(given, index)
    units = price_units(given, index)
    return LineView(
        index=index,
        measures=tuple(maker.one(mineral[key], prefix) for key in ("mineral", *measures)),
        price=(
            maker.one(fields.PRICE["kind"], f"{prefix}price_"),
            *(
                maker.one(
                    fields.PRICE[key], prefix if key == "code" else f"{prefix}price_", units if key == "unit" else ()
                )
                for key in needed
            ),
        ),
        bands=tuple(maker.all(fields.BAND.values(), f"{prefix}b{row}_") for row in range(shown)),
        conversion=tuple(maker.one(fields.CONVERSION[key], prefix) for key in conversion),
        more=tuple(maker.one(mineral[key], prefix) for key in ("exempt_quantity", "winning_rate_percent", "as")),
        asks_bulking="bulking_factor" in conversion,
        asks_frame="code" in needed,
    )


def _bulking(t: Speech) -> tuple[Mapping[str, str], ...]:
    return tuple(
        {
            "soil": t.text(row.soil),
            "low": t.number(plain(*row.low.as_integer_ratio())),
            "mean": t.number(plain(*row.mean.as_integer_ratio())),
            "high": t.number(plain(*row.high.as_integer_ratio())),
            "typed": typed_decimal(row.mean),
            "instrument": row.cite.instrument,
            "at": row.cite.at,
            "confidence": row.cite.confidence.value,
        }
        for row in law_book().bulking_factors
    )


def _frame(t: Speech) -> tuple[tuple[str, str], ...]:
    """The raw-mineral lines of the price frame that have both prices and a unit."""
    found = []
    for code, series in law_book().frame.items():
        line = series.rows[-1]
        if line.raw and line.unit is not None and line.high is not None and not line.derived:
            unit = t.text(UNIT_NAMES[Unit(line.unit)])
            found.append((code, f"{line.name_vi}: {t.number(line.low)} – {t.number(line.high)} đ/{unit}"))
    return tuple(found)
