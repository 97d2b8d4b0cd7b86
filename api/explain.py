"""A computation as one reads it in a terminal or pastes into a letter: text and Markdown, Vietnamese or English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from api.pages.figures import HEADLINES, SCHEDULE, Table, cell, facts, tables
from api.pages.speech import Speech
from rules.formats import Lang
from rules.words import LARGEST, amount_in_words

Json = Mapping[str, Any]

_FUNCTIONS = (
    ("round(", "làm tròn("),
    ("half_up(", "làm tròn("),
    ("floor(", "phần nguyên("),
    ("ceil(", "làm tròn lên("),
)


def step_lines(step: Json, t: Speech) -> Iterator[str]:
    """One step: its label, its formula with figures, its articles."""
    yield t.of(step, "label")
    value = t.figures(step["value"], step["unit"])
    unit = t.unit(step["unit"])
    parts = [step["symbol"]]
    if step["formula"] not in (step["symbol"], step["value"]):
        parts.append(_spoken(step["formula"], t))
    if step["substituted"] not in (step["value"], step["formula"], f"{step['value']} %"):
        parts.append(_spoken(t.figures(step["substituted"], step["unit"]), t))
    yield " = ".join((*parts, f"{value} {unit}".rstrip()))
    yield cites_text(step)


def _spoken(formula: str, t: Speech) -> str:
    if t.lang == "vi":
        for name, vi in _FUNCTIONS:
            formula = formula.replace(name, vi)
    return formula


def cites_text(owner: Json) -> str:
    """The articles of a step or caution, with the confidence of those that were not read."""
    return "; ".join(
        f"{one['at']}, {one['instrument']}" + ("" if one["confidence"] == "VERIFIED" else f" [{one['confidence']}]")
        for one in owner["cite"]
    )


def _schedule(figures: Json, t: Speech) -> list[tuple[str, str, str]]:
    return [
        (str(one["year"]), t.money(one["amount_vnd"]), t.day(one["due_on"]) or t("chưa có thông báo", "no notice yet"))
        for one in figures.get(SCHEDULE, [])
    ]


def _headline(figures: Json, t: Speech) -> tuple[str, str, str]:
    """Label, amount, and the amount in words where the words are Vietnamese."""
    name = next(name for name in HEADLINES if name in figures)
    found = cell(name, figures[name], t)
    amount = figures[name]
    words = amount_in_words(amount) if t.lang == "vi" and type(amount) is int and 0 <= amount <= LARGEST else ""
    return found.label, found.text, words


def _rest(figures: Json, t: Speech) -> list[str]:
    name = next(name for name in HEADLINES if name in figures)
    single = {key: value for key, value in figures.items() if key != name}
    return [f"{one.label}: {one.text}" for one in facts(single, t)]


def to_markdown(result: Json, lang: Lang) -> str:
    """A result (or an error) as Markdown."""
    t = Speech(lang)
    if not result["ok"]:
        lines = [f"# {t('Không tính được', 'Cannot be computed')}", ""]
        lines += [f"- `{one['field'] or '-'}` **{one['code']}**: {t.of(one, 'message')}" for one in result["errors"]]
        return "\n".join(lines) + "\n"
    figures = result["result"]
    label, amount, words = _headline(figures, t)
    lines = [f"# {label}: {amount}", ""]
    lines += [f"*{words}*", ""] if words else []
    lines += [f"- {one}" for one in _rest(figures, t)]
    if result["cautions"]:
        lines += ["", f"## {t('Cảnh báo', 'Cautions')}", ""]
        lines += [f"- **{one['code']}**: {t.of(one, 'message')}" for one in result["cautions"]]
    schedule = _schedule(figures, t)
    if schedule:
        lines += ["", f"## {t('Lịch nộp', 'Schedule')}", ""]
        lines += [f"| {t('Năm', 'Year')} | {t('Số tiền', 'Amount')} | {t('Hạn nộp', 'Due')} |", "|---|---:|---|"]
        lines += [f"| {' | '.join(row)} |" for row in schedule]
    for table in tables(figures, t):
        lines += ["", f"## {table.title}", "", f"| {' | '.join(table.columns)} |", "|---" * len(table.columns) + "|"]
        lines += [f"| {' | '.join(one.text for one in row)} |" for row in table.rows]
    lines += ["", f"## {t('Diễn giải', 'Computation')}", ""]
    for number, step in enumerate(result["trace"], start=1):
        told, formula, cites = step_lines(step, t)
        lines += [f"{number}. {told}  ", f"   `{formula}`  ", f"   {cites}"]
        if f"convention_{lang}" in step:
            lines[-1] += "  "
            lines.append(f"   *{t.of(step, 'convention')}*")
    if result["not_applied"]:
        lines += ["", f"## {t('Không áp dụng', 'Did not apply')}", ""]
        lines += [f"- {t.of(one, 'message')} ({cites_text(one)})" for one in result["not_applied"]]
    lines += ["", f"{t('Sổ luật', 'Law book')}: `{result['law']['digest']}`"]
    return "\n".join(lines) + "\n"


def print_text(result: Json, lang: Lang, console: Console) -> None:
    """A result (or an error) in the terminal."""
    t = Speech(lang)
    if not result["ok"]:
        console.print(f"[bold red]{t('Không tính được', 'Cannot be computed')}[/]")
        for one in result["errors"]:
            told = escape(t.of(one, "message"))
            console.print(f"  [bold]{escape(one['field'] or '-')}[/] ({one['code']}): {told}")
        return
    figures = result["result"]
    label, amount, words = _headline(figures, t)
    console.print(f"[bold]{label}: {amount}[/]", highlight=False)
    if words:
        console.print(f"[italic]{words}[/]")
    for one in _rest(figures, t):
        console.print(escape(one), highlight=False)
    for caution in result["cautions"]:
        console.print(f"[yellow]! {escape(t.of(caution, 'message'))}[/]", highlight=False)
    schedule = _schedule(figures, t)
    if schedule:
        console.print(
            _grid(t("Lịch nộp", "Schedule"), (t("Năm", "Year"), t("Số tiền", "Amount"), t("Hạn nộp", "Due")), schedule)
        )
    for table in tables(figures, t):
        console.print(_table(table))
    console.print(f"[bold]{t('Diễn giải', 'Computation')}[/]")
    for number, step in enumerate(result["trace"], start=1):
        told, formula, cites = step_lines(step, t)
        console.print(f"{number:>3}. {escape(told)}", highlight=False)
        console.print(f"     [cyan]{escape(formula)}[/]", highlight=False)
        console.print(f"     [dim]{escape(cites)}[/]", highlight=False)
        if f"convention_{lang}" in step:
            console.print(f"     [dim italic]{escape(t.of(step, 'convention'))}[/]", highlight=False)
    for one in result["not_applied"]:
        console.print(
            f"[dim]– {t('Không áp dụng', 'Did not apply')}: {escape(t.of(one, 'message'))}[/]", highlight=False
        )
    console.print(f"[dim]{t('Sổ luật', 'Law book')}: {result['law']['digest']}[/]", highlight=False)


def _table(table: Table) -> Grid:
    return _grid(table.title, table.columns, [tuple(one.text for one in row) for row in table.rows])


def _grid(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Grid:
    grid = Grid(title=title, title_justify="left")
    for name in columns:
        grid.add_column(name, overflow="fold")
    for row in rows:
        grid.add_row(*map(escape, row))
    return grid
