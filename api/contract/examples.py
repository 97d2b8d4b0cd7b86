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
    "resource_tax": {
        "id": "t",
        "kind": "resource_tax",
        "period": "2026-08",
        "quantity": "10000",
        "selling_price_vnd": "85000",
        "provincial_price_vnd": 90000,
        "rate_percent": "10",
    },
    "environmental_fee": {
        "id": "p",
        "kind": "environmental_fee",
        "period": "2026-08",
        "overburden_m3": "2000",
        "mining_method": "open_pit",
        "salvage": False,
        "minerals": [{"quantity": "10000", "rate_vnd_per_unit": 7500}],
    },
    "licence_fee": {
        "id": "l",
        "kind": "licence_fee",
        "granted_on": "2026-03-02",
        "licence_class": "facing_stone",
        "procedure": "extension",
    },
    "infrastructure_contribution": {
        "id": "h",
        "kind": "infrastructure_contribution",
        "set_on": "2026-01-20",
        "minerals": [
            {
                "mineral": "construction_stone",
                "planned_quantity": "120000",
                "resource_tax_price_vnd": 83000,
                "level_vnd_per_unit": 800,
            }
        ],
    },
    "auction_terms": {
        "id": "g",
        "kind": "auction_terms",
        "set_on": "2026-03-02",
        "group": "III",
        "explored": True,
        "step_percent_of_start": "5",
        "deposit_percent": "30",
        "price_list_on": "2026-01-01",
        "minerals": [
            {
                "mineral": "river_sand_gravel",
                "quantity": "159000",
                "quantity_unit": "m3_in_situ",
                "price": {"kind": "raw", "amount": 160000, "unit": "m3_loose"},
                "conversion": {"bulking_factor": "1.25"},
            }
        ],
    },
    "auction_outcome": {
        "id": "h",
        "kind": "auction_outcome",
        "set_on": "2026-03-02",
        "group": "III",
        "explored": True,
        "step_percent_of_start": "5",
        "deposit_percent": "30",
        "winning_rate_percent": "12.5",
        "minerals": [
            {
                "mineral": "river_sand_gravel",
                "quantity": "159000",
                "quantity_unit": "m3_in_situ",
                "price": {"kind": "raw", "amount": 160000, "unit": "m3_loose"},
                "conversion": {"bulking_factor": "1.25"},
                "main": True,
            },
            {
                "mineral": "fill_material",
                "quantity": "40000",
                "quantity_unit": "m3_in_situ",
                "price": {"kind": "raw", "amount": 50000, "unit": "m3_in_situ"},
            },
        ],
    },
    "auction_money_2012": {
        "id": "j",
        "kind": "auction_money_2012",
        "set_on": "2023-10-20",
        "mining_method": "open_pit",
        "area": "other",
        "step_vnd": 144000000,
        "deposit_percent": "20",
        "start_vnd": 2881000000,
        "won_vnd": 5761000000,
        "minerals": [
            {
                "mineral": "river_sand_gravel",
                "quantity": "703536",
                "quantity_unit": "m3_in_situ",
                "price": {"kind": "raw", "amount": 70000, "unit": "m3_loose"},
                "conversion": {"bulking_factor": "1.3"},
            }
        ],
    },
    "auction_rate_2012": {
        "id": "k",
        "kind": "auction_rate_2012",
        "set_on": "2021-03-26",
        "mining_method": "open_pit",
        "step_rate_percent": "0.25",
        "deposit_percent": "20",
        "winning_rate_percent": "12.5",
        "minerals": [
            {
                "mineral": "river_sand_gravel",
                "quantity": "2372500",
                "quantity_unit": "m3_in_situ",
                "price": {"kind": "raw", "amount": 67500, "unit": "m3_in_situ"},
            }
        ],
    },
    "payment_plan": {
        "id": "i",
        "kind": "payment_plan",
        "set_on": "2026-03-02",
        "group": "III",
        "explored": False,
        "step_percent_of_start": "5",
        "deposit_percent": "30",
        "winning_rate_percent": "12.5",
        "licence": {"issued_on": "2027-06-01", "expires_on": "2033-06-01"},
        "price_low_percent": "80",
        "price_high_percent": "130",
        "minerals": [
            {
                "mineral": "river_sand_gravel",
                "quantity": "159000",
                "quantity_low": "120000",
                "quantity_high": "200000",
                "quantity_unit": "m3_in_situ",
                "price": {"kind": "raw", "amount": 160000, "unit": "m3_loose"},
                "conversion": {"bulking_factor": "1.25"},
            }
        ],
    },
    "escrow": {
        "id": "escrow",
        "kind": "escrow",
        "regime": "08/2022",
        "plan_approved_on": "2022-06-20",
        "total_vnd": 1000000000,
        "licence_years": 6,
        "first_year": 2023,
        "index": {"kind": "chain", "from": "approval_year", "cpi": {"2022": "102.84", "2023": "102.19"}},
    },
    "escrow_schedule": {
        "id": "escrow schedule",
        "kind": "escrow_schedule",
        "regime": "08/2022",
        "plan_approved_on": "2022-06-20",
        "total_vnd": 1000000000,
        "licence_months": 66,
        "first_year": 2023,
        "index": {
            "kind": "chain",
            "from": "approval_year",
            "measure": "annual_average",
            "area": "binh_dinh",
            "national_fallback": True,
        },
        "as_of": "2026-10-01",
        "starts_on": "2023-02-10",
        "cpi_announced_on": {"2023": "2023-12-29", "2024": "2025-01-06"},
        "payments": [
            {"paid_on": "2023-02-08", "amount_vnd": 257100000},
            {"paid_on": "2024-03-05", "amount_vnd": 300000000},
        ],
        "refunds": [{"refunded_on": "2025-06-02", "amount_vnd": 50000000}],
        "interest": {"days_per_year": 365, "rates": [{"from": "2023-01-01", "percent": "0.5"}]},
        "refund": {"because": "progress", "on": "2026-09-15", "percent": "25"},
        "supplement": {
            "plan_approved_on": "2025-03-10",
            "total_vnd": 200000000,
            "licence_years": 2,
            "first_year": 2026,
            "starts_on": "2025-03-10",
        },
        "recosting": {
            "on": "2024-05-20",
            "cost_vnd": 1160000000,
            "items": [{"item": "San gạt mặt bằng", "estimated": "12000", "actual": "13200"}],
        },
        "transferred_on": ["2024-07-01"],
    },
    "restoration_cost": {
        "id": "restoration cost",
        "kind": "restoration_cost",
        "priced_on": "2026-06-01",
        "items": [
            {"part": "pit", "item": "Củng cố bờ moong", "quantity": "1250.5", "unit": "m³", "unit_price_vnd": "85000"},
            {
                "part": "dumps",
                "item": "Trồng cây bãi thải",
                "quantity": "2.4",
                "unit": "ha",
                "unit_price_vnd": "42000000",
            },
            {
                "part": "yard",
                "item": "Tháo dỡ nhà xưởng",
                "quantity": "340",
                "unit": "m²",
                "unit_price_vnd": "120500.5",
            },
        ],
        "administration": {"percent": "8"},
        "contingency": {"percent": "10", "of": "works_and_administration"},
    },
    "obligations": {
        "id": "calendar",
        "kind": "obligations",
        "as_of": "2026-11-24",
        "from_on": "2026-06-01",
        "until_on": "2027-06-30",
        "licence": {
            "issued_on": "2019-03-29",
            "expires_on": "2034-03-29",
            "mineral": "construction_stone",
            "operating_since": "2020-01-06",
        },
        "fee": {
            "schedule": [
                {"year": 2026, "amount_vnd": 497812500, "due_on": "2026-06-01"},
                {"year": 2027, "amount_vnd": 497812500},
            ],
            "debts": [{"name": "2026", "due_on": "2026-06-01", "amount_vnd": 497812500, "open_vnd": 97812500}],
        },
        "escrow": [{"period": "2027", "due_on": "2027-01-13", "amount_vnd": 101828225}],
        "done": ["resource_tax/2026-10", "environmental_fee/2026-10"],
    },
}
"""A small sound case of each kind, computed in the documentation and in the tests."""
