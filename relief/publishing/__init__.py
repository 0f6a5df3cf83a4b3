"""Publishing: exact aggregates for leadership, suppressed ones for everyone else, one pointer to the newest."""

from collections.abc import Callable

from relief.home import Home
from relief.publishing.releases import Release, current_release, rollback

__all__ = ["Release", "current_release", "preview", "publish", "rollback"]


def publish(home: Home, agreement: str | None, report: Callable[[str], None], accept: str | None = None) -> Release:
    """Publish the last build, see ``publisher.publish``; imported when called, so that readers stay fast."""
    from relief.publishing.publisher import publish as publish_release  # noqa: PLC0415  (slow import)

    return publish_release(home, agreement, report, accept)


def preview(home: Home, agreement: str | None, report: Callable[[str], None], accept: str | None = None) -> None:
    """Say what publishing would do and write nothing, see ``preview.preview``; imported when called."""
    from relief.publishing.previewing import preview as preview_release  # noqa: PLC0415  (slow import)

    preview_release(home, agreement, report, accept)
