"""What do the findings about codes that changed their meaning say?"""

from __future__ import annotations

from typing import Final

# code -> severity, what is seen (vi, en), what to do (vi, en)
PRICE_TEXTS: Final[dict[str, tuple[str, str, str, str, str]]] = {
    "code_of_older_meaning": (
        "info",
        "Mã {line} đổi nghĩa từ {on}: trước là «{before}», sau là «{after}». Danh mục có hiệu lực trước ngày đó: giá theo nghĩa cũ.",
        "The code {line} changed its meaning on {on}: «{before}» before, «{after}» after. The list is older: its price has the old meaning.",
        "Không dùng mã này để so với danh mục ban hành sau; tra theo tên tài nguyên.",
        "Do not compare this code with later lists; look the resource up by its name.",
    ),
    "code_reads_as_before": (
        "warning",
        "Mã {line} đổi nghĩa từ {on}: trước là «{before}», nay là «{after}»; tên trong danh mục giống nghĩa cũ.",
        "The code {line} changed its meaning on {on}: «{before}» before, «{after}» now; the name in the list reads like the old one.",
        "Đối chiếu mã với quyết định: danh mục có thể chép mã của khung giá cũ.",
        "Check the code against the decision: the list may carry the codes of the old frame.",
    ),
}
