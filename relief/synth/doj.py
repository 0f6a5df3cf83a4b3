"""The DOJ file: 95 columns, one line per (subject, cycle, step, count, sentence part)."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from relief.synth.dates import as_text
from relief.synth.numbering import doj_case_text
from relief.synth.people import personal_block
from relief.synth.sentences import DISPOSITIONS
from relief.synth.steps import count_order
from relief.synth.tables import ACQUITTED, CONVICTED, COUNTIES, COUNTY_CODES, DISMISSED, UNDISPOSED
from relief.synth.world import WITH_COURT_STEP, World
from relief.synth.write import join_fields, quoted

COLUMNS = (
    "RECORD_ID SUBJECT_STATUS SUBJECT_ID REQ_SEG_SEP REQ_CII_NUMBER REQ_NAME REQ_GENDER REQ_DOB REQ_CDL REQ_SSN "
    "PII_SEG_SEP CII_NUMBER PRI_NAME GENDER PRI_DOB PRI_SSN PRI_CDL PRI_IDN PRI_INN FBI_NUMBER "
    "PDR_SEG_SEP RACE_CODE RACE_DESCR EYE_COLOR_CODE EYE_COLOR_DESCR HAIR_COLOR_CODE HAIR_COLOR_DESCR HEIGHT WEIGHT "
    "SINGLE_SOURCE MULTI_SOURCE POB_CODE POB_NAME POB_TYPE CITIZENSHIP_LIST CYC_SEG_SEP CYC_ORDER CYC_DATE "
    "STP_SEG_SEP STP_ORDER STP_EVENT_DATE STP_TYPE_CODE STP_TYPE_DESCR STP_ORI_TYPE STP_ORI_TYPE_DESCR STP_ORI_CODE "
    "STP_ORI_DESCR STP_ORI_CNTY_CODE STP_ORI_CNTY_NAME CNT_SEG_SEP CNT_ORDER DISP_DATE OFN OFFENSE_CODE OFFENSE_DESCR "
    "OFFENSE_TOC OFFENSE_QUAL_LST DISP_OFFENSE_CODE DISP_OFFENSE_DESCR DISP_OFFENSE_TOC DISP_OFFENSE_QUAL_LST "
    "CONV_OFFENSE_ORDER CONV_OFFENSE_CODE CONV_OFFENSE_DESCR CONV_OFFENSE_TOC CONV_OFFENSE_QUAL_LST FE_NUM_ORDER "
    "FE_NUM_ARR_AGY FE_NUM_BNCH_WARR FE_NUM_CITE FE_NUM_DOCKET FE_NUM_INCIDENT FE_NUM_BOOKING FE_NUM_NUMBER "
    "FE_NUM_REMAND FE_NUM_OOS_INN FE_NUM_CRT_CASE FE_NUM_WARRANT DISP_ORDER DISP_CODE DISP_DESCR CONV_STAT_CODE "
    "CONV_STAT_DESCR SENT_SEG_SEP SENT_ORDER SENT_LOC_CODE SENT_LOC_DESCR SENT_LENGTH SENT_TIME_CODE SENT_TIME_DESCR "
    "CYC_AGE CII_TYPE CII_TYPE_ALPHA COMMENT_TEXT END_OF_REC"
).split()

_CHUNK = 100_000
_SEE_COMMENT = "SEE COMMENT FOR CHARGE"
_N_SPELLINGS = 6
_SPELLING_SHARES = (0.93, 0.02, 0.015, 0.015, 0.01, 0.01)
_STEP_TYPES = (
    "1,ARREST/DETAINED/CITED",
    "4,COURT ACTION",
    "6,REGISTRATION",
    "6,REGISTRATION",
    "7,APPLICANT",
    "9,DECEASED",
)
_ARREST, _COURT, _OTHER_STEP = 0, 1, 2
_OTHER_CHARGES = (
    "29001,290(A) PC-REGISTRATION OF SEX OFFENDER,,",
    "35590,11590 HS-REGISTRATION OF CNTL SUB OFFENDER,,",
    ",PEACE OFFICER APPLICANT,,",
    ",DECEASED,,",
)
_UNDISPOSED_TEXTS = {DISMISSED: "DISMISSED/CHARGE DROPPED", ACQUITTED: "ACQUITTED", UNDISPOSED: ""}
_PLACE_CODES = {"PROBATION": "P", "PRISON": "S", "JAIL": "J", "FINE": "F"}
_TIME_DESCR = {"D": "DAYS", "M": "MONTHS", "Y": "YEARS", "": ""}


def doj_lines(world: World) -> Iterator[pa.Array]:
    """The lines of the file, in order, in blocks."""
    rng = world.rng
    rows = _rows(world)
    cases, people = world.cases, world.people
    person_text = _person_text(world)
    texts = {
        "cycle": _array(np.arange(0, rows["cycle"].max() + 1).astype(str)),
        "ori": _array(_ori(world)),
        "offense": _array(_offense_texts(world)),
        "conviction": _array(_conviction_texts(world)),
        "comment": _array(_comment_texts(world)),
        "ofn": _array(doj_case_text(cases)),
        "disposition": _array(["", *_UNDISPOSED_TEXTS.values(), *DISPOSITIONS, "CONVICTED"]),
        "level": _array([",", "F,FELONY", "M,MISDEMEANOR"]),
        "type": _array(_STEP_TYPES),
        "step": _array(["", "001", "002"]),
    }
    booking = rng.integers(10_000_000, 99_999_999, len(cases))
    undated = cases["undated"].to_numpy()
    birth = people["birth_day"].to_numpy()
    n = len(rows["person"])
    no_arrest_date = rng.random(n) < 0.004
    blank_level = rng.random(n) < 0.02
    for start in range(0, n, _CHUNK):
        part = {name: values[start : start + _CHUNK] for name, values in rows.items()}
        place, person, case = part["place"], part["person"], part["case"]
        is_case = place != _OTHER_STEP
        known = np.where(is_case, case, 0)
        court = place == _COURT
        event = as_text(part["day"], "compact")
        event = np.where(court & (undated[known] == 1), "", event)
        event = np.where(court & (undated[known] == 2), [text[:4] + "0000" for text in event], event)
        event = np.where(court & (undated[known] == 3), "NULL", event)
        event = np.where((place == _ARREST) & no_arrest_date[start : start + _CHUNK], "", event)
        ofn = np.where(court, texts["ofn"].take(pa.array(known)).to_numpy(zero_copy_only=False), "")
        ofn = np.where(place == _ARREST, booking[known].astype(str), ofn)
        level = np.where(part["level"] == 0, 0, np.where(blank_level[start : start + _CHUNK], 0, part["level"]))
        age = np.maximum((part["cycle_day"] - birth[person]) // 365.2425, 0).astype(np.int64).astype(str)
        yield join_fields(
            [
                person_text.take(pa.array(person)),
                "#",
                texts["cycle"].take(pa.array(part["cycle"])),
                _array(as_text(part["cycle_day"], "compact")),
                "#",
                texts["step"].take(pa.array(part["step"])),
                _array(event),
                texts["type"].take(pa.array(part["type"])),
                texts["ori"].take(pa.array(part["ori"])),
                "#",
                _array(count_order(part["cycle"], part["step"], part["number"])),
                _array(np.where(court, event, "")),
                _array(ofn),
                texts["offense"].take(pa.array(part["charge"])),
                ",,,",
                texts["conviction"].take(pa.array(np.where(part["convicted"], part["charge"], -1) + 1)),
                "," * 11,
                _array(np.where(court, "1", "")),
                "",
                texts["disposition"].take(pa.array(part["disposition"])),
                texts["level"].take(pa.array(level)),
                "#",
                _array(part["sentence"]),
                _array(age),
                ",",
                texts["comment"].take(pa.array(part["charge"])),
                "#",
            ]
        )


def _array(values: object) -> pa.Array:
    return pa.array(values, type=pa.string())


def _person_text(world: World) -> pa.Array:
    people = world.people
    block = personal_block(world.rng, people)
    name = _array([quoted(text) for text in people["name"]])
    cii, sex = _array(people["cii"].to_numpy()), _array(people["sex"].to_numpy())
    return join_fields(
        [
            "SYNTHETIC,", _array(people["subject_id"].to_numpy()), "#", cii, name, ",,,,#", cii, name, sex,
            _array(block["birth"]), _array(block["ssn"]), _array(block["cdl"]), ",,,#",
            _array(people["race_code"].to_numpy()), _array(people["race_descr"].to_numpy()),
            _array(block["eyes"]), _array(block["hair"]), _array(block["height"]), _array(block["weight"]),
            ",,CA,CALIFORNIA,,",
        ],
        end="",
    )  # fmt: skip


def _ori(world: World) -> list[str]:
    """Agencies of the county, then its courthouses, then one police agency and one court per other county."""
    tables = world.tables
    texts = [
        f"{'PD' if kind == 'Police Department' else 'SO'},{kind.upper()},{code},{name},19,{COUNTIES[0]}"
        for code, name, kind in zip(
            tables.agencies["ori_code"], tables.agencies["agency"], tables.agencies["type"], strict=True
        )
    ]
    texts += [f"CT,COURT,19{i:03d}J,{name},19,{COUNTIES[0]}" for i, name in enumerate(tables.courthouses["courthouse"])]
    for code, name in zip(COUNTY_CODES, COUNTIES, strict=True):
        texts.append(f"PD,POLICE DEPARTMENT,{code}0100,{name} CITY PD,{code},{name}")
    for code, name in zip(COUNTY_CODES, COUNTIES, strict=True):
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


def _offense_texts(world: World) -> list[str]:
    offenses = world.tables.offenses
    return [
        f"{row.cjis_code},{quoted(text)},{row.level},"
        for row in offenses.itertuples()
        for text in spellings(row.statute, row.code_type, row.literal)
    ] + list(_OTHER_CHARGES)


def _conviction_texts(world: World) -> list[str]:
    offenses = world.tables.offenses
    texts = [",,,,"]
    for row in offenses.itertuples():
        for text in spellings(row.statute, row.code_type, row.literal):
            texts.append(",,,," if text == _SEE_COMMENT else f"1,{row.cjis_code},{quoted(text)},{row.level},")
    return texts


def _comment_texts(world: World) -> list[str]:
    offenses = world.tables.offenses
    texts = []
    for row in offenses.itertuples():
        usual = spellings(row.statute, row.code_type, row.literal)[0]
        texts += [""] * (_N_SPELLINGS - 1) + [quoted(usual)]
    return texts + [""] * len(_OTHER_CHARGES)


def _rows(world: World) -> dict[str, np.ndarray]:
    """Arrest rows, court rows (one per sentence part) and other steps, in file order."""
    cases, counts, steps, people = world.cases, world.counts, world.other_steps, world.people
    n_agencies, n_courthouses = len(world.tables.agencies), len(world.tables.courthouses)
    kinds = counts["kind"].to_numpy()
    spelled = world.rng.choice(_N_SPELLINGS, len(counts), p=_SPELLING_SHARES)
    spelled = np.where(
        kinds == "cannabis", spelled, np.where(np.isin(kinds, ("look_alike", "attempt")) & (spelled == 1), 1, 0)
    )
    charge = counts["offense"].to_numpy() * _N_SPELLINGS + spelled
    case_of = counts["case"].to_numpy()
    in_file = counts["doj"].to_numpy()
    arrest = np.flatnonzero(in_file & cases["has_arrest"].to_numpy()[case_of])
    court = np.flatnonzero(in_file & (cases["doj_step"].to_numpy()[case_of] == WITH_COURT_STEP))
    sentences = world.sentences
    with_parts = np.flatnonzero(np.isin(sentences["count"].to_numpy(), court))
    plain = court[counts["template"].to_numpy()[court] < 0]
    part_count = sentences["count"].to_numpy()[with_parts]
    codes = sentences["place"].map(_PLACE_CODES).to_numpy()[with_parts]
    part_text = (
        sentences["order"].astype(str).to_numpy(dtype=object)[with_parts] + "," + codes + ","
        + sentences["place"].to_numpy()[with_parts] + "," + sentences["length"].to_numpy()[with_parts] + ","
        + sentences["unit"].to_numpy()[with_parts] + "," + sentences["unit"].map(_TIME_DESCR).to_numpy()[with_parts]
    )  # fmt: skip
    count = np.concatenate([arrest, part_count, plain])
    case = case_of[count]
    place = np.repeat((_ARREST, _COURT), (len(arrest), len(part_count) + len(plain)))
    away = cases["county"].to_numpy()[case]
    first_away = n_agencies + n_courthouses
    ori = np.where(
        place == _ARREST,
        np.where(away == 0, cases["agency"].to_numpy()[case], first_away + away),
        np.where(away == 0, n_agencies + cases["courthouse"].to_numpy()[case], first_away + len(COUNTIES) + away),
    )
    outcome = counts["outcome"].to_numpy()[count]
    template = counts["template"].to_numpy()[count]
    by_outcome = np.array([0, 1, 2, 3])  # convicted rows take their template's text
    disposition = np.where(outcome == CONVICTED, 4 + template, by_outcome[outcome])
    arrest_text = np.where(cases["convicted_on_arrest"].to_numpy()[case], 4 + len(DISPOSITIONS), 0)
    is_court = place == _COURT
    columns = {
        "person": cases["person"].to_numpy()[case],
        "case": case,
        "place": place,
        "cycle": cases["cycle"].to_numpy()[case],
        "cycle_day": cases["arrest_day"].to_numpy()[case],
        "step": np.where(is_court, cases["court_step"].to_numpy()[case], 1),
        "number": counts["doj_number"].to_numpy()[count],
        "part": np.concatenate(
            [np.zeros(len(arrest), int), sentences["order"].to_numpy()[with_parts], np.zeros(len(plain), int)]
        ),
        "day": np.where(is_court, cases["court_day"].to_numpy()[case], cases["arrest_day"].to_numpy()[case]),
        "type": place,
        "ori": ori,
        "charge": charge[count],
        "convicted": is_court & (outcome == CONVICTED),
        "disposition": np.where(is_court, disposition, arrest_text),
        "level": np.where(is_court, np.where(counts["level"].to_numpy()[count] == "F", 1, 2), 0),
        "sentence": np.concatenate(
            [np.repeat(",,,,,", len(arrest)).astype(object), part_text, np.repeat(",,,,,", len(plain)).astype(object)]
        ),
    }
    m = len(steps)
    zero = np.zeros(m, dtype=np.int64)
    first_other = len(world.tables.offenses) * _N_SPELLINGS
    extra = {
        "person": steps["person"].to_numpy(), "case": zero, "place": zero + _OTHER_STEP,
        "cycle": steps["cycle"].to_numpy(), "cycle_day": steps["day"].to_numpy(), "step": zero + 1, "number": zero + 1,
        "part": zero, "day": steps["day"].to_numpy(), "type": 2 + steps["type"].to_numpy(), "ori": zero,
        "charge": first_other + steps["type"].to_numpy(), "convicted": zero.astype(bool), "disposition": zero,
        "level": zero, "sentence": np.repeat(",,,,,", m).astype(object),
    }  # fmt: skip
    joined = {name: np.concatenate([values, extra[name]]) for name, values in columns.items()}
    subject = people["subject_id"].astype(np.int64).to_numpy()[joined["person"]]
    order = np.lexsort((joined["part"], joined["number"], joined["step"], joined["cycle"], subject))
    return {name: values[order] for name, values in joined.items()}
