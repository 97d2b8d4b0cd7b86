"""Units of quantity with the state of the mineral: a cubic metre in the ground is not one that has been dug."""

from __future__ import annotations

from enum import StrEnum

from rules.trace import Text


class Unit(StrEnum):
    """Reserve, output and price units of the contract."""

    M3_IN_SITU = "m3_in_situ"
    M3_LOOSE = "m3_loose"
    TONNE = "tonne"
    KG = "kg"
    M3_WATER = "m3_water"


UNIT_NAMES: dict[Unit, Text] = {
    Unit.M3_IN_SITU: Text("m³ trong lòng đất", "m³ in situ"),
    Unit.M3_LOOSE: Text("m³ sau khai thác (nở rời)", "m³ loose"),
    Unit.TONNE: Text("tấn", "tonne"),
    Unit.KG: Text("kg", "kg"),
    Unit.M3_WATER: Text("m³ nước", "m³ of water"),
}
