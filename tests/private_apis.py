"""What dbt does not offer in public and the tests use to be quick, in one place. A build of `relief` uses none of it.

Without it every test passes and the suites take about twice as long.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest


def fire_no_debug_events(patch: pytest.MonkeyPatch) -> None:
    """Drop messages below the level that dbt's log keeps: it formats each of them, a third of its own time in a build.

    dbt's option for the level of the log is applied behind the formatting.
    """
    from dbt_common.events.base_types import BaseEvent, EventLevel  # noqa: PLC0415  (seconds of imports)
    from dbt_common.events.event_manager import EventManager  # noqa: PLC0415  (slow import)

    fire_event = EventManager.fire_event

    def fire(manager: EventManager, event: BaseEvent, level: EventLevel | None = None, *rest: Any, **more: Any) -> None:
        if (level or event.level_tag()) is not EventLevel.DEBUG:
            fire_event(manager, event, level, *rest, **more)

    patch.setattr(EventManager, "fire_event", fire)


def read_the_project_once(patch: pytest.MonkeyPatch) -> None:
    """Keep what dbt parsed for the process: 700 files take 8 s, and a home of its own changes nothing in them.

    dbt's partial parsing keeps it per target folder, and each home has its own; a manifest that is handed to its
    runner is changed by a build.
    """
    from dbt.parser.manifest import ManifestLoader  # noqa: PLC0415  (seconds of imports, only for a build)

    if ManifestLoader.load.__name__ == "load":
        patch.setattr(ManifestLoader, "load", _once(ManifestLoader.load))


def _once(load: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`load` of a dbt ManifestLoader, or a copy of what it returned for the same project, target and schema.

    The county and the day of evaluation are in SQL alone, which is compiled in each build: they change no manifest.
    """
    kept: dict[str, Any] = {}

    def load_or_copy(loader: Any) -> Any:
        state = loader.manifest.state_check
        project = loader.root_project
        place = (project.project_root, project.target_name, os.environ.get("RELIEF_RAW_SCHEMA"))
        key = repr((place, state.project_env_vars_hash, state.project_hashes))
        if key not in kept:
            kept[key] = _copy(load(loader))
        loader.manifest = _copy(kept[key])
        return loader.manifest

    return load_or_copy


def _copy(manifest: Any) -> Any:
    selectors, manifest.selectors = manifest.selectors, {}  # dbt's own copy fails on them
    copy = manifest.deepcopy()
    copy.selectors = manifest.selectors = selectors
    return copy
