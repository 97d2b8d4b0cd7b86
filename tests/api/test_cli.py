"""The command line as its users call it: results, exit statuses, broken streams."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from api.contract.examples import EXAMPLES

KHOANGSAN = [sys.executable, "-c", "from api.cli import main; main()"]
FEE = json.dumps(EXAMPLES["licence_right_fee"], ensure_ascii=False)


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*KHOANGSAN, *arguments], input=stdin, capture_output=True, check=False, timeout=120)


def lines(output: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.decode("utf-8").splitlines()]


def test_one_case_pretty_printed_or_not(tmp_path: Path) -> None:
    pretty = tmp_path / "case.json"
    pretty.write_text("\ufeff" + json.dumps(EXAMPLES["licence_right_fee"], indent=2), "utf-8")
    from_file, from_stdin = run("compute", str(pretty)), run("compute", "-", stdin=FEE.encode())
    assert from_file.returncode == from_stdin.returncode == 0
    assert from_file.stdout == from_stdin.stdout
    (result,) = lines(from_file.stdout)
    assert result["result"]["total_vnd"] == 4_978_125_000


def test_json_lines_with_a_broken_line_compute_the_others() -> None:
    stream = f"{FEE}\n\n{FEE[:50]}\n{FEE}\r\n".encode() + b"\xff\xfe{}\n" + FEE.encode()
    done = run("compute", "-", stdin=stream)
    assert done.returncode == 1
    assert [one["ok"] for one in lines(done.stdout)] == [True, False, True, False, True]
    assert b"Traceback" not in done.stderr


def test_refused_case_exits_with_one_and_wrong_calls_with_two(tmp_path: Path) -> None:
    refused = run("compute", "-", stdin=FEE.replace("2026-03-02", "2024-03-02").encode())
    assert refused.returncode == 1
    assert lines(refused.stdout)[0]["error"]["code"] == "not_in_force"
    for wrong in (["compute", str(tmp_path / "none.json")], ["compute", str(tmp_path)], ["compute"], ["nothing"]):
        done = run(*wrong)
        assert done.returncode == 2, wrong
        assert b"Traceback" not in done.stderr
        assert done.stdout == b""


@pytest.mark.parametrize("text", [b"", b"\n \n", b"\xff\xfe\x00", "tiền".encode("utf-16"), b"[]"])
def test_unreadable_input_is_an_error_result(text: bytes) -> None:
    done = run("compute", "-", stdin=text)
    assert done.returncode == 1
    assert lines(done.stdout)[0]["error"]["code"] == "invalid_input"


def test_a_very_large_file_of_one_case_is_refused_quickly(tmp_path: Path) -> None:
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.write(b'{"kind": "licence_right_fee", "x": "')
        for _ in range(200):
            file.write(b"x" * 1024 * 1024)
        file.write(b'"}')
    done = run("compute", str(large))
    assert done.returncode == 1
    assert "8 MB" in lines(done.stdout)[0]["error"]["message_en"]


def test_a_closed_pipe_is_no_crash(tmp_path: Path) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text((FEE + "\n") * 500, "utf-8")
    process = subprocess.Popen([*KHOANGSAN, "compute", str(many)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.wait(timeout=60)


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_explain_shows_the_sum_its_articles_and_cautions(form: str, lang: str) -> None:
    done = run("explain", "-", "--format", form, "--lang", lang, stdin=FEE.encode())
    text = done.stdout.decode("utf-8")
    assert done.returncode == 0
    assert {"vi": "4.978.125.000", "en": "4,978,125,000"}[lang] in text or form == "json"
    assert "Điều 132 khoản 1" in text
    assert ("Lịch nghỉ lễ" if lang == "vi" else "Holidays") in text


def test_explain_says_what_is_wrong() -> None:
    wrong = FEE.replace('"1250000"', '"1e6"').encode()
    for form in ("text", "markdown", "html", "json"):
        done = run("explain", "-", "--format", form, stdin=wrong)
        assert done.returncode == 1
        assert "minerals[0].quantity" in done.stdout.decode("utf-8")


def test_law_commands() -> None:
    shown = run("law", "show", "licence_right.first_due", "--on", "2026-01-16")
    assert shown.returncode == 0
    assert "24" in shown.stdout.decode()
    assert run("law", "check").returncode == 0
    changed = run("law", "diff", "2026-01-15", "2026-01-16").stdout.decode()
    assert "sea_sand_gravel" in changed
    assert "41/2024" in run("law", "gaps").stdout.decode()
    missing = run("law", "show", "licence_right.rate", "--on", "2016-01-01")
    assert missing.returncode == 1
    assert "203/2013" in missing.stderr.decode()
    assert run("law", "show", "licence_right.rate", "--on", "yesterday").returncode == 2


def test_law_check_names_file_and_key(tmp_path: Path) -> None:
    import shutil

    from rules.lawbook import LAW_FOLDER

    folder = tmp_path / "law"
    shutil.copytree(LAW_FOLDER, folder)
    decree = folder / "decree_193_2025.toml"
    decree.write_text(
        decree.read_text("utf-8").replace('at = "Điều 132 khoản 2"', 'att = "Điều 132 khoản 2"', 1), "utf-8"
    )
    done = run("law", "check", "--folder", str(folder))
    assert done.returncode == 1
    assert "decree_193_2025.toml" in done.stderr.decode()
    assert "att" in done.stderr.decode()


def test_schema_is_printed() -> None:
    assert json.loads(run("schema", "licence_right_fee_2019").stdout)["title"] == "LicenceRightFee2019"
    assert run("schema", "nothing").returncode == 2
