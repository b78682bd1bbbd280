"""The settings as mypy's Django plugin reads them: complete, and with no server behind them."""

import os

from tests import environment

os.environ.update(environment.SETTINGS, DATABASE_URL="postgresql:///nowhere", REDIS_URL="unix:///nowhere")

from campaign.settings import *  # noqa: F403  # the same, with other keys
