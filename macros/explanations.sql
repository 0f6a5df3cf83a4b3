{# Missing facts, as facts_as_text gives them, in words: "the birth date, the county". #}
{% macro facts_in_words(facts_text) -%}
    {%- set words = {
        'conviction_date': 'the date of a conviction',
        'birth_date': 'the birth date',
        'level': 'the level (felony, misdemeanor or infraction)',
        'section': 'which offense the charge names',
        'offense_date': 'the date of the offense',
        'sentence_end': 'the end of a sentence',
        'strike_date': 'the date of a strike offense',
        'registration_date': 'the date of a registration',
        'county': 'the county',
        'prosecuting_agency': 'which agency prosecuted it',
        'charge_date': 'the date of the charge',
        'circumstances': 'the circumstances (a minor, the environment, import or export)',
        'amount': 'the amount',
        'court_records': 'whether the court has it',
        'earlier_relief': 'whether it was relieved before',
        'destruction_due': 'whether a record was to be destroyed by then',
        'disposition': 'whether a disposition is a conviction, or still is one',
        'plants': 'the number of plants',
        'payment': 'whether it was paid for',
        'recipient_age': 'the age of the person who received it',
        'place': 'the place',
    } -%}
    concat_ws(
        ', '
        {%- for name in facts() %},
        case
            when ';' || {{ facts_text }} || ';' like '%;{{ name }};%'
                then '{{ words.get(name, 'the ' ~ name | replace('_', ' ')) }}'
        end
        {%- endfor %}
    )
{%- endmacro %}


{# A number without needless decimals; a number that stands for a day (YYYYMMDD) as YYYY-MM-DD. #}
{% macro number_in_words(number, unit) -%}
    case
        when {{ unit }} = 'YYYYMMDD'
            then
                substr(cast(cast({{ number }} as bigint) as varchar), 1, 4)
                || '-'
                || substr(cast(cast({{ number }} as bigint) as varchar), 5, 2)
                || '-'
                || substr(cast(cast({{ number }} as bigint) as varchar), 7, 2)
        when {{ number }} = floor({{ number }}) then cast(cast({{ number }} as bigint) as varchar)
        else cast({{ number }} as varchar)
    end
{%- endmacro %}


{# A comparison in words: "50 or more", "2016-11-09 or later", "yes". #}
{% macro comparison_in_words(operator, threshold, unit) -%}
    case
        when {{ unit }} = 'yes or no' and {{ operator }} = '=' and {{ threshold }} = 1 then 'yes'
        when {{ unit }} = 'yes or no' and {{ operator }} = '=' and {{ threshold }} = 0 then 'no'
        when {{ operator }} = '=' then {{ number_in_words(threshold, unit) }}
        when {{ operator }} = '>' and {{ unit }} = 'YYYYMMDD' then 'after ' || {{ number_in_words(threshold, unit) }}
        when {{ operator }} = '<' and {{ unit }} = 'YYYYMMDD' then 'before ' || {{ number_in_words(threshold, unit) }}
        when {{ operator }} = '>=' and {{ unit }} = 'YYYYMMDD' then {{ number_in_words(threshold, unit) }} || ' or later'
        when {{ operator }} = '<=' and {{ unit }} = 'YYYYMMDD'
            then {{ number_in_words(threshold, unit) }} || ' or earlier'
        when {{ operator }} = '>' then 'more than ' || {{ number_in_words(threshold, unit) }}
        when {{ operator }} = '<' then 'less than ' || {{ number_in_words(threshold, unit) }}
        when {{ operator }} = '>=' then {{ number_in_words(threshold, unit) }} || ' or more'
        when {{ operator }} = '<=' then {{ number_in_words(threshold, unit) }} || ' or less'
    end
{%- endmacro %}
