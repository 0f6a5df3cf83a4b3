{% set forms = ['is_attempt', 'is_conspiracy', 'is_accessory', 'is_solicitation'] %}

-- For each signed order: whether the legal ground that it names can apply to the offense.
with orders as (

    select
        event_key,
        conviction_key,
        legal_ground,
        case
            when lower(legal_ground) like '%legal invalidity%' then 'legal_invalidity'
            when lower(legal_ground) like '%redesignation%' then 'redesignation'
            when lower(legal_ground) like '%resentencing%' then 'resentencing'
            when lower(legal_ground) like '%1385%' or lower(legal_ground) like '%office policy%' then 'any_offense'
        end as ground
    from {{ ref('int_orders__event_matches') }}
    where match_status = 'matched' and event_type = 'order_signed'

),

bounds as (

    select
        *,
        {% for form in forms -%}
        {{ form }}__upper_bound = 1{% if not loop.last %} or {% endif %}
        {%- endfor %} as is_of_another_form
    from {{ ref('int_statute__measures') }}

),

final as (

    select
        orders.event_key,
        orders.conviction_key,
        -- Subdivisions (a) and (e) apply to convictions before Proposition 64, and (e) only to completed offenses of
        -- four sections; legal invalidity applies to conduct that is lawful today for a person of 21 or older.
        case
            when orders.ground is null then null
            when orders.ground = 'any_offense' then true
            when bounds.offense_date_yyyymmdd__lower_bound >= 20161109 or bounds.is_section_11361__lower_bound = 1 then false
            when bounds.offense_date_yyyymmdd__upper_bound < 20161109 is not true then null
            when orders.ground = 'resentencing' then true
            when bounds.is_of_another_form then null
            when bounds.is_an_offense_of_the_four_sections__upper_bound = 0 then false
            when orders.ground = 'redesignation' and bounds.is_an_offense_of_the_four_sections__lower_bound = 1 then true
            when orders.ground = 'redesignation' then null
            when bounds.is_lawful_at_21_today__upper_bound = 0 or bounds.age_at_offense_years__upper_bound < 21 then false
            when bounds.is_lawful_at_21_today__lower_bound = 1 and bounds.age_at_offense_years__lower_bound >= 21 then true
        end as is_ground_fitting
    from orders
    left join bounds on orders.conviction_key = bounds.conviction_key

)

select * from final
