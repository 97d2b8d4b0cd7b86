"""What is an action of the audit trail called?"""

from __future__ import annotations

from typing import Final

from api.pages.speech import Speech
from rules.trace import Text

_NAMES: Final[dict[str, Text]] = {
    "account.add": Text("Tạo tài khoản", "Account made"),
    "account.disable": Text("Khóa tài khoản", "Account disabled"),
    "account.enable": Text("Mở lại tài khoản", "Account enabled"),
    "account.password": Text("Tự đổi mật khẩu", "Own password changed"),
    "account.password_reset": Text("Cấp lại mật khẩu", "Password reset"),
    "login": Text("Đăng nhập", "Signed in"),
    "logout": Text("Đăng xuất", "Signed out"),
    "sessions.end": Text("Đăng xuất thiết bị khác", "Other devices signed out"),
    "key.add": Text("Tạo khóa API", "API key made"),
    "key.revoke": Text("Thu hồi khóa API", "API key revoked"),
    "approval.propose": Text("Đề nghị xác nhận", "Proposed"),
    "approval.confirm": Text("Xác nhận", "Confirmed"),
    "approval.refuse": Text("Rút hoặc từ chối đề nghị", "Proposal taken back or refused"),
}


def action_name(action: str, t: Speech) -> str:
    """The name of an action; one that is not known here is shown as it is kept."""
    known = _NAMES.get(action)
    return action if known is None else t.text(known)
