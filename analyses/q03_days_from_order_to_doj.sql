-- How many days pass from a signed order to the DOJ's update (median and quartiles), by wave and by courthouse?
select
    wave,
    courthouse,
    convictions,
    quarter_days,
    median_days,
    three_quarters_days,
    mark
from rpt_research_stage_days
where transition = 'order_to_doj' and result = 'all'
order by wave, courthouse
