#!/bin/sh
# The browser tests need Chromium and its driver. Installs Debian's packages where they are missing (as root).
set -eu

if command -v chromedriver >/dev/null 2>&1 && { command -v chromium || command -v google-chrome; } >/dev/null 2>&1; then
    echo "chromium and chromedriver are installed"
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "chromium and chromedriver are missing and this is not Debian: install both with your system's packages" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "chromium and chromedriver are missing: run as root: apt-get install chromium chromium-driver" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends chromium chromium-driver
