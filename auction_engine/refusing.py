"""Why does a command have no effect, and which article says so? Every refusal is an event of the log.

Each code names its rule in the law book (``session.<rule>``) and its sentence in both languages; ``{...}`` are filled in.
"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from auction_engine.commands import Command
from auction_engine.events_outcome import Refused
from auction_engine.law import article
from auction_engine.moments import local_day
from auction_engine.state import State
from auction_engine.words import say


class Reason(NamedTuple):
    """Rule and sentences of a refusal."""

    rule: str
    vi: str
    en: str


REASONS: Final[dict[str, Reason]] = {
    # who and when
    "wrong_session": Reason("regulation", "Lệnh gửi cho phiên {given}, không phải phiên này.", "The command is for session {given}, not this one."),
    "stale_sequence": Reason("regulation", "Bạn gửi lệnh theo sự kiện số {given}, phiên đã đến số {known}: hãy xem lại diễn biến rồi gửi lại.", "The command was based on entry {given}, the session is at {known}: look again and resend."),
    "clock_back": Reason("server_time", "Đồng hồ máy chủ chạy lùi: {given} trước {known}.", "The server's clock runs backwards: {given} lies before {known}."),
    "not_your_role": Reason("regulation", "Vai trò {role} không được thực hiện lệnh này.", "The role {role} may not give this command."),
    "second_needed": Reason("regulation", "Lệnh này cần hai người: hãy có thêm một người khác xác nhận.", "This takes two people: let another one confirm it."),
    "not_own_name": Reason("one_account", "Tài khoản {given} không được hành động thay cho {bidder}.", "The account {given} may not act for {bidder}."),
    "wrong_stage": Reason("regulation", "Chưa đến hoặc đã qua bước này (phiên đang ở bước {stage}).", "It is not the time for this step (the procedure stands at {stage})."),
    "wrong_mode": Reason("forms", "Hình thức đấu giá của phiên là {mode}: không dùng lệnh này.", "The session is held as {mode}: this command has no place in it."),
    "unreadable": Reason("regulation", "Giá trị {field} không hợp lệ: {given}.", "The value of {field} is not valid: {given}."),
    # plan, terms, regulation
    "zone_forbidden": Reason("open_zone", "Khu vực thuộc khu vực cấm hoặc tạm thời cấm hoạt động khoáng sản.", "The area is closed to mineral activity, or closed for the time being."),
    "zone_non_auction": Reason("auction_area", "Khu vực thuộc khu vực không đấu giá quyền khai thác khoáng sản.", "The area is one where mineral rights are not auctioned."),
    "unknown_mineral": Reason("in_plan", "Không có khoáng sản mã {given}.", "There is no mineral with the code {given}."),
    "main_not_listed": Reason("in_plan", "Khoáng sản đấu giá {given} không có trong danh sách của khu vực.", "The auctioned mineral {given} is not among those of the area."),
    "start_is_rate": Reason("starting_price", "Giá khởi điểm phải là tỷ lệ thu {rate} %, không phải {given}.", "The starting price is the rate {rate} %, not {given}."),
    "start_in_rate": Reason("starting_price", "Giá khởi điểm phải tính bằng tỷ lệ thu (%).", "The starting price is a rate (%)."),
    "start_in_money": Reason("start_explored", "Khu vực đã thăm dò trước 01/3/2025 đấu giá bằng tiền.", "Explored areas were auctioned in money until 2025-02-28."),
    "step_out_of_bounds": Reason("step", "Bước giá {given} nằm ngoài khung {low}-{high} % của giá khởi điểm {start}.", "The step {given} lies outside {low}-{high} % of the start {start}."),
    "deposit_out_of_bounds": Reason("deposit", "Tiền đặt trước {given} đồng nằm ngoài khung {low}-{high} % của {base} đồng.", "The deposit of {given} đồng lies outside {low}-{high} % of {base} đồng."),
    "extra_conditions": Reason("no_extra_conditions", "Quy chế không được đặt thêm điều kiện: {given}.", "The regulation may not add conditions: {given}."),
    "extra_forfeits": Reason("closed_list", "Quy chế không được thêm trường hợp không trả lại tiền đặt trước: {given}.", "The regulation may not add cases in which a deposit is lost: {given}."),
    "window_too_short": Reason("online_minutes", "Thời gian trả giá {given} phút ngắn hơn {least} phút.", "A bidding time of {given} minutes is shorter than {least}."),
    "council_too_small": Reason("council_members", "Hội đồng có {given} thành viên, ít nhất phải {least}.", "The council has {given} members; it needs at least {least}."),
    "quorum_missing": Reason("quorum", "Hội đồng có mặt {given} trên {members} thành viên, phải ít nhất {part}/{of}.", "{given} of {members} council members attend; at least {part}/{of} must."),
    "dossiers_close_late": Reason("dossiers_close", "Thời hạn nhận hồ sơ phải kết thúc chậm nhất {last}.", "Dossiers are received until {last} at the latest."),
    "deposit_opens_early": Reason("deposit_opens", "Chỉ được thu tiền đặt trước từ {first}, trừ khi có thỏa thuận khác.", "Deposits are taken from {first} on, unless agreed otherwise."),
    "deposit_closes_late": Reason("deposit_closes", "Thời hạn nộp tiền đặt trước phải kết thúc chậm nhất {last}.", "Deposits are taken until {last} at the latest."),
    "dates_out_of_order": Reason("regulation", "Các ngày không theo thứ tự: {given}.", "The dates are not in order: {given}."),
    # posting, notices, dossiers, deposits
    "posted_too_late": Reason("posting", "Niêm yết ngày {given} thì cuộc đấu giá sớm nhất là ngày {first}.", "Posted on {given}, the session can be held from {first} on."),
    "not_posted": Reason("posting", "Chưa niêm yết việc đấu giá.", "The auction is not posted yet."),
    "notice_too_soon": Reason("notice_gap", "Lần thông báo sau phải từ ngày {first}.", "The next notice appears from {first} on."),
    "notice_too_late": Reason("second_notice", "Thông báo lần hai ngày {given} thì cuộc đấu giá sớm nhất là ngày {first}.", "With the second notice on {given}, the session can be held from {first} on."),
    "notices_missing": Reason("notices", "Mới thông báo {given} lần, phải đủ {least} lần.", "There were {given} notices; {least} are needed."),
    "outside_reception": Reason("dossiers_received", "Hồ sơ chỉ được bán, nhận từ {first} đến {last}.", "Dossiers are sold and received from {first} to {last}."),
    "dossier_incomplete": Reason("dossier_set", "Hồ sơ không đủ thành phần.", "The dossier is not complete."),
    "already_received": Reason("dossier_set", "{bidder} đã nộp hồ sơ.", "{bidder} has filed already."),
    "unknown_bidder": Reason("selected", "Không có hồ sơ của {bidder}.", "There is no dossier of {bidder}."),
    "not_screened": Reason("selected", "Chưa xét xong hồ sơ của {given}.", "The dossiers of {given} are not examined yet."),
    "not_selected": Reason("selected", "{bidder} không được chọn tham gia đấu giá.", "{bidder} was not selected."),
    "undeposited": Reason("may_take_part", "{bidder} chưa nộp đủ tiền đặt trước.", "{bidder} has not paid the whole deposit."),
    # the session
    "not_open": Reason("oral_lowest", "Phiên chưa mở.", "The session is not open yet."),
    "closed": Reason("ended", "Đã hết thời gian trả giá.", "Bidding is over."),
    "paused": Reason("regulation", "Phiên đang tạm dừng.", "The session is interrupted."),
    "not_paused": Reason("regulation", "Phiên không tạm dừng.", "The session is not interrupted."),
    "too_early": Reason("regulation", "Chưa đến giờ: {first}.", "It is too early: {first}."),
    "not_present": Reason("forfeit_absent", "{bidder} không có mặt khi điểm danh.", "{bidder} did not answer the roll call."),
    "already_present": Reason("may_take_part", "{bidder} đã điểm danh.", "{bidder} is present already."),
    "out": Reason("withdrawn_out", "{bidder} đã bị truất quyền tham gia.", "{bidder} was disqualified."),
    "out_of_turn": Reason("ballot_tie", "Vòng này chỉ dành cho: {among}.", "This round is for {among} alone."),
    "wrong_unit": Reason("starting_price", "Giá {given} sai đơn vị: phiên trả giá bằng {unit}.", "The amount {given} has the wrong unit: this session bids in {unit}."),
    "unreadable_amount": Reason("step", "Không đọc được giá {given}: hãy viết số thập phân như 5.25.", "The amount {given} cannot be read: write a decimal like 5.25."),
    "below_start": Reason("oral_lowest", "Giá {given} thấp hơn mức thấp nhất {least}.", "The bid {given} lies below the lowest one, {least}."),
    "off_grid": Reason("step", "Giá {given} không bằng giá khởi điểm cộng số nguyên lần bước giá; gần nhất: {low}, {high}.", "The bid {given} is not the start plus whole steps; nearest: {low}, {high}."),
    "not_higher": Reason("oral_higher", "Giá {given} không cao hơn giá cao nhất {best}.", "The bid {given} is not above the best one, {best}."),
    "not_higher_round": Reason("ballot_round", "Phiếu {given} không cao hơn giá cao nhất của vòng trước; thấp nhất {least}.", "The ballot {given} is not above the best of the round before; lowest {least}."),
    "no_bid": Reason("oral_lowest", "Chưa có người trả giá.", "Nobody has bid yet."),
    "still_bidding": Reason("ended", "Việc trả giá chưa kết thúc.", "Bidding is not over."),
    "wrong_round": Reason("ballot_round", "Vòng {given} không phải vòng hiện tại ({known}).", "Round {given} is not the present one ({known})."),
    "round_closed": Reason("sealed", "Đã hết thời gian bỏ phiếu của vòng này.", "The round takes no more ballots."),
    "round_open": Reason("sealed_opened", "Chưa hết thời gian bỏ phiếu của vòng này.", "The round still takes ballots."),
    "already_voted": Reason("ballot", "{bidder} đã có phiếu ở vòng này.", "{bidder} has a ballot in this round."),
    "no_ballot": Reason("sealed_opened", "{bidder} không có phiếu kín chưa mở.", "{bidder} has no sealed ballot left to open."),
    "seal_mismatch": Reason("sealed_opened", "Giá và số bí mật không khớp với phiếu kín đã nộp.", "Amount and nonce do not match the sealed ballot."),
    "no_extra_round": Reason("ballot_tie", "Không có vòng đấu thêm cho {bidder}.", "There is no extra round for {bidder}."),
    "wrong_secret": Reason("lots", "Bí mật bốc thăm không khớp với cam kết trong quy chế.", "The secret for the lots does not match the regulation's commitment."),
    "nothing_to_withdraw": Reason("withdrawal", "{bidder} chưa trả giá.", "{bidder} has not bid."),
    "cannot_start_is_over": Reason("online_cannot_start", "Phiên đã mở: sự cố này không dời phiên sang ngày khác.", "The session is open: this fault does not move it to another day."),
    "not_winner": Reason("runner_up", "{bidder} không phải người trúng đấu giá.", "{bidder} is not the winner."),
    "not_candidate": Reason("runner_up", "{bidder} không phải người trả giá liền kề đang được xét.", "{bidder} is not the next bidder in question."),
    "reason_missing": Reason("runner_up_decided", "Phải nêu lý do.", "A reason is needed."),
    "wrong_minutes": Reason("minutes", "Biên bản được ký không khớp với diễn biến của phiên ({digest}).", "The minutes signed are not those of this session ({digest})."),
    "already_signed": Reason("minutes", "Bên này đã ký biên bản.", "This party has signed already."),
    # after
    "already_done": Reason("file_handed_over", "Bước này đã thực hiện ngày {given}.", "This step was taken on {given}."),
    "before_its_day": Reason("ended", "Ngày {given} trước ngày {first}.", "The day {given} lies before {first}."),
    "in_future": Reason("server_time", "Ngày {given} ở tương lai.", "The day {given} lies in the future."),
    "no_refund_due": Reason("losers_refunded", "Không có khoản phải trả lại cho {bidder}.", "Nothing is to be paid back to {bidder}."),
    "no_forfeit": Reason("forfeit_to_budget", "Không có tiền đặt trước bị mất của {bidder} để nộp ngân sách.", "No forfeited deposit of {bidder} is left to remit."),
    "dossier_late": Reason("dossier_mining", "Hồ sơ nộp ngày {given}, sau hạn {last}.", "The dossier came on {given}, after {last}."),
    "extension_too_long": Reason("extension_months", "Chỉ được kéo dài đến {last}.", "The extension ends on {last} at the latest."),
    "extension_ground": Reason("extension", "Lý do này chưa được luật ngày {given} chấp nhận.", "The law of {given} does not know this ground."),
    "not_longer": Reason("dossier_mining", "Hạn mới {given} không sau hạn cũ {last}.", "The new day {given} does not lie after {last}."),
    "dossier_not_missed": Reason("cancel_late_dossier", "Chưa quá hạn nộp hồ sơ ({last}).", "The day to file has not passed ({last})."),
    "state_harmed": Reason("cancel_agreed", "Không được thỏa thuận hủy khi ảnh hưởng lợi ích của Nhà nước hoặc của người khác.", "An agreement may not harm the State's or others' interests."),
    "wrong_area_kind": Reason("cancel_lost_right", "Căn cứ này chỉ áp dụng cho khu vực chưa có kết quả thăm dò.", "This ground is for unexplored areas alone."),
}  # fmt: skip
"""Every refusal the engine knows."""

_ELSEWHERE: Final = {
    "starting_price": "auction.starting_price",
    "start_explored": "auction_2012.start_explored",
    "step": "auction.step",
    "deposit": "auction.deposit",
}
"""Rules that the computation of the terms has named already."""

_KEYS: Final = {"quorum": "part"}


def rule(name: str) -> str:
    """The law book's name of a rule of the procedure."""
    return _ELSEWHERE.get(name, f"session.{name}")


def cite(state: State, name: str, now: str, key: str = "") -> str:
    """Where a rule stands on the day of an instant."""
    return article(state.book, rule(name), local_day(now), key)


def cite_on(state: State, name: str, on: date) -> str:
    """Where a rule stands on a day."""
    return article(state.book, rule(name), on)


def refused(state: State, command: Command, now: str, code: str, **facts: object) -> Refused:
    """The event of a refusal; facts longer than a line are cut."""
    reason = REASONS[code]
    told = {name: say(value) for name, value in facts.items()}
    return Refused(
        command=type(command).__name__,
        code=code,
        articles=(cite(state, reason.rule, now, _KEYS.get(reason.rule, "")),),
        reason_vi=reason.vi.format(**{name: _short(text.vi) for name, text in told.items()}),
        reason_en=reason.en.format(**{name: _short(text.en) for name, text in told.items()}),
    )


_LINE: Final = 80


def _short(text: str) -> str:
    return text if len(text) <= _LINE else f"{text[:_LINE]}…"
