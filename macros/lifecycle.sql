{# The stages from identified to visible, in the order of the process: seeds/reference/lifecycle_stages.csv. #}
{% macro lifecycle_stages() %}
    {{ return([
        'identified', 'reviewed', 'submitted_to_court', 'order_signed', 'order_entered', 'court_record_updated',
        'reported_to_doj', 'doj_updated', 'verified'
    ]) }}
{% endmacro %}
