"""How an auction session runs: events, decisions, replay. Pure: no clock, no database, no network.

A session is its log. Orders go in, entries come out, and the state is the fold of the entries; whoever has the log can derive the
winner, the minutes and every deposit again.

Run one in memory::

    from auction_engine.session import Session
    session = Session("dg-2026-01", law_book())
    entry = session.submit(Order(session=..., role=..., by=..., command=...), now)   # now: "2026-11-24T02:00:00.000000Z"

Or keep the log in a store of your own (one writer for each session): ``state, entry = advance(state, recordable(order), now, head)``.

=====================  ==============================================================================================
module                 what it gives
=====================  ==============================================================================================
``commands``           :class:`Order` and the union ``Command``; the commands themselves stand in ``commands_before``,
                       ``commands_session``, ``commands_after``
``events``             the union ``Event``; the events stand in ``events_before``, ``events_session``,
                       ``events_outcome`` (with ``Refused``), ``events_after``
``decide``             ``decide(state, order, now)``: events, or refusals as events; ``()`` for a timer with nothing to do
``apply``              ``apply(state, event)`` and ``apply_all(state, events, at)``
``state``              ``State``, ``Bidder``, ``Live``, ``Result``, ``new_state(session, book)``
``session``            ``Session``, ``advance``, ``recordable``, ``replay``, ``redecide``, ``KeyReusedError``
``log``                ``Entry`` (``line()``), ``make_entry``, ``read_entry``, ``BrokenLogError``, the codecs ``COMMANDS``, ``EVENTS``
``merkle``             ``Tree``, ``Proofs`` (many receipts at once), ``inclusion_proof``, ``proved_root``
``checkpoints``        ``Checkpoint``, ``sign_checkpoint``, ``Receipt``, ``issue_receipt``, ``check_receipt``
``minutes``            ``session_minutes``, ``minutes_digest`` (what the parties sign), ``statement``
``bundle``             ``write_bundle``, ``sign_bundle``: the file an auditor gets
``verify``             ``verify(lines, book, trusted_key)``: ``Verified`` or the first ``Difference``; ``verify_chain``
``grid``               ``Grid``, ``Amount`` (a rate as plain decimal text, a sum as whole đồng), ``Unit``
``sealing``            ``seal``, ``commitment``, ``draw``: sealed ballots and verifiable lots
``values``, ``words``  the enumerations and how they are said in Vietnamese and English
``roles``              ``ALLOWED``: who may give which command; ``TWO_PEOPLE``: which need a second person
``refusing``           ``REASONS``: every refusal code with its rule and sentences
``moments``            ``moment``, ``read``, ``later``, ``local_day``: instants as text in UTC, days of Viet Nam
``rehearsal``          ``Rehearsal`` and ``rehearsal_script.Script``: a whole procedure with sample data
``simulation``         ``simulate(seed, number, book)``; ``invariants.check_all(session)``
``testing``            Hypothesis strategies, ``edited`` bundles, the checks (extra ``testing``)
=====================  ==============================================================================================

Bid ``amount``: ``str`` in a session of rates, ``int`` in a session of đồng; in events a bid is ``steps`` above the start
(``state.grid.amount(steps)``). Days are ISO days of Viet Nam, instants UTC text of 27 characters that sort as time does.
"""

# The product checks this marker when it starts, so that a foreign package of the same name is noticed.
ROOM_OF = "khoangsan"
