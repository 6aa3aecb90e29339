"""Debian's browser, and how it is started: as root, and without a word to anybody outside."""

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox --disable-background-networking --disable-component-update --disable-sync --disable-gpu "
    "--disable-dev-shm-usage"
).split()
