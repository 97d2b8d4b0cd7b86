"""A computation as one reads it in a terminal or pastes into a letter: text and Markdown, Vietnamese or English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from rules.formats import Lang, date_en, date_vi, decimal_text, vnd
from rules.words import amount_in_words

Json = Mapping[str, Any]

_TITLES = {
    "vi": {
        "total": "Tổng số tiền cấp quyền", "annual": "Nộp hằng năm", "payments": "Số lần nộp", "schedule": "Lịch nộp",
        "computation": "Diễn giải", "cautions": "Cảnh báo", "not_applied": "Không áp dụng", "law": "Sổ luật",
        "year": "Năm", "amount": "Số tiền", "due": "Hạn nộp", "none": "chưa có thông báo", "error": "Không tính được",
    },
    "en": {
        "total": "Licence-right fee", "annual": "Yearly payment", "payments": "Payments", "schedule": "Schedule",
        "computation": "Computation", "cautions": "Cautions", "not_applied": "Did not apply", "law": "Law book",
        "year": "Year", "amount": "Amount", "due": "Due", "none": "no notice yet", "error": "Cannot be computed",
    },
}  # fmt: skip


def day_text(text: str | None, lang: Lang) -> str:
    """A due date, or that there is none yet."""
    if text is None:
        return _TITLES[lang]["none"]
    day = date.fromisoformat(text)
    return date_vi(day) if lang == "vi" else date_en(day)


def step_lines(step: Json, lang: Lang) -> Iterator[str]:
    """One step: label, formula, figures, articles."""
    unit = "" if step["unit"] in ("1", "date") else f" {step['unit']}"
    value = step["value"] if step["unit"] == "date" else decimal_text(step["value"], lang)
    yield f"{step[f'label_{lang}']}"
    if step["formula"] == step["symbol"]:
        yield f"{step['symbol']} = {value}{unit}"
    elif step["substituted"] == step["value"]:
        yield f"{step['symbol']} = {step['formula']} = {value}{unit}"
    else:
        yield f"{step['symbol']} = {step['formula']} = {step['substituted']} = {value}{unit}"
    yield cites_text(step)


def cites_text(owner: Json) -> str:
    """The articles of a step or caution, with the confidence of those that were not read."""
    return "; ".join(
        f"{one['at']}, {one['instrument']}" + ("" if one["confidence"] == "VERIFIED" else f" [{one['confidence']}]")
        for one in owner["cite"]
    )


def to_markdown(result: Json, lang: Lang) -> str:
    """A result (or an error) as Markdown."""
    titles = _TITLES[lang]
    if not result["ok"]:
        lines = [f"# {titles['error']}", ""]
        lines += [f"- `{one['field'] or '-'}` **{one['code']}**: {one[f'message_{lang}']}" for one in result["errors"]]
        return "\n".join(lines) + "\n"
    fee = result["result"]
    lines = [f"# {titles['total']}: {vnd(fee['total_vnd'], lang)}", ""]
    if lang == "vi":
        lines += [f"*{amount_in_words(fee['total_vnd'])}*", ""]
    lines += [f"{titles['payments']}: {fee['payments']}. {titles['annual']}: {vnd(fee['annual_vnd'], lang)}.", ""]
    lines += [f"## {titles['cautions']}", ""] if result["cautions"] else []
    lines += [f"- **{one['code']}**: {one[f'message_{lang}']}" for one in result["cautions"]]
    lines += ["", f"## {titles['schedule']}", ""]
    lines += [f"| {titles['year']} | {titles['amount']} | {titles['due']} |", "|---|---:|---|"]
    lines += [
        f"| {one['year']} | {vnd(one['amount_vnd'], lang)} | {day_text(one['due_on'], lang)} |"
        for one in fee["schedule"]
    ]
    lines += ["", f"## {titles['computation']}", ""]
    for number, step in enumerate(result["trace"], start=1):
        label, formula, cites = step_lines(step, lang)
        lines += [f"{number}. {label}  ", f"   `{formula}`  ", f"   {cites}"]
        if f"convention_{lang}" in step:
            lines[-1] += "  "
            lines.append(f"   *{step[f'convention_{lang}']}*")
    if result["not_applied"]:
        lines += ["", f"## {titles['not_applied']}", ""]
        lines += [f"- {one[f'message_{lang}']} ({cites_text(one)})" for one in result["not_applied"]]
    lines += ["", f"{titles['law']}: `{result['law']['digest']}`"]
    return "\n".join(lines) + "\n"


def print_text(result: Json, lang: Lang, console: Console) -> None:
    """A result (or an error) in the terminal."""
    titles = _TITLES[lang]
    if not result["ok"]:
        console.print(f"[bold red]{titles['error']}[/]")
        for one in result["errors"]:
            console.print(f"  [bold]{escape(one['field'] or '-')}[/] ({one['code']}): {escape(one[f'message_{lang}'])}")
        return
    fee = result["result"]
    console.print(f"[bold]{titles['total']}: {vnd(fee['total_vnd'], lang)}[/]")
    if lang == "vi":
        console.print(f"[italic]{amount_in_words(fee['total_vnd'])}[/]")
    console.print(f"{titles['payments']}: {fee['payments']}; {titles['annual']}: {vnd(fee['annual_vnd'], lang)}")
    for one in result["cautions"]:
        console.print(f"[yellow]! {escape(one[f'message_{lang}'])}[/]")
    table = Table(title=titles["schedule"], title_justify="left")
    table.add_column(titles["year"])
    table.add_column(titles["amount"], justify="right")
    table.add_column(titles["due"])
    for one in fee["schedule"]:
        table.add_row(str(one["year"]), vnd(one["amount_vnd"], lang), day_text(one["due_on"], lang))
    console.print(table)
    console.print(f"[bold]{titles['computation']}[/]")
    for number, step in enumerate(result["trace"], start=1):
        label, formula, cites = step_lines(step, lang)
        console.print(f"{number:>3}. {escape(label)}")
        console.print(f"     [cyan]{escape(formula)}[/]", highlight=False)
        console.print(f"     [dim]{escape(cites)}[/]")
        if f"convention_{lang}" in step:
            console.print(f"     [dim italic]{escape(step[f'convention_{lang}'])}[/]")
    for one in result["not_applied"]:
        console.print(f"[dim]– {titles['not_applied']}: {escape(one[f'message_{lang}'])}[/]")
    console.print(f"[dim]{titles['law']}: {result['law']['digest']}[/]")
