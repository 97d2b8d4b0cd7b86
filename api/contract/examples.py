"""One worked case of each kind."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "licence_right_fee": {
        "id": "a",
        "kind": "licence_right_fee",
        "approved_on": "2026-03-02",
        "licence": {"issued_on": "2026-02-10", "expires_on": "2036-02-10", "group": "III"},
        "tax_notice_on": "2026-03-10",
        "minerals": [
            {
                "mineral": "construction_stone",
                "quantity": "1250000",
                "quantity_unit": "m3_in_situ",
                "price": {"kind": "raw", "amount": 90000, "unit": "m3_loose"},
                "conversion": {"bulking_factor": "1.475"},
            }
        ],
    },
    "licence_right_fee_2019": {
        "id": "b",
        "kind": "licence_right_fee_2019",
        "approved_on": "2021-03-02",
        "licence": {"issued_on": "2021-02-10", "expires_on": "2036-02-10", "group": "III"},
        "mining_method": "open_pit",
        "area": "difficult",
        "licensed_by": "province",
        "split": "halves",
        "tax_notice_on": "2021-03-10",
        "repricing": [{"year": 2024, "price_amount": 100000}],
        "minerals": [
            {
                "mineral": "construction_stone",
                "quantity": "1250000",
                "quantity_unit": "m3_in_situ",
                "price": {"kind": "raw", "amount": 90000, "unit": "m3_loose"},
                "conversion": {"bulking_factor": "1.475"},
            }
        ],
    },
    "settlement": {
        "id": "c",
        "kind": "settlement",
        "case": "first",
        "settled_on": "2026-11-22",
        "cutoff_on": "2025-06-30",
        "paid_vnd": 812000000,
        "budget_debts_vnd": 0,
        "notice_on": "2026-12-01",
        "minerals": [
            {
                "mineral": "iron",
                "quantity_unit": "tonne",
                "right": {"by": "no_auction"},
                "years": [
                    {
                        "year": 2021,
                        "output": "18250.5",
                        "output_unit": "tonne",
                        "price": {"kind": "raw", "amount": 450000, "unit": "tonne"},
                        "conversion": {},
                    },
                    {
                        "year": 2022,
                        "output": "20000",
                        "output_unit": "tonne",
                        "price": {"kind": "ore_grade", "amount": 520000, "unit": "tonne"},
                        "conversion": {"grade": "48.5", "price_grade": "50"},
                    },
                ],
            }
        ],
    },
    "reapproval": {
        "id": "d",
        "kind": "reapproval",
        "decided_on": "2026-11-22",
        "expires_on": "2034-03-29",
        "tax_notice_on": "2026-12-10",
        "minerals": [
            {
                "mineral": "construction_stone",
                "quantity_unit": "m3_in_situ",
                "licensed_quantity": "1250000",
                "mined_before_2014": "0",
                "mined_since_2014": "400000",
                "output_unit": "m3_loose",
                "price": {"kind": "raw", "amount": 90000, "unit": "m3_loose"},
                "conversion": {"bulking_factor": "1.475"},
                "right": {"by": "no_auction"},
            }
        ],
    },
    "adjustment": {
        "id": "e",
        "kind": "adjustment",
        "adjusted_on": "2026-11-22",
        "reason": "price_or_rate",
        "first_unsettled_year": 2026,
        "expires_on": "2034-03-29",
        "settled": [{"year": 2025, "amount_vnd": 497812500}],
        "minerals": [
            {
                "mineral": "construction_stone",
                "remaining_quantity": "900000",
                "quantity_unit": "m3_in_situ",
                "price": {"kind": "raw", "amount": 110000, "unit": "m3_loose"},
                "conversion": {"bulking_factor": "1.475"},
                "right": {"by": "no_auction"},
                "approved_price_vnd": "132750",
                "approved_rate_percent": "3",
            }
        ],
    },
    "late_interest": {
        "id": "f",
        "kind": "late_interest",
        "amount_vnd": 100000000,
        "due_on": "2026-07-20",
        "paid_on": "2026-08-10",
    },
}
"""A small sound case of each kind, computed in the documentation and in the tests."""
