"""The texts of the DOJ file, one per person, agency or offense. Each row of the file looks them up."""

import numpy as np
import pandas as pd
import pyarrow as pa

from synthetic.defects import COUNTY_BLANKED, COUNTY_LOWER, COUNTY_SPACED, COUNTY_TITLE, LEVEL_TEXTS
from synthetic.lesser import ATTEMPT, CONSPIRACY, ENHANCEMENTS
from synthetic.people import personal_block
from synthetic.spellings import spellings
from synthetic.tables import ACQUITTED, DISMISSED, UNDISPOSED
from synthetic.variants import requested_names, vary
from synthetic.world import World
from synthetic.write import join_fields, quoted

# Step types in this order: arrest, court, the types of synthetic.steps, and three other spellings of a death.
STEP_TYPES = (
    "1,ARREST/DETAINED/CITED",
    "4,COURT ACTION",
    "6,REGISTRATION",
    "6,REGISTRATION",
    "7,APPLICANT",
    "9,DECEASED",
    "6,REGISTRATION",
    "5,CUSTODY",
    "8,SUPERVISION",
    "9, Deceased",
    "9,Deceased",
    "9,DECEASED ",
)
OTHER_CHARGES = (
    "89005,290(A) PC-REGISTRATION OF SEX OFFENDER,",
    "35590,11590 HS-REGISTRATION OF CNTL SUB OFFENDER,",
    ",PEACE OFFICER APPLICANT,",
    ",DECEASED,",
    ",2900.5 PC-CREDIT FOR TIME SERVED,",
)
UNDISPOSED_TEXTS = {DISMISSED: "DISMISSED/CHARGE DROPPED", ACQUITTED: "ACQUITTED", UNDISPOSED: ""}
LEVELS = (",", "F,FELONY", "M,MISDEMEANOR", "I,INFRACTION", *LEVEL_TEXTS[1:])
QUALIFIERS = ("", ATTEMPT, CONSPIRACY, *ENHANCEMENTS)
COMMENTS = ("", "CONCURRENT WITH OTHER CASE", "SENTENCE SUSPENDED", "PROBATION TERMINATED EARLY", "AS AMENDED", "NULL")
_COUNTY_WAYS = {
    COUNTY_TITLE: "Los Angeles",
    COUNTY_SPACED: " LOS ANGELES",
    COUNTY_LOWER: "los angeles ",
    COUNTY_BLANKED: "",
}


def as_array(values: object) -> pa.Array:
    """Return the values as an Arrow column of texts."""
    return pa.array(values, type=pa.string())


def person_texts(world: World, variants: pd.DataFrame) -> pa.Array:
    """Return the text of the first 35 columns for each person, and then for each variant of a person."""
    people = world.people
    block = personal_block(world.rng, people)
    block["name"] = people["name"].to_numpy(dtype=object)
    block["requested"] = requested_names(world, block["name"])
    for name in ("cii", "sex", "subject_id", "race_code", "race_descr"):
        block[name] = people[name].to_numpy(dtype=object)
    varied = vary(world, variants, block)
    columns = {name: as_array(np.concatenate([values, varied[name]])) for name, values in block.items()}
    for name in ("name", "requested"):
        columns[name] = as_array([quoted(text) for text in columns[name].to_pylist()])
    return join_fields(
        [
            "SYNTHETIC,", columns["subject_id"], "#", columns["cii"], columns["requested"], ",,,,#", columns["cii"],
            columns["name"], columns["sex"], columns["birth"], columns["ssn"], columns["cdl"], ",,,#",
            columns["race_code"], columns["race_descr"], columns["eyes"], columns["hair"], columns["height"],
            columns["weight"], ",,CA,CALIFORNIA,,",
        ],
        end="",
    )  # fmt: skip


def agency_texts(world: World) -> list[str]:
    """Return the texts of all agencies and courts.

    First come the county's agencies and courthouses, then the police and the court of each county, and then all of
    these again with the county in other spellings.
    """
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
    usual = list(texts)
    for name in _COUNTY_WAYS.values():
        texts += [text.rpartition(",")[0] + "," + name for text in usual]
    return texts


def charge_texts(world: World) -> tuple[list[str], list[str], list[str]]:
    """Return the charged text, the convicted text and the comment of every charge.

    First come all offenses in all spellings, and then the charges of the other steps.
    """
    offenses = world.tables.offenses
    columns = (offenses[name].astype(str) for name in ("cjis_code", "statute", "code_type", "literal", "level"))
    ways = [way for row in zip(*columns, strict=True) for way in spellings(*row)]
    charged, convicted, comments = (list(texts) for texts in zip(*ways, strict=True))
    blanks = [""] * len(OTHER_CHARGES)
    return charged + list(OTHER_CHARGES), convicted + [",,"] * len(OTHER_CHARGES), comments + blanks
