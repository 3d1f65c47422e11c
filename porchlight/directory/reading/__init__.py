"""Read HSDS data, whatever way it comes: JSON documents, tabular packages of 3.x, tabular packages of 1.1.

What is read is one `Found` after the other; nothing is held in memory but the document or row at hand. A `Meter` tells
how far reading is.
"""

from .content import Content, Found, Meter, Refused
from .documents import DOCUMENT, page_number, read_services, total_pages
from .files import read

__all__ = [
    "DOCUMENT",
    "Content",
    "Found",
    "Meter",
    "Refused",
    "page_number",
    "read",
    "read_services",
    "total_pages",
]
