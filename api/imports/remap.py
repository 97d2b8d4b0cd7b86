"""The officer changed the mapping of minerals: which stored licences get another code?"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from api.imports.aliases import load_aliases
from api.imports.rows import gap_json, unmapped_mineral
from api.store.models import Licence


def remap_minerals(session: Session, *, now: datetime) -> int:
    """Give stored licences the mineral codes of the mapping in force; how many changed."""
    aliases = load_aliases(session)
    changed = 0
    for licence in session.exec(select(Licence).where(col(Licence.mineral_local).is_not(None))).all():
        name = licence.mineral_local or ""
        code = aliases.mineral(name, f"{licence.mine_name or ''} {licence.place or ''}")
        if code == licence.mineral_code:
            continue
        others = [gap for gap in licence.gaps if gap["field"] != "mineral_code"]
        open_name = [gap_json(unmapped_mineral(name, None, licence.source_sheet, licence.source_row))]
        licence.gaps = others if code else others + open_name
        licence.mineral_code = code
        licence.updated_at = now
        session.add(licence)
        changed += 1
    return changed
