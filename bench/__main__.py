"""`python -m bench [petitions|letters|pages] [options]`: one of them with its options, or all as they are."""

import subprocess
import sys

from standalone.paths import ROOT

APPS = ("petitions", "letters", "pages")


def main(arguments: list[str]) -> int:
    named = [arguments[0]] if arguments and arguments[0] in APPS else []
    options = arguments[len(named) :]
    commands = [[sys.executable, "-m", f"bench.{app}", *options] for app in named or APPS]
    return max(subprocess.run(command, cwd=ROOT, check=False).returncode for command in commands)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
