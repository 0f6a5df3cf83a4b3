"""Publishing: exact counts for leadership, suppressed counts for everyone else, and a pointer to the newest release."""

from collections.abc import Callable

from relief.home import Home
from relief.publishing.releases import Release, current_release, rollback

__all__ = ["Release", "current_release", "preview", "publish", "rollback"]


def publish(home: Home, agreement: str | None, report: Callable[[str], None], accept: str | None = None) -> Release:
    """Publish the last build with ``publisher.publish``, which is imported here so that other imports stay fast."""
    from relief.publishing.publisher import publish as publish_release  # noqa: PLC0415  (slow import)

    return publish_release(home, agreement, report, accept)


def preview(home: Home, agreement: str | None, report: Callable[[str], None], accept: str | None = None) -> None:
    """Report what publishing would do, with ``previewing.preview``, and write nothing."""
    from relief.publishing.previewing import preview as preview_release  # noqa: PLC0415  (slow import)

    preview_release(home, agreement, report, accept)
