"""Many cases in a stream: JSON Lines with one result a line, in order; a broken line costs only itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import orjson

from api.contract.compute import compute_line
from api.contract.reading import LARGEST_CASE

Json = dict[str, Any]
_BLANK = b" \t\r\n"
_MARK = b"\xef\xbb\xbf"


def result_line(result: Json) -> bytes:
    """A result as one line of JSON."""
    return orjson.dumps(result, option=orjson.OPT_APPEND_NEWLINE)


def canonical(result: Json) -> bytes:
    """A result as canonical JSON: sorted names, no blanks, UTF-8; what a digest is taken of."""
    return orjson.dumps(result, option=orjson.OPT_SORT_KEYS)


def bounded_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines of a stream, none held longer than one case may be: the rest of a longer line is read and dropped."""
    while line := stream.readline(LARGEST_CASE + 2):
        yield line
        while not line.endswith(b"\n") and len(line) > LARGEST_CASE:
            line = stream.readline(LARGEST_CASE + 2)
            if not line:
                return


def compute_lines(lines: Iterable[bytes], *, first: bool = True) -> Iterator[Json]:
    """One result for each line that is not blank; a byte-order mark before the ``first`` line is skipped."""
    for line in lines:
        text = line.removeprefix(_MARK) if first else line
        first = False
        if text.strip(_BLANK):
            yield compute_line(text)


def compute_file(stream: BinaryIO) -> Iterator[Json]:
    """The results of a file that holds one case (pretty-printed or not) or JSON Lines.

    A file of several lines is JSON Lines when one of them opens with a brace and closes with one: in a pretty-printed
    case only the inner lines can, and those are indented.
    """
    head = stream.read(LARGEST_CASE + 1)
    stream.seek(0)
    if _is_json_lines(head):
        yield from compute_lines(bounded_lines(stream))
        return
    yield compute_line(head.removeprefix(_MARK))


def _is_json_lines(head: bytes) -> bool:
    lines = [line for line in head.removeprefix(_MARK).splitlines() if line.strip(_BLANK)]
    return len(lines) > 1 and any(line.startswith(b"{") and line.rstrip(_BLANK).endswith(b"}") for line in lines)
