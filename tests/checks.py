"""House checks that no linter knows: no floats and no numbers of the law in the quiet rooms, small modules."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("rules", "fees", "auction_engine")
SMALL = {0, 1, 2, 10, 100}
"""Numbers that arithmetic needs and no article sets: identities, halves, decimal scales, percent."""
OTHER_NUMBERS = {
    "rules/calendar.py": {5: "Saturday as Python counts weekdays"},
    "rules/law_values.py": {2023: "any common year, to see that a day exists every year"},
    "auction_engine/dates.py": {1990: "first year taken", 2999: "last year taken"},
    "auction_engine/decide_terms.py": {1_000_000: "largest span of a regulation"},
    "auction_engine/decide_session.py": {60: "seconds of a minute"},
    "auction_engine/grid.py": {40: "longest amount that is read"},
    "auction_engine/law.py": {12: "months of a year"},
    "auction_engine/moments.py": {7: "hours between UTC and Viet Nam", 1024: "size of a cache"},
    "auction_engine/refusing.py": {80: "longest fact in a sentence"},
    "auction_engine/sealing.py": {8: "bits of a byte"},
    "auction_engine/session.py": {62: "bits of the largest sum that is written down"},
    "rules/number.py": {3: "rank of an atom when brackets are set", 5: "prime factor of ten", 4096: "size of a cache"},
    "rules/words.py": dict.fromkeys((3, 4, 5, 6, 9, 18, 1000), "how digits and groups of digits are read"),
    "rules/formats.py": {3: "digits of a group"},
    "fees/escrow_index.py": {8: "decimals of a printed index"},
    "fees/escrow_plan.py": {12: "months of a year"},
    "fees/instalments_2019.py": {12: "months of a year"},
    "fees/obligation_dates.py": {12: "months of a year"},
    "fees/licence_right.py": {18: "largest total of the product, 10^18"},
    "fees/working.py": {5: "half of the last decimal"},
}
LONGEST = 400
WITHOUT_LAW = (
    "fees/testing",
    "fees/column",
    "auction_engine/rehearsal",
    "auction_engine/simulation",
    "auction_engine/testing",
)
"""Strategies draw any number; columns hold word sizes and scales."""


def modules() -> Iterator[tuple[str, Path]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path


def floats(name: str, tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"{name}:{node.lineno}: float {node.value}"
        if isinstance(node, ast.Name) and node.id == "float":
            yield f"{name}:{node.lineno}: float"
        if isinstance(node, ast.Attribute) and node.attr.startswith("float"):
            yield f"{name}:{node.lineno}: {node.attr}"


def law_numbers(name: str, tree: ast.AST) -> Iterator[str]:
    known = OTHER_NUMBERS.get(name, {})
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) is int and node.value not in SMALL | set(known):
            yield f"{name}:{node.lineno}: {node.value} stands in code; a number of the law belongs into rules/law"


def main() -> int:
    found: list[str] = []
    for name, path in modules():
        text = path.read_text("utf-8")
        tree = ast.parse(text)
        found.extend(floats(name, tree))
        if not name.startswith(WITHOUT_LAW):
            found.extend(law_numbers(name, tree))
    for path in sorted(ROOT.glob("api/**/*.py")):
        found.extend([f"{path.relative_to(ROOT)}: longer than {LONGEST} lines"] if _lines(path) > LONGEST else [])
    for name, path in modules():
        found.extend([f"{name}: longer than {LONGEST} lines"] if _lines(path) > LONGEST else [])
    print("\n".join(found) or "no floats, no law literals")
    return 1 if found else 0


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


if __name__ == "__main__":
    sys.exit(main())
