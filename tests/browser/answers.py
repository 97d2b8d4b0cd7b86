"""The answers of the fee form that make the worked examples of the contract."""

from __future__ import annotations

STONE = {
    "approved_on": "02/03/2026", "issued_on": "10/02/2026", "expires_on": "10/02/2036", "group": "III",
    "tax_notice_on": "10/03/2026", "minerals": "1", "m0_mineral": "construction_stone", "m0_quantity": "1.250.000",
    "m0_quantity_unit": "m3_in_situ", "m0_price_kind": "raw", "m0_price_amount": "90.000", "m0_price_unit": "m3_loose",
    "m0_bulking_factor": "1,475", "do": "compute",
}  # fmt: skip
OLD = STONE | {
    "approved_on": "02/03/2021", "issued_on": "10/02/2021", "expires_on": "10/02/2036", "tax_notice_on": "10/03/2021",
    "mining_method": "open_pit", "area": "difficult", "licensed_by": "province", "split": "halves", "repricings": "1",
    "p0_year": "2024", "p0_price_amount": "100.000",
}  # fmt: skip
