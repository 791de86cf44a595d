"""What the image's tag makes of it: v1 and v2 serve, bad never gets healthy, crash and late die of it."""

import os
import sys
import threading

import settings

SECONDS_TO_LIVE = {"crash": 6, "late": 25}.get(settings.VERSION)
started = threading.Event()


def is_healthy() -> bool:
    """The answer of /health. The first good one starts the clock of crash and late."""
    if settings.VERSION == "bad":
        return False
    if SECONDS_TO_LIVE and not started.is_set():
        started.set()
        threading.Timer(SECONDS_TO_LIVE, die).start()
    return True


def die() -> None:
    print(f"fatal: {settings.VERSION} ends {SECONDS_TO_LIVE} s after it became healthy", file=sys.stderr, flush=True)
    os._exit(1)
