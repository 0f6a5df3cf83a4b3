"""Private functions of dbt that make the tests faster, in one place.

A build of `relief` uses none of them. Without them, every test still passes and the suites take about twice as long.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest


def fire_no_debug_events(patch: pytest.MonkeyPatch) -> None:
    """Drop messages below dbt's log level before dbt formats them, which takes a third of its time in a build.

    dbt's own option for the log level takes effect only after the formatting.
    """
    from dbt_common.events.base_types import BaseEvent, EventLevel  # noqa: PLC0415  (the import takes seconds)
    from dbt_common.events.event_manager import EventManager  # noqa: PLC0415  (the import takes seconds)

    fire_event = EventManager.fire_event

    def fire(manager: EventManager, event: BaseEvent, level: EventLevel | None = None, *rest: Any, **more: Any) -> None:
        if (level or event.level_tag()) is not EventLevel.DEBUG:
            fire_event(manager, event, level, *rest, **more)

    patch.setattr(EventManager, "fire_event", fire)


def read_the_project_once(patch: pytest.MonkeyPatch) -> None:
    """Parse dbt's project once per process, because its 700 files take 8 s and are the same for every data folder.

    dbt's own partial parsing keeps its result per target folder, and each data folder has its own target folder. A
    manifest that is passed to dbt's runner cannot be reused either, because a build changes it.
    """
    from dbt.parser.manifest import ManifestLoader  # noqa: PLC0415  (slow import that only a build needs)

    if ManifestLoader.load.__name__ == "load":
        patch.setattr(ManifestLoader, "load", _once(ManifestLoader.load))


def _once(load: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Wrap `load` of dbt's ManifestLoader: return a copy of its result for the same project, target and schema.

    The county and the evaluation date do not change the manifest: they are only in SQL, which every build compiles.
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
    selectors, manifest.selectors = manifest.selectors, {}  # dbt's own copy fails on selectors
    copy = manifest.deepcopy()
    copy.selectors = manifest.selectors = selectors
    return copy
