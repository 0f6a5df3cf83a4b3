"""The columns of the older tool's result files, in order, and our names for them."""

from relief.landing.layout import load_source

# Our column in fct_older_tool_results, and the header that the older tool prints.
RESULT_COLUMNS = {
    "case_number": "Case Number",
    "n_convictions_on_record": "# of convictions on record",
    "possible_other_p64_charges": "Possible Other P64 Charges",
    "occurred_after_2016_11_09": "Occurred after 11/9/2016",
    "superstrike_code_sections": "Superstrike Code Section(s)",
    "pc290_code_sections": "PC290 Code Section(s)",
    "pc290_registration": "PC290 Registration",
    "date_of_conviction": "Date of Conviction",
    "years_since_this_conviction": "Years Since This Conviction",
    "years_since_any_conviction": "Years Since Any Conviction",
    "n_prop_64_convictions": "# of Prop 64 convictions",
    "n_hs_11357_convictions": "# of HS 11357 convictions",
    "n_hs_11358_convictions": "# of HS 11358 convictions",
    "n_hs_11359_convictions": "# of HS 11359 convictions",
    "n_hs_11360_convictions": "# of HS 11360 convictions",
    "deceased": "Deceased",
    "eligibility_determination": "Eligibility Determination",
    "eligibility_reason": "Eligibility Reason",
}
POSSIBLE = "possible_other_p64_charges"

FILE_COLUMNS = tuple(load_source("ca_doj").tables[0].columns)
CONDENSED_COLUMNS = (
    "cii_number",
    "pri_name",
    "gender",
    "pri_dob",
    "race_descr",
    "cyc_date",
    "stp_event_date",
    "stp_ori_descr",
    "stp_ori_cnty_name",
    "disp_date",
    "ofn",
    "offense_descr",
    "disp_descr",
    "conv_stat_descr",
    "sent_loc_descr",
    "sent_length",
    "sent_time_code",
    "cyc_age",
    "comment_text",
    "end_of_rec",
)


def printed_header(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The older tool's header names for these columns of the file, followed by its own columns."""
    return (*(column.upper() for column in columns), *RESULT_COLUMNS.values())
