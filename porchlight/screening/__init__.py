"""A message in, what worries us out. A leaf: no database, no web, no Rasa."""

from porchlight.screening.first_net import screen

__all__ = ["screen"]
