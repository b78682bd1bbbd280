"""`python -m bench.within MODULE ...`: runs it as `python -m MODULE ...` would, within the site's settings.

So a module that measures from within imports models at its top, as any other does.
"""

import os
import runpy
import sys

import django


def main() -> None:
    module, *arguments = sys.argv[1:]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
    django.setup()
    sys.argv = [f"python -m bench.within {module}", *arguments]
    runpy.run_module(module, run_name="__main__")


if __name__ == "__main__":
    main()
