"""``python -m services.profiles``: the profiles service as a process of its own."""

import warnings

warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch()

from services.foundation.hosting import serve  # noqa: E402
from services.profiles.service import Profiles  # noqa: E402

serve(Profiles)
