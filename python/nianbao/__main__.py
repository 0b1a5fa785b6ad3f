"""The command `nianbao`: the same program as the one that Cargo installs, inside the package."""

import signal
import sys

from ._nianbao import main as run


def main() -> int:
    """Runs the command with the arguments of this process; gives its exit code."""
    # Python only notes Ctrl-C until its own code runs again; a command that has no use for it ends at once instead
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return run(["nianbao", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
