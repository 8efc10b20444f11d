"""``python -m services.matching``: the matching service as a process of its own."""

import warnings

warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch()

from services.foundation.hosting import serve  # noqa: E402
from services.matching.service import Matching  # noqa: E402

serve(Matching)
