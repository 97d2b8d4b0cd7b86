"""May an entry be added to the ledger? Everything that is wrong is said at once, and nothing is added then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from fees.ledger import Account, Entry, Fact, Ledger, active, by_debtor, is_balanced, sums
from fees.licence_right import LARGEST_TOTAL
from rules.errors import Code, Path, Problem

_ACCOUNTS: Final[dict[Fact, frozenset[Account]]] = {
    Fact.DECISION: frozenset({Account.FEE, Account.APPROVED}),
    Fact.OPENING: frozenset({Account.FEE, Account.OWED, Account.INTEREST, Account.INTEREST_OWED}),
    Fact.NOTICE: frozenset({Account.APPROVED, Account.OWED}),
    Fact.SETTLEMENT: frozenset({Account.FEE, Account.OWED}),
    Fact.PAYMENT: frozenset({Account.PAID, Account.OWED, Account.INTEREST_PAID, Account.INTEREST_OWED}),
    Fact.OFFSET: frozenset({Account.OFFSET, Account.OWED, Account.INTEREST_PAID, Account.INTEREST_OWED}),
    Fact.REFUND: frozenset({Account.PAID, Account.OWED}),
    Fact.INTEREST: frozenset({Account.INTEREST, Account.INTEREST_OWED}),
    Fact.STOP: frozenset(),
}
_NEVER_BELOW_ZERO: Final[dict[Fact, tuple[Account, ...]]] = {
    Fact.OPENING: (Account.OWED, Account.INTEREST_OWED),
    Fact.NOTICE: (Account.OWED,),
    Fact.PAYMENT: (Account.PAID, Account.INTEREST_PAID),
    Fact.OFFSET: (Account.INTEREST_PAID,),
    Fact.REFUND: (Account.OWED,),
}


class Appended(NamedTuple):
    """The ledger with the new entries, or as it was together with what is wrong with them."""

    ledger: Ledger
    problems: tuple[Problem, ...]


def appended(ledger: Ledger, new: Iterable[Entry]) -> Appended:
    """Add entries, all or none. A problem's path is ``entries[i].field``, ``i`` counting the new ones."""
    entries = tuple(new)
    book = _Book(ledger)
    problems: list[Problem] = []
    for index, entry in enumerate(entries):
        problems.extend(_of_one(entry, ("entries", index)))
        problems.extend(book.add(entry, ("entries", index)))
    after = Ledger(entries=(*ledger.entries, *entries))
    users = [(index, entry) for index, entry in enumerate(entries) if _uses_excess(entry)]
    if users:
        own = by_debtor(after.entries)
        for index, entry in users:
            problems.extend(_above_excess(own[entry.debtor], entry, ("entries", index)))
    return Appended(ledger, tuple(problems)) if problems else Appended(after, ())


def _of_one(entry: Entry, path: Path) -> Iterator[Problem]:
    """What an entry's own values say."""
    if not is_balanced(entry.postings):
        yield _wrong(
            (*path, "postings"),
            "Bút toán không cân: nợ và có của tiền cấp quyền, và của tiền chậm nộp, phải bằng nhau từng bên.",
            "The entry does not balance: debits and credits of the fee, and those of interest, must each be equal.",
        )
    if any(abs(one.amount_vnd) > LARGEST_TOTAL for one in entry.postings):
        yield Problem(
            code=Code.OUT_OF_RANGE,
            path=(*path, "postings"),
            message_vi="Số tiền vượt 10^18 đồng: kiểm tra đơn vị.",
            message_en="The amount exceeds 10^18 đồng: check its unit.",
        )
    if entry.fact is Fact.REVERSAL:
        return
    accounts = {one.account for one in entry.postings}
    if (
        len(accounts) < len(entry.postings)
        or not accounts <= _ACCOUNTS[entry.fact]
        or not all(one.amount_vnd for one in entry.postings)
    ):
        yield _wrong(
            (*path, "postings"),
            f"Bút toán {entry.fact.value} ghi sai tài khoản, ghi một tài khoản hai lần hoặc ghi số 0.",
            f"An entry {entry.fact.value} posts to a wrong account, to one account twice, or a zero.",
        )
    if not accounts and entry.fact not in (Fact.STOP, Fact.SETTLEMENT):
        yield _wrong(
            (*path, "postings"), "Bút toán phải có số tiền khác 0.", "An entry needs an amount other than zero."
        )
    if entry.fact is Fact.OFFSET and entry.amount(Account.INTEREST_PAID) > max(0, entry.amount(Account.OWED)):
        yield _wrong(
            (*path, "postings"),
            "Phần bù trừ cho tiền chậm nộp lớn hơn số bù trừ.",
            "The part used for late interest is larger than the offset.",
        )
    if any(entry.amount(account) < 0 for account in _NEVER_BELOW_ZERO.get(entry.fact, ())):
        yield _wrong(
            (*path, "postings"),
            "Số tiền phải lớn hơn 0; muốn sửa thì ghi bút toán đảo.",
            "The amount must be above zero; to correct an entry, reverse it.",
        )
    if _makes_debt(entry):
        yield from (
            _wrong((*path, name), f"Khoản phải nộp cần {vi}.", f"A debt needs its {en}.")
            for name, value, vi, en in (
                ("instalment", entry.instalment, "tên kỳ nộp", "instalment"),
                ("due_on", entry.due_on, "hạn nộp", "due date"),
            )
            if not value
        )
    if (entry.fact is Fact.STOP) != (entry.stop is not None):
        yield _wrong((*path, "stop"), "Thiếu hoặc thừa khoảng ngừng tính.", "The stop is missing or out of place.")
    elif entry.stop is not None and entry.stop.last < entry.stop.first:
        yield _wrong((*path, "stop"), "Ngày cuối trước ngày đầu.", "The last day lies before the first.")


