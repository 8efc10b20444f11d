"""Runs a command that dies with its supervisor: ``python -I orphan.py LIFELINE COMMAND …``

LIFELINE is the reading end of a pipe that the supervisor alone can write to; it closes when the supervisor ends. On Linux the
kernel kills the command at that moment (PR_SET_PDEATHSIG). Elsewhere a watcher beside it waits for the pipe to close. Needs the
standard library only, and is replaced by the command.
"""

import ctypes
import os
import select
import signal
import sys

PR_SET_PDEATHSIG = 1
LOOK_SECONDS = 1.0


def main() -> None:
    lifeline, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if is_closed(lifeline):
            os.kill(os.getpid(), signal.SIGKILL)
    else:
        watched = os.getpid()
        if os.fork() == 0:
            watch(lifeline, watched)
    os.close(lifeline)
    os.execvp(command[0], command)


def is_closed(lifeline: int, seconds: float = 0) -> bool:
    """Whether the supervisor ended; nothing is ever written, so a pipe that can be read has been closed."""
    return bool(select.select([lifeline], [], [], seconds)[0])


def watch(lifeline: int, watched: int) -> None:
    """Kills the command once the supervisor has ended; ends with the command."""
    while os.getppid() == watched:
        if is_closed(lifeline, LOOK_SECONDS):
            os.kill(watched, signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    main()
