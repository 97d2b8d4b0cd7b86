"""Where does a first user find licences to look at? In the sample register, imported once."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlmodel import select

from api.imports.register import import_register
from api.imports.report import ImportReport
from api.store.engine import Store
from api.store.models import ImportBatch

SAMPLE: Final = Path(__file__).parents[2] / "examples" / "licence_register_lao_cai_2025-10-31.csv"
"""In a checkout of the repository; an installed wheel does not carry it."""
SAMPLE_PRICES: Final = SAMPLE.with_name("price_list_sample.csv")
"""A real list of another province without a date in force: whoever imports it invents one and marks it as sample."""


class SampleMissingError(Exception):
    """The sample register is not there: the program does not run from a checkout."""

    message_vi = f"Không có tệp mẫu {SAMPLE.name}: hãy chạy từ thư mục mã nguồn, hoặc nhập sổ của bạn bằng «khoangsan import register»."
    message_en = f'The sample file {SAMPLE.name} is missing: run from the source folder, or import your own with "khoangsan import register".'

    def __init__(self) -> None:
        super().__init__(f"{self.message_vi} / {self.message_en}")


def load_sample(store: Store, *, now: datetime, today: date) -> ImportReport | None:
    """Import the sample register unless an import of a file of its name was recorded; ``None`` when it was.

    Raises ``SampleMissingError`` outside a checkout.
    """
    with store.session() as session:
        if (
            session.exec(select(ImportBatch.id).where(ImportBatch.file_name == SAMPLE.name).limit(1)).first()
            is not None
        ):
            return None
    if not SAMPLE.is_file():
        raise SampleMissingError
    with SAMPLE.open("rb") as stream:
        return import_register(store, stream, file_name=SAMPLE.name, now=now, today=today)
