"""Time `relief policy try` as a whole process, on copies of shipped policies with one rule or all rules changed.

python -m benchmarks.trials HOME
"""

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.process import relief
from relief.home import Home
from relief.policies.document import Policy, copy_of, shipped, to_yaml

COPIED = ("la_pilot_2019", "la_office_2020_no_felony", "statutory_11361_8")


def main() -> None:
    """Time the trials on the tables of the given data folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path, help="a data folder with a build")
    time_trials(Home(parser.parse_args().home.resolve()))


def time_trials(home: Home) -> None:
    """Print the seconds and the peak memory of each trial, and assert nothing."""
    print(f"{'policy tried':<52} {'seconds':>8} {'peak MB':>8}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tried.yml"
        for policy_id in COPIED:
            for title, rules in ((f"{policy_id}, one rule changed", 1), (f"{policy_id}, every rule changed", None)):
                file.write_text(to_yaml(changed(policy_id, rules)), encoding="utf-8")
                seconds, memory, _ = relief(home.path, "policy", "try", str(file))
                print(f"{title:<52} {seconds:>8.2f} {memory:>8,.0f}", flush=True)


def changed(policy_id: str, rules: int | None) -> Policy:
    """Return a copy of a policy whose first rules differ from the rules of every shipped policy.

    In the changed rules, every condition has another presumption for a missing fact.
    """
    policy = shipped(policy_id)
    if policy is None:
        raise SystemExit(f"there is no policy {policy_id}")
    edited = [
        replace(
            rule,
            conditions=tuple(
                replace(condition, if_unknown=_other(condition.if_unknown), citation=rule.citation)
                for condition in rule.conditions
            ),
        )
        for rule in policy.rules[:rules]
    ]
    return replace(copy_of(policy, "tried", "1"), rules=(*edited, *policy.rules[len(edited) :]))


def _other(if_unknown: str) -> str:
    return "presume_not_met" if if_unknown != "presume_not_met" else "presume_met"


if __name__ == "__main__":
    main()
