"""How are the engine's words said to a reader, in both languages?"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from auction_engine.grid import Unit
from auction_engine.values import Ballots, Mode, Role, Stage
from rules.trace import Text

WORDS: Final[dict[StrEnum, Text]] = {
    Unit.RATE: Text("tỷ lệ phần trăm", "a percentage"),
    Unit.MONEY: Text("đồng", "đồng"),
    Mode.ORAL: Text("đấu giá trực tiếp bằng lời nói", "an oral auction"),
    Mode.DIRECT_BALLOT: Text("bỏ phiếu trực tiếp", "direct ballot"),
    Mode.INDIRECT_BALLOT: Text("bỏ phiếu gián tiếp", "indirect ballot"),
    Mode.ONLINE: Text("đấu giá trực tuyến", "an online auction"),
    Ballots.PAPER: Text("phiếu giấy", "paper ballots"),
    Ballots.SEALED: Text("phiếu kín điện tử", "sealed electronic ballots"),
    Role.SELLER: Text("người có tài sản đấu giá", "seller"),
    Role.AGENCY: Text("cơ quan chuyên môn", "agency"),
    Role.CHAIR: Text("chủ tịch hội đồng", "council chair"),
    Role.AUCTIONEER: Text("đấu giá viên", "auctioneer"),
    Role.CLERK: Text("thư ký", "clerk"),
    Role.BIDDER: Text("người tham gia đấu giá", "bidder"),
    Role.SYSTEM: Text("hệ thống", "system"),
    Stage.NEW: Text("chưa có kế hoạch", "no plan yet"),
    Stage.PLANNED: Text("đã có kế hoạch", "planned"),
    Stage.PRICED: Text("đã định giá khởi điểm", "terms set"),
    Stage.REGULATED: Text("đã có quy chế", "regulation issued"),
    Stage.LISTED: Text("đã có danh sách", "list published"),
    Stage.POSTPONED: Text("dời ngày", "postponed"),
    Stage.OPEN: Text("đang mở", "open"),
    Stage.DECLARED: Text("đã công bố người trúng", "winner announced"),
    Stage.RUNNER_UP: Text("xét người trả giá liền kề", "next bidder considered"),
    Stage.MINUTED: Text("đã ký biên bản", "minutes signed"),
    Stage.HANDED_OVER: Text("đã chuyển hồ sơ", "file handed over"),
    Stage.SUBMITTED: Text("đã trình phê duyệt", "submitted for approval"),
    Stage.APPROVED: Text("đã phê duyệt", "approved"),
    Stage.FILED: Text("đã nộp hồ sơ cấp phép", "licence dossier filed"),
    Stage.LICENSED: Text("đã cấp phép", "licensed"),
    Stage.FAILED: Text("đấu giá không thành", "failed"),
    Stage.CANCELLED: Text("đã hủy phiên", "session cancelled"),
    Stage.REJECTED: Text("không phê duyệt", "not approved"),
    Stage.LICENCE_REFUSED: Text("không cấp phép", "licence refused"),
    Stage.RESULT_CANCELLED: Text("đã hủy kết quả", "result cancelled"),
    Stage.APPROVAL_CANCELLED: Text("đã hủy quyết định phê duyệt", "approval cancelled"),
    Stage.LAPSED: Text("phê duyệt hết hiệu lực", "approval lapsed"),
}
"""Words of the engine in Vietnamese and English."""


def say(value: object) -> Text:
    """A value for a reader of each language."""
    known = WORDS.get(value) if isinstance(value, StrEnum) else None
    return known or Text(str(value), str(value))