class _Book:
    """What the ledger knows already, kept up while entries are added."""

    def __init__(self, ledger: Ledger) -> None:
        self._by_key: dict[str, Entry] = {}
        self._reversed: set[str] = set()
        self._notified: dict[tuple[object, str], str] = {}
        for entry in ledger.entries:
            self._keep(entry)

    def add(self, entry: Entry, path: Path) -> Iterator[Problem]:
        if entry.key in self._by_key:
            yield _wrong(
                (*path, "key"), f"Bút toán {entry.key} đã có trong sổ.", f"Entry {entry.key} is there already."
            )
            return
        if entry.fact is Fact.REVERSAL or entry.reverses is not None:
            yield from self._of_reversal(entry, path)
        if _makes_debt(entry) and entry.instalment is not None:
            known = self._notified.get((entry.debtor, entry.instalment))
            if known is not None:
                yield _wrong(
                    (*path, "instalment"),
                    f"Kỳ {entry.instalment} đã được ghi (bút toán {known}); đảo bút toán đó hoặc đặt tên kỳ khác.",
                    f"Instalment {entry.instalment} stands already (entry {known}); reverse it or choose another name.",
                )
        self._keep(entry)

    def _of_reversal(self, entry: Entry, path: Path) -> Iterator[Problem]:
        field = (*path, "reverses")
        target = self._by_key.get(entry.reverses or "")
        if target is None or entry.fact is not Fact.REVERSAL or target.debtor != entry.debtor:
            yield _wrong(
                field,
                f"Không có bút toán {entry.reverses} của giấy phép và người nộp này để đảo.",
                f"There is no entry {entry.reverses} of this licence and payer to reverse.",
            )
            return
        if target.fact is Fact.REVERSAL:
            yield _wrong(
                field,
                "Không đảo một bút toán đảo; ghi lại sự việc bằng bút toán mới.",
                "A reversal is not reversed; write the fact again as a new entry.",
            )
        if target.key in self._reversed:
            yield _wrong(field, f"Bút toán {target.key} đã được đảo.", f"Entry {target.key} is already reversed.")
        if entry.on < target.on:
            yield _wrong(
                (*path, "on"),
                f"Ngày đảo trước ngày của bút toán ({target.on:%d/%m/%Y}).",
                f"The reversal is dated before its entry ({target.on}).",
            )
        if sorted(entry.postings) != sorted((account, -amount) for account, amount in target.postings):
            yield _wrong(
                (*path, "postings"),
                "Bút toán đảo phải lấy lại đúng số đã ghi.",
                "A reversal takes back exactly what was posted.",
            )

    def _keep(self, entry: Entry) -> None:
        self._by_key[entry.key] = entry
        if entry.fact is Fact.REVERSAL and entry.reverses is not None:
            self._reversed.add(entry.reverses)
            target = self._by_key.get(entry.reverses)
            if target is not None and target.instalment is not None and _makes_debt(target):
                self._notified.pop((target.debtor, target.instalment), None)
        elif _makes_debt(entry) and entry.instalment is not None:
            self._notified.setdefault((entry.debtor, entry.instalment), entry.key)


def _makes_debt(entry: Entry) -> bool:
    return entry.fact in (Fact.OPENING, Fact.NOTICE, Fact.SETTLEMENT) and entry.amount(Account.OWED) > 0


def _uses_excess(entry: Entry) -> bool:
    return entry.fact in (Fact.OFFSET, Fact.REFUND) and entry.amount(Account.OWED) > 0


def _above_excess(own: Iterable[Entry], entry: Entry, path: Path) -> Iterator[Problem]:
    """An excess is used or paid back only as far as there is one on that day; ``own`` are all entries of its account."""
    missing = sums(active(own, entry.on))[Account.OWED]
    if missing > 0:
        most = max(0, entry.amount(Account.OWED) - missing)
        yield Problem(
            code=Code.OUT_OF_RANGE,
            path=(*path, "postings"),
            message_vi=f"Chỉ bù trừ, hoàn trả tối đa số nộp thừa: {most} đồng vào ngày {entry.on:%d/%m/%Y}.",
            message_en=f"At most the excess can be offset or refunded: {most} đồng on {entry.on}.",
        )


def _wrong(path: Path, vi: str, en: str) -> Problem:
    return Problem(code=Code.INVALID_INPUT, path=path, message_vi=vi, message_en=en)
