"""Streamlit's server, started by ``relief.dashboard``, without the look-ups of this machine's addresses.

Before Streamlit refuses a page of another origin, it compares that origin with the machine's own addresses and asks a
service on the internet for the external address (``streamlit.net_util.get_external_ip``). No setting turns that off, so
both functions that look up an address are replaced before the server starts. The pages are served on 127.0.0.1 only,
which Streamlit allows without looking anything up.
"""

import sys

from streamlit import net_util
from streamlit.web.cli import main

LOOK_UPS = ("get_external_ip", "get_internal_ip")


def no_address() -> None:
    """Return no address, so that only 127.0.0.1 may show the pages."""
    return


def close_look_ups() -> None:
    """Replace Streamlit's look-up functions. Refuse a version of Streamlit in which these have other names."""
    for name in LOOK_UPS:
        if not hasattr(net_util, name):
            sys.exit(f"this version of streamlit has no net_util.{name}; install the version of requirements/main.txt")
        setattr(net_util, name, no_address)


if __name__ == "__main__":
    close_look_ups()
    main(prog_name="streamlit")
