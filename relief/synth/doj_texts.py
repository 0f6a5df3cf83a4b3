"""The DOJ file's texts, one per person, agency or offense, ready to be looked up row by row."""

import pyarrow as pa

from relief.synth.people import personal_block
from relief.synth.tables import ACQUITTED, DISMISSED, UNDISPOSED
from relief.synth.world import World
from relief.synth.write import join_fields, quoted

N_SPELLINGS = 6
_SEE_COMMENT = "SEE COMMENT FOR CHARGE"
STEP_TYPES = (
    "1,ARREST/DETAINED/CITED",
    "4,COURT ACTION",
    "6,REGISTRATION",
    "6,REGISTRATION",
    "7,APPLICANT",
    "9,DECEASED",
)
OTHER_CHARGES = (
    "29001,290(A) PC-REGISTRATION OF SEX OFFENDER,,",
    "35590,11590 HS-REGISTRATION OF CNTL SUB OFFENDER,,",
    ",PEACE OFFICER APPLICANT,,",
    ",DECEASED,,",
)
UNDISPOSED_TEXTS = {DISMISSED: "DISMISSED/CHARGE DROPPED", ACQUITTED: "ACQUITTED", UNDISPOSED: ""}


def as_array(values: object) -> pa.Array:
    """A column of texts."""
    return pa.array(values, type=pa.string())


def person_texts(world: World) -> pa.Array:
    """The first 35 columns of each person."""
    people = world.people
    block = personal_block(world.rng, people)
    name = as_array([quoted(text) for text in people["name"]])
    cii, sex = as_array(people["cii"].to_numpy()), as_array(people["sex"].to_numpy())
    return join_fields(
        [
            "SYNTHETIC,", as_array(people["subject_id"].to_numpy()), "#", cii, name, ",,,,#", cii, name, sex,
            as_array(block["birth"]), as_array(block["ssn"]), as_array(block["cdl"]), ",,,#",
            as_array(people["race_code"].to_numpy()), as_array(people["race_descr"].to_numpy()),
            as_array(block["eyes"]), as_array(block["hair"]), as_array(block["height"]), as_array(block["weight"]),
            ",,CA,CALIFORNIA,,",
        ],
        end="",
    )  # fmt: skip


def agency_texts(world: World) -> list[str]:
    """Agencies of the county, then its courthouses, then one police agency and one court per other county."""
    tables = world.tables
    texts = [
        f"{'PD' if kind == 'Police Department' else 'SO'},{kind.upper()},{code},{name},19,LOS ANGELES"
        for code, name, kind in zip(
            tables.agencies["ori_code"], tables.agencies["agency"], tables.agencies["type"], strict=True
        )
    ]
    texts += [f"CT,COURT,19{i:03d}J,{name},19,LOS ANGELES" for i, name in enumerate(tables.courthouses["courthouse"])]
    counties = list(zip(tables.counties["county_code"], tables.counties["county"], strict=True))
    for code, name in counties:
        texts.append(f"PD,POLICE DEPARTMENT,{code}0100,{name} CITY PD,{code},{name}")
    for code, name in counties:
        texts.append(f"CT,COURT,{code}001J,SUPERIOR COURT {name},{code},{name}")
    return texts


def spellings(statute: str, code_type: str, literal: str) -> tuple[str, ...]:
    """How one charge is written: the usual way five times out of six, then as other agencies write it."""
    bare = statute.replace("(", "").replace(")", "")
    return (
        f"{statute} {code_type}-{literal}",
        f"{statute}{code_type}-{literal}",
        f"{bare}{code_type}-{literal}",
        f"{bare} {code_type}-{literal}",
        f"{code_type} {statute}-{literal}",
        _SEE_COMMENT,
    )


def _spellings_of_all(world: World) -> list[tuple[str, str, tuple[str, ...]]]:
    """Code, level and spellings of every offense."""
    offenses = world.tables.offenses
    columns = (offenses[name].astype(str) for name in ("cjis_code", "level", "statute", "code_type", "literal"))
    return [(code, level, spellings(*rest)) for code, level, *rest in zip(*columns, strict=True)]


def offense_texts(world: World) -> list[str]:
    """Code, description and level of each spelling of each offense, then of the other steps."""
    texts = [f"{code},{quoted(text)},{level}," for code, level, ways in _spellings_of_all(world) for text in ways]
    return texts + list(OTHER_CHARGES)


def conviction_texts(world: World) -> list[str]:
    """What was convicted, repeated in columns of its own; blank where the charge stands in the comment."""
    return [",,,,"] + [
        ",,,," if text == _SEE_COMMENT else f"1,{code},{quoted(text)},{level},"
        for code, level, ways in _spellings_of_all(world)
        for text in ways
    ]


def comment_texts(world: World) -> list[str]:
    """The comment that holds the charge where the description points to it."""
    blanks = [""] * (N_SPELLINGS - 1)
    texts = [text for _, _, ways in _spellings_of_all(world) for text in (*blanks, quoted(ways[0]))]
    return texts + [""] * len(OTHER_CHARGES)
