"""What a report says: analysis gives numbers and slugs, sections choose what is said, and the words for it are here.

``Words`` reads whole messages with named values from the catalogue of a language (``words/<language>/<topic>.ftl``), and ``told``
makes a language the one that everything within is told in. The other modules choose a message for typed values and give it these, one
file for each topic. Nothing here knows charts, HTML or the files of a bundle, and nothing reads a sentence to decide something.
"""

from __future__ import annotations

from reportgen.locales import ENGLISH as DEFAULT_LANGUAGE
from reportgen.words.catalogue import MessageId, Say, Words, stand_in_problems, told

__all__ = ["DEFAULT_LANGUAGE", "MessageId", "Say", "Words", "stand_in_problems", "told"]
