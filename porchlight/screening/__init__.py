"""A message in, what worries us out. A leaf: no database, no web, no Rasa.

`screen` reads one message, `hear` weighs it against those before it in a conversation.
"""

from porchlight.screening.conversation import Heard, Reaction, hear
from porchlight.screening.model import CATEGORIES, SEVERITIES, Category, Concern, Screening, Severity
from porchlight.screening.screener import load, screen

__all__ = [
    "CATEGORIES",
    "SEVERITIES",
    "Category",
    "Concern",
    "Heard",
    "Reaction",
    "Screening",
    "Severity",
    "hear",
    "load",
    "screen",
]
