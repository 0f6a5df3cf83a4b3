"""What `relief compare` refuses: each in one line that says what to do and shows nothing from the file."""

import json
from pathlib import Path

import pytest

from relief.compare import compare
from relief.errors import ReliefError
from relief.home import Home
from tests.python.older_tool.test_older_tool_compare import PILOT, written
from tests.python.support.warehouse import CMR, quiet

ANSWERED = "eligibility_determination,eligibility_reason"
UNREADABLE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "cannot be read whole as CSV"),
    "binary": (bytes(range(256)) * 9, "cannot be read whole as CSV|names neither"),
    "ragged": (f"row_no,{ANSWERED}\n1,a,b\n2,Jane,Doe,x\n".encode(), "cannot be read whole as CSV"),
    "no keys": (f"name,{ANSWERED}\nx,a,b\n".encode(), "names neither the columns of a result file nor row_no"),
    "no answers": (b"row_no,subject_id\n1,x\n", "name the two that contain them: --peer-columns"),
    "an answer column twice": (f"row_no,{ANSWERED},eligibility_reason\n1,a,b,c\n".encode(), "names a column twice"),
    "no rows": (f"row_no,{ANSWERED}\n".encode(), "contains no rows"),
    "rows of another file": (f"row_no,{ANSWERED}\n7000,a,b\n".encode(), "made from another file"),
    "counts of another file": (
        f"row_no,subject_id,cnt_order,{ANSWERED}\n6,999,101001006000,a,b\n".encode(),
        "row 6 of the peer file is another SUBJECT_ID or CNT_ORDER",
    ),
    "subjects of another file": (f"subject_id,cnt_order,{ANSWERED}\n1,2,a,b\n".encode(), "made from another file"),
    "rows evaluated nowhere here": (f"row_no,{ANSWERED}\n1,a,b\n".encode(), "was it made for another county"),
    "JSON cut off": (b'{"county":"LOS ANGELES"', "cannot be read as JSON"),
    "JSON that is no text": (b'{"county":"\xff"}', "cannot be read as JSON"),
    "JSON of something else": (b'{"county":"LOS ANGELES"}', "is not a summary of the older tool"),
    "JSON with a list": (
        json.dumps(
            {
                "county": "LOS ANGELES",
                "lineCount": [1],
                "reliefWithCurrentEligibilityChoices": {},
                "reliefWithDismissAllProp64": {},
            }
        ).encode(),
        "is not a summary of the older tool",
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_peer_file_that_cannot_be_compared_is_refused(name: str, los_angeles: Home, tmp_path: Path) -> None:
    content, message = UNREADABLE[name]
    peer = tmp_path / "peer"
    peer.write_bytes(content)
    with pytest.raises(ReliefError, match=message) as raised:
        compare(los_angeles, PILOT, peer, report=quiet)
    assert "Jane" not in str(raised.value)


def test_other_refusals_name_what_to_do(los_angeles: Home, tmp_path: Path) -> None:
    peer = CMR / "los_angeles/expected.csv"
    summary = CMR / "generated_5k/summary_configurable.json"
    with pytest.raises(ReliefError, match="there is no such file"):
        compare(los_angeles, PILOT, tmp_path / "nowhere.csv", report=quiet)
    with pytest.raises(ReliefError, match="is a folder"):
        compare(los_angeles, PILOT, tmp_path, report=quiet)
    with pytest.raises(ReliefError, match="policy other is not in the last build"):
        compare(los_angeles, "other", peer, report=quiet)
    with pytest.raises(ReliefError, match="has no column x; name its two columns with --peer-columns"):
        compare(los_angeles, PILOT, peer, answer_columns=("x", "eligibility_reason"), report=quiet)
    with pytest.raises(ReliefError, match="is in the data folder"):
        compare(los_angeles, PILOT, peer, out=los_angeles.path / "list.csv", report=quiet)
    with pytest.raises(ReliefError, match="is a summary: it has no rows"):
        compare(los_angeles, PILOT, summary, out=tmp_path / "list.csv", report=quiet)
    elsewhere = written(tmp_path, {**json.loads(summary.read_text()), "county": "SACRAMENTO"})
    with pytest.raises(ReliefError, match="was not made for LOS ANGELES"):
        compare(los_angeles, PILOT, elsewhere, report=quiet)
    with pytest.raises(ReliefError, match="there is no warehouse"):
        compare(Home(tmp_path / "empty").create(), PILOT, peer, report=quiet)


def test_a_file_in_cp1252_is_read(los_angeles: Home, tmp_path: Path) -> None:
    peer = tmp_path / "peer.csv"
    lines = (CMR / "los_angeles/expected.csv").read_text().splitlines()
    text = "\n".join([f"{lines[0]},note", *(f"{line},caf\u00e9" for line in lines[1:])])
    peer.write_bytes(text.replace("eligibility_reason,note", "reason,eligibility_reason").encode("cp1252"))
    report: list[str] = []
    result = compare(los_angeles, PILOT, peer, report=report.append)
    assert (result.compared, result.equal, result.unexplained) == (16, 0, 16)
