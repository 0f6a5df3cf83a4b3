"""The page Overview: a sentence to quote, four numbers, one bar that adds up, and the orders by month."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dashboards.components import balance as balances
from dashboards.components import layout, verdicts
from dashboards.components.data import ANNOUNCED_STAGE, Release, StageCount, Summary, load_stages
from dashboards.components.downloads import UNAVAILABLE, public_release
from dashboards.components.findings import quotable, share_of_published, wave_stage
from dashboards.components.months import Month, burn_up, burn_up_alt, load_months, months_table
from dashboards.components.theme import coloured
from dashboards.components.words import day, number, plain, share, span, text
from relief.errors import ReliefError

TABLE_HEIGHT = 300
# The headline figure of each card, by which its verdict is found. Streamlit would show a bare string here on the page.
FIGURES = ("wave_1_ordered", "wave_2_ordered", "visible_at_doj", "waiting_too_long")


@dataclass(frozen=True)
class Card:
    """One number with its title, the total that it is part of, its date, and a note on what it does not mean."""

    title: str
    value: str
    of: str
    as_of: str
    not_this: str


def page(release: Release, summary: Summary) -> None:
    """Show the whole page: the sentence, the cards, the bar and the months."""
    layout.heading("Cannabis convictions dismissed", summary)
    quote(release, summary)
    balance = balances.load_balance(release.leadership)
    judgement = verdicts.load_judgement(release.leadership)
    for column, card, figure in zip(st.columns(4), cards(summary, balance), FIGURES, strict=True):
        with column.container(border=True, height="stretch", gap="xxsmall"):
            st.metric(card.title, card.value)
            if verdict := judgement.of(figure):
                layout.small(verdicts.word(verdict))
            layout.small(f"{card.of}  \nData as of {card.as_of}  \n**Not** {card.not_this}")
    left, right = st.columns([4, 5], gap="large")
    with left:
        balance_section(balance)
    with right:
        months_section(release, summary)


def quote(release: Release, summary: Summary) -> None:
    """Show the sentence that a press officer may quote. It uses only the public release."""
    try:
        file, _ = public_release(release)
        sentence = quotable(load_stages(file, marked=True))
    except ReliefError:
        st.markdown(UNAVAILABLE)
        return
    layout.lead(sentence)
    example = " It is SYNTHETIC: an example of such a sentence." if summary.info.is_synthetic else ""
    layout.small(f":material/format_quote: {text('quote_note').strip()}{example}")


def cards(summary: Summary, balance: balances.Balance | None) -> list[Card]:
    """Return four cards. Each card has a number, its unit, its date, its range, and what the number does not mean."""
    return [
        _wave_card(summary, 1, "people, and not yet relief: records have to follow."),
        _wave_card(summary, 2, "convictions, so it is never added to wave 1."),
        _visible_card(balance),
        _late_card(balance),
    ]


def _wave_card(summary: Summary, wave: int, not_this: str) -> Card:
    row = wave_stage(summary.stages, wave, ANNOUNCED_STAGE)
    if row is None:
        return Card(
            f"Wave {wave}: ordered dismissed", "cannot tell", "No such count in this release.", "unknown", not_this
        )
    title = f"Wave {wave}: {plain(row.unit)} ordered dismissed"
    announced = "" if row.published_count is None else f"of {number(row.published_count)} announced"
    part = f" ({share_of_published(row)})" if announced and row.counted is not None else ""
    certainty = f"; best count {number(row.counted)}" if row.has_range else ""
    of = f"{announced}{part}{certainty}"
    return Card(title, span(row.counted_low, row.counted_high, row.counted), of, day(row.extract_as_of_date), not_this)


def _visible_card(balance: balances.Balance | None) -> Card:
    title, not_this = "Convictions visible in the DOJ's record", "what a background check showed: that is known of few."
    if balance is None:
        return Card(title, "cannot tell", "No orders were delivered.", "unknown", not_this)
    part = share(balance.visible, balance.in_review)
    of = f"of {number(balance.in_review)} in review, both waves ({part})"
    return Card(
        title, span(balance.visible_low, balance.visible_high, balance.visible), of, day(balance.as_of_date), not_this
    )


def _late_card(balance: balances.Balance | None) -> Card:
    title, not_this = "Convictions waiting too long", "people, and not all who wait."
    if balance is None:
        return Card(
            title, "cannot tell", "No orders were delivered, so nobody can tell who waits.", "unknown", not_this
        )
    of = f"of {number(balance.waiting)} waiting, past the limit of the law or the office"
    late = span(balance.late, balance.late + balance.day_unknown, balance.late)
    return Card(title, late, of, day(balance.as_of_date), not_this)


def balance_section(balance: balances.Balance | None) -> None:
    """Show one bar that contains all convictions in review, and the sum in words."""
    layout.section("Where every conviction is", "balance")
    if balance is None:
        st.markdown("No orders were delivered, so nobody can tell where the convictions in review are.")
        return
    layout.chart(balances.bar(balance), balances.bar_alt(balance))
    st.html(coloured(balances.legend(balance)))
    if not balance.adds_up:
        st.warning(balances.sentence(balance))
    layout.small(text("both_waves"))


def months_section(release: Release, summary: Summary) -> None:
    """Show for each wave, in its own unit and by month, how close the orders are to the announced total."""
    layout.section("Orders so far, against what was announced", "months")
    months = load_months(release.leadership)
    waves = [row for row in summary.stages if row.stage == ANNOUNCED_STAGE]
    for column, row in zip(st.columns(max(len(waves), 1)), waves, strict=False):
        with column:
            wave_months(row, [month for month in months if month.wave_number == row.wave_number])


def wave_months(row: StageCount, months: Sequence[Month]) -> None:
    """Show the chart of one wave, and an expander with its table."""
    st.markdown(f"**Wave {row.wave_number} ({plain(row.unit)})**")
    if not months:
        st.markdown(f"No order of wave {row.wave_number} is known.")
        return
    layout.chart(burn_up(months, row), burn_up_alt(months, row))
    with st.expander(f"Wave {row.wave_number} by month ({plain(row.unit)})"):
        table = months_table(months)
        layout.table(table, burn_up_alt(months, row), numbers=tuple(table)[1:], height=TABLE_HEIGHT)


layout.with_release(page)
