"""Which facts of a licence does a register give, what kind is each, and what is it called?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


class Kind(Enum):
    """How the cell of a field is read."""

    TEXT = auto()
    NUMBER = auto()
    DATE = auto()
    AUTHORITY = auto()
    YEAR = auto()
    MONEY = auto()
    UNIT = auto()
    PART = auto()
    PARAMETER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One fact: its name in the store, the kind of its cells, its label in both languages."""

    name: str
    kind: Kind
    label_vi: str
    label_en: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Subject:
    """What a kind of table is about: its fields, which of them mark a header row, and what no row may lack.

    ``needed``: sets of which a row has one. ``measured``: fields whose header may carry a unit in brackets.
    ``headings``: rows that lack something are headings, not gaps. ``by_year``: columns may be years.
    """

    name: str
    fields: Mapping[str, Field]
    identifying: frozenset[str]
    needed: tuple[tuple[str, ...], ...]
    measured: frozenset[str] = frozenset()
    headings: bool = False
    by_year: bool = False


def fields_of(*fields: Field) -> dict[str, Field]:
    """Fields by name."""
    return {field.name: field for field in fields}


def _field(name: str, kind: Kind, label_vi: str, label_en: str) -> Field:
    return Field(name=name, kind=kind, label_vi=label_vi, label_en=label_en)


FIELDS: Final = fields_of(
    _field("number", Kind.TEXT, "Số giấy phép", "Licence number"),
    _field("holder", Kind.TEXT, "Tổ chức, cá nhân được cấp phép", "Holder"),
    _field("mine_name", Kind.TEXT, "Tên mỏ", "Mine"),
    _field("place", Kind.TEXT, "Địa điểm", "Place"),
    _field("district", Kind.TEXT, "Huyện (cũ)", "District (former)"),
    _field("region", Kind.TEXT, "Vùng", "Region"),
    _field("mineral_local", Kind.TEXT, "Loại khoáng sản", "Mineral"),
    _field("authority", Kind.AUTHORITY, "Cơ quan cấp phép", "Licensing authority"),
    _field("issued_on", Kind.DATE, "Ngày cấp", "Issued on"),
    _field("expires_on", Kind.DATE, "Ngày hết hạn", "Expires on"),
    _field("area_ha", Kind.NUMBER, "Diện tích (ha)", "Area (ha)"),
    _field("capacity_m3", Kind.NUMBER, "Công suất (m³/năm)", "Capacity (m³ a year)"),
    _field("capacity_tonne", Kind.NUMBER, "Công suất (tấn/năm)", "Capacity (tonnes a year)"),
    _field("mining_m3", Kind.NUMBER, "Trữ lượng khai thác (m³)", "Minable reserve (m³)"),
    _field("mining_tonne", Kind.NUMBER, "Trữ lượng khai thác (tấn)", "Minable reserve (tonnes)"),
    _field("licensed_m3", Kind.NUMBER, "Trữ lượng cấp phép (m³)", "Licensed reserve (m³)"),
    _field("licensed_tonne", Kind.NUMBER, "Trữ lượng cấp phép (tấn)", "Licensed reserve (tonnes)"),
    _field("depth", Kind.TEXT, "Mức sâu khai thác", "Mining depth"),
    _field("construction_months", Kind.NUMBER, "Thời gian xây dựng cơ bản (tháng)", "Construction time (months)"),
    _field("status", Kind.TEXT, "Hiện trạng", "Status"),
    _field("note", Kind.TEXT, "Ghi chú", "Note"),
)

IGNORE: Final = "ignore"
"""The mapping of a column that carries nothing of the licence, such as the running number."""

# A licence needs one of each set; without it the file must be completed before a fee can be computed.
NEEDED: Final[tuple[tuple[str, ...], ...]] = (
    ("number",),
    ("holder",),
    ("mine_name", "place"),
    ("mineral_local",),
    ("authority",),
    ("issued_on",),
    ("expires_on",),
    ("area_ha",),
    ("capacity_m3", "capacity_tonne"),
    ("licensed_m3", "licensed_tonne", "mining_m3", "mining_tonne"),
)

REGISTER: Final = Subject(
    name="register", fields=FIELDS, identifying=frozenset(("number", "holder", "mine_name")), needed=NEEDED
)
