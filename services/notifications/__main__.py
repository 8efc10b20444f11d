"""``python -m services.notifications``: the notifications service as a process of its own."""

import warnings

warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch()

from services.foundation.hosting import serve  # noqa: E402
from services.notifications.service import Notifications  # noqa: E402

serve(Notifications)
