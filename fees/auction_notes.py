"""What does a starting price leave out, and is the price list behind it still fresh? Law 54/2024 Art. 102(3), Decree 193/2025
Art. 147(1)."""

from __future__ import annotations

from datetime import date

from fees.auction_case import AuctionCase
from fees.working import Working
from rules.errors import Code
from rules.trace import Text


def say_what_is_not_included(work: Working) -> None:
    """The sums that a starting price does not hold, and what the deposit is not."""
    trace = work.trace
    trace.did_not_apply(
        "start_is_a_rate",
        Text(
            "Giá khởi điểm là tỷ lệ thu, không phải số tiền: các số tiền bên cạnh là tạm tính, tiền cấp quyền thực nộp tính theo "
            "khối lượng được cấp phép và giá khi phê duyệt.",
            "The starting price is a rate, not a sum: the sums beside it are estimates; the fee paid follows the licensed "
            "quantity and the price at approval.",
        ),
        (*work.provision("auction.starting_price"), *work.provision("auction.replaces_rate")),
    )
    trace.did_not_apply(
        "start_excludes",
        Text(
            "Giá khởi điểm không gồm: thuế tài nguyên, phí bảo vệ môi trường, tiền ký quỹ phục hồi môi trường; thuế giá trị gia tăng, "
            "chi phí điều tra, thăm dò, giải phóng mặt bằng, thuê đất và chi phí tham gia đấu giá.",
            "The starting price does not include: resource tax, environmental fee, restoration escrow; value added tax, costs of "
            "survey and exploration, land clearance, land rent and the cost of taking part.",
        ),
        work.provision("auction.other_duties"),
    )
    trace.did_not_apply(
        "deposit_not_offset",
        Text(
            "Tiền đặt trước không trừ vào tiền cấp quyền: người trúng nhận lại tiền đặt cọc khi được cấp giấy phép.",
            "The deposit is not set off against the fee: the winner has it back when the licence is granted.",
        ),
        work.provision("auction.deposit_returned"),
    )


def watch_price_list(work: Working, case: AuctionCase) -> None:
    """Refuse a price list that is not in force yet; note one that is older than the house convention allows."""
    since = case.price_list_on
    if since is None:
        return
    if since > case.set_on:
        work.refuse(
            Code.INVALID_INPUT,
            ("price_list_on",),
            f"Bảng giá có hiệu lực {since:%d/%m/%Y}, sau ngày xác định giá khởi điểm {case.set_on:%d/%m/%Y}: dùng bảng giá đang "
            "có hiệu lực ngày đó.",
            f"The price list is in force from {since}, after the start was set on {case.set_on}: use the list in force then.",
        )
        return
    cite = work.provision("price.formula")
    label = Text("Ngày bảng giá có hiệu lực", "Day the price list came into force")
    work.trace.note("price_list", label, since.isoformat(), "date", cite)
    if since < _year_before(case.set_on):
        convention = work.book.conventions["old_price_list"]
        work.trace.did_not_apply(
            "price_list_old",
            Text(
                f"Bảng giá có hiệu lực từ {since:%d/%m/%Y} đã cũ: kiểm tra bảng giá mới trước khi công bố giá khởi điểm. "
                f"{convention.vi}",
                f"The price list in force from {since} is old: look for a newer one before the start is published. "
                f"{convention.en}",
            ),
            cite,
        )


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=day.day - 1)
