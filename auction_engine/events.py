"""Everything that can happen to a session."""

from __future__ import annotations

from auction_engine.events_after import EventAfter
from auction_engine.events_before import EventBefore
from auction_engine.events_outcome import EventOfOutcome
from auction_engine.events_session import EventInSession

Event = EventBefore | EventInSession | EventOfOutcome | EventAfter
"""Every event of a log."""
