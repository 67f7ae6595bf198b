"""Bundle -> Receipts: the output folder (always, first) and the channels that the config names.

A bundle is finished when it gets here; nothing below changes it. The folder is written atomically; a channel that
fails costs its own delivery, leaves a ``Receipt`` that says so, and never the bundle.
"""

from reportgen.publish.delivery import delivered
from reportgen.publish.folder import checked, emptied, reserved
from reportgen.publish.receipt import Receipt
from reportgen.publish.verify import Verified, changed_files, verified

__all__ = ["Receipt", "Verified", "changed_files", "checked", "delivered", "emptied", "reserved", "verified"]
