{# The sections of H&S 11357 to 11360 and of their predecessors before 1973, as a pattern for a whole number. #}
{% macro cannabis_sections() -%} 1135[789]|11360|11530(?:[.][15])?|11531 {%- endmacro %}


{# A cannabis section as a number of its own in a text; group 2 is the number. #}
{% macro cannabis_section_pattern() -%}
    (^|[^0-9.$])({{ cannabis_sections() }})([^0-9.]|[.][^0-9]|[.]?$)
{%- endmacro %}


{# Pattern of a letter written after a cannabis section; group 2 is the letter. #}
{% macro letter_behind() -%} [ .-]*[(]? *([A-E])([^A-Z]|HS|$) {%- endmacro %}


{# Rewrites a text with a list of patterns and replacements, one after another. #}
{% macro rewritten(text, steps) -%}
    {%- set so_far = namespace(text=text) -%}
    {%- for pattern, replacement in steps -%}
        {%- set so_far.text = "regexp_replace(" ~ so_far.text ~ ", '" ~ pattern ~ "', '" ~ replacement ~ "', 'g')" -%}
    {%- endfor -%}
    {{ so_far.text }}
{%- endmacro %}


{# A charge text in upper case, with a single character for all kinds of hyphen, of bracket and of blank. #}
{% macro plain_signs(column) -%}
    regexp_replace(
        translate(upper({{ column }}), '–—‐‑−[]{}§' || chr(9) || chr(160), '-----()()   '), ' +', ' ', 'g'
    )
{%- endmacro %}


{# Each code as one word: HS for `H&S`, `H.S.` and `HEALTH AND SAFETY CODE`. #}
{% macro plain_codes(column) -%}
    {%- set codes = [
        ('(?:HEALTH|HLTH)[.]? ?(?:&|AND|/)? ?(?:SAFETY|SAFTY|SFTY|SAF)[.]?(?: CODE)?', 'HS'),
        ('H[.]? ?(?:&|AND|/|[+]) ?S[.]?C?[.]?(?: CODE)?|H[.] ?S[.]?(?: ?C[.])?|H S|CAL? HS', 'HS'),
        ('P[.] ?C[.]?|P ?/ ?C|P C|PEN(?:AL|[.])? CODE', 'PC'),
        ('V[.] ?C[.]?|V ?/ ?C|V C|VEH(?:ICLE)? CODE', 'VC'),
        ('B ?(?:&|AND) ?PC?|B ?/ ?P|B[.]? ?P[.]?|BUS(?:INESS)? ?(?:&|AND) ?PROF(?:ESSIONS)?(?: CODE)?', 'BP'),
        ('W ?(?:&|AND) ?IC?|WELF(?:ARE)? ?(?:&|AND) ?INST(?:ITUTIONS)?(?: CODE)?', 'WI'),
        ('[A-Z]{1,3}MC|MUNI?(?:CIPAL)? CODE|LACC|LACO|ORD(?:INANCE)?|CCR', 'MC'),
    ] -%}
    {%- set steps = [] -%}
    {%- for pattern, code in codes -%}
        {%- do steps.append(
            ('(^|[^A-Z]|[0-9][-._]?[A-E]{1,2})(?:' ~ pattern ~ ')([^A-Z]|$)', '\\1 ' ~ code ~ ' \\2')
        ) -%}
    {%- endfor -%}
    {{ rewritten(column, steps) }}
{%- endmacro %}


{#
    The other codes. Their two letters may also be words when written apart (`W/I`: with intent), so they are a code
    only beside a number and if no word follows.
#}
{% macro codes_apart(column) -%}
    {%- set steps = [] -%}
    {#- WI, UI, GC, LC, MC, CC, IC and so on: one pattern matches the codes that share a letter. -#}
    {%- for first, second in [
        ('[WU]', 'I'), ('[GLMCI]', 'C'), ('F', '[GA]'), ('M', 'V'), ('U', 'S'), ('R', 'T'), ('S', 'H'), ('E', '[DL]'), ('[HC]', 'N'),
    ] -%}
        {%- set apart = '(' ~ first ~ ')(?: |[.] ?| ?/ ?)(' ~ second ~ ')[.]?(?: CODE)?' -%}
        {%- do steps.append(('([0-9)][ (/-]{0,2}|[0-9][-._]?[A-E] )' ~ apart ~ '( ?[^A-Z0-9 ]| [^A-Z]|$)', '\\1 \\2\\3 \\4')) -%}
        {%- do steps.append(('(^[^A-Z0-9]*|[:;,-] ?)' ~ apart ~ '([) ]{0,2}[0-9])', '\\1 \\2\\3 \\4')) -%}
    {%- endfor -%}
    {{ rewritten(column, steps) }}
{%- endmacro %}


{# An attempt as a number of its own (`664.11357`), and ~ between a letter and a digit written without a blank. #}
{% macro plain_numbers(column) -%}
    {#- Codes that are written directly after a letter: 11357BHS, 266CPC. -#}
    {%- set written_on = 'HS|PC|VC|BP|WIC?|PENAL|GC|LC|FG|CC|UI|FA|IC|USC|[A-Z]{0,3}MC' -%}
    {%- set steps = [
        ('(^|[^0-9.])(664|182|32)[.]?(' ~ cannabis_sections() | trim ~ ')', '\\1\\2/\\3'),
        ('([0-9]) +[.]([0-9])', '\\1.\\2'),
        ('([0-9])([A-Z]{1,2})(' ~ written_on ~ ')([^A-Z]|$)', '\\1\\2 \\3\\4'),
        ('([0-9][-._])([A-E])(' ~ written_on ~ '|CVC|CPC|BPC)([^A-Z]|$)', '\\1\\2 \\3\\4'),
        ('([0-9] ?[ /,] ?)([A-E]HS|[ADE]PC|[ABDE]VC)([^A-Z]|$)', '\\1~\\2\\3'),
        ('~([A-E])(HS|PC|VC)', '\\1 \\2'),
        ('(^|[^0-9.])653[-_ ]F( ?PC|[(])', '\\1653F\\2'),
        ('[)]([0-9])', ') ~ \\1'),
        ('([0-9])([A-Z])', '\\1 ~ \\2'),
        ('([A-Z])([0-9])', '\\1 ~ \\2'),
    ] -%}
    {{ rewritten(column, steps) }}
{%- endmacro %}


{# Replaces counts (`CT 1`, `2 CTS`, `001` after the code) by `-count`, and amounts by `-description`. #}
{% macro folded_counts(items) -%}
    {%- set steps = [
        (' [0-9]{1,2}  [/-]  [0-9]{1,2}  [/-]  [0-9]{2}(?:[0-9]{2})? ', ' -description '),
        (' (?:[<>]  )?[0-9.]+  (?:[~+]  )?unit ', ' -description '),
        ('[(]  ([A-Z])  (?:~  )?([0-9])  [)] ', '(  \\1  )  (  \\2  ) '),
        (' ct  (?:~  )?(?:[.:#]  )?(?:[0-9]{1,2}|0[0-9]{2}) ', ' -count '),
        (' [0-9]{1,2}  (?:(?:~  )?ct|~  [[]X[]]) ', ' -count '),
        ('^(  ?)(?:[(]  )?[0-9]{1,2}  (?:[).:]  )?(hs|[0-9]{5}|-level)', '\\1-count  \\2'),
        (' (hs|pc|vc)  (?:~  )?0[0-9]+ ', ' \\1  -count '),
    ] -%}
    {{ rewritten(items, steps) }}
{%- endmacro %}


{#
    Joins a letter to the number before it: `11357 - B hs` is `11357(B) hs`. A letter in parentheses or after a sign
    becomes (B). A letter written directly after the number becomes [B], because 288[A] may be 288(a) or the former
    288a.
#}
{% macro folded_letters(items) -%}
    {%- set number = ' [0-9][0-9.]+' -%}
    {%- set steps = [
        (' sub  [.] ', ' sub '),
        ('(' ~ number ~ ')  ~  ([[][A-Z]+[]]) ', '\\1\\2 '),
        ('(' ~ number ~ ')  (?:sub  )?(?:[-./,_]  )?(?:sub  )?[(]  ([A-Z]{1,2}|[0-9]{1,2})  [)] ', '\\1(\\2) '),
        ('(' ~ number ~ ')  (?:sub  )?(?:[-./,_]  )?[(]  ([A-E]) ', '\\1(\\2) '),
        (' AN?  -level', ' -level'),
        ('(' ~ number ~ ')  (?:sub  )?(?:[-./,_]  )?(?:sub  )?([A-E]) ', '\\1(\\2) '),
    ] -%}
    {{ rewritten(items, steps) }}
{%- endmacro %}


{#
    Joins the paragraph that follows a letter to it: `11360(A) 3 D` is `11360(A)(3)(D)`. Two letters of one number
    are joined by a bar.
#}
{% macro folded_paragraphs(items) -%}
    {%- set letter = ' [0-9][0-9.]+[([][A-Z]+[])]' -%}
    {%- set paragraph = letter ~ '[(][A-Z0-9]+[)]' -%}
    {%- set steps = [
        ('(' ~ letter ~ ')  (?:[-.~]  )?[(]?  ?([0-9])  (?:~  )?[)] ', '\\1(\\2) '),
        ('(' ~ letter ~ ')  [-.~]  ([0-9]) ', '\\1(\\2) '),
        ('(' ~ letter ~ ')  ([0-9]) ', '\\1(\\2) '),
        ('(' ~ letter ~ ')  [(]  ([A-Z0-9]+)  [)] ', '\\1(\\2) '),
        ('(' ~ paragraph ~ ')  (?:~  )?(?:[(]  )?[[]?([A-E])[]]?(?:  [)])? ', '\\1(\\2) '),
        ('(' ~ paragraph ~ ')  [(]  ([A-Z0-9]+)  [)] ', '\\1(\\2) '),
        ('(' ~ paragraph ~ '[(][A-E][)])  (?:~  )?([0-9]) ', '\\1(\\2) '),
        ('([])])  (?:[-/,&+]|and|or)(?:  [/]  or)?  [(]  ([A-E])  [)] ', '\\1|(\\2) '),
        ('([])])  (?:[/,&+]|and|or)  ([B-E]) ', '\\1|(\\2) '),
        ('([])])  [/,&+]  (A) ', '\\1|(\\2) '),
    ] -%}
    {{ rewritten(items, steps) }}
{%- endmacro %}


{# True where an item of a charge is a code. #}
{% macro is_code_item(item) -%}
    coalesce(regexp_matches({{ item }}, '^(hs|pc|vc|bp|wi|gc|lc|fg|mv|mc|fa|cc|ui|ic|us|rt|sh|ed|el|hn|cn)$'), false)
{%- endmacro %}


{# The offenses that a gang enhancement of the same cycle and step makes a super strike (list cmr_2019). #}
{% macro gang_listed_offense() -%}
    '(136[.]1|215|213[(]A[)][(]1[)][(]A[)]|246|519|12022[.]55) PC'
{%- endmacro %}


{# The gang enhancement, PC 186.22(b)(4). #}
{% macro gang_enhancement() -%} '186[.]22[(]B[)][(]4[)] PC' {%- endmacro %}


{#
    Whether a text has a word that may mean another form of the offense. Reads the items of int_charges__words and the
    findings of int_charges__read. A word for an accessory or an inducement counts in any position, a prior only as the
    first word after the section (`11359 HS PRIOR`, and not `11359 HS W/PRIOR`). NO, RE, INTENT and similar words count
    before the section. So do AFTER, FACT and COMMIT if the text names no form that they belong to, and OFFER unless the
    section itself covers the offer (11360, and 11531 before 1973).
#}
{% macro has_word_of_unclear_form() -%}
    {%- set before = "regexp_matches(items, '^[^0-9]* -(WORDS) [^0-9]*[0-9]')" -%}
    (
        contains(items, ' -form_unclear ')
        or contains(items, ' -description_induce ')
        or {{ before | replace('WORDS', 'description_behind|description_prior') }}
        or (not names_section_of_offers and {{ before | replace('WORDS', 'description_offer') }})
        or (not has_accessory and regexp_matches(items, ' -filler_after  (-filler  )?-filler_fact '))
        or (
            not (has_attempt or has_conspiracy or has_accessory or has_solicitation)
            and {{ before | replace('WORDS', 'filler_after|filler_fact|filler_commit') }}
        )
        or regexp_matches(items, '^[^0-9]*[0-9][^ ]*  ((hs|-level|-count|[-:;,./(~])  )*-description_prior ')
    )
{%- endmacro %}


{#
    How the offense of a conviction differs from the charged one. Reads two rows of
    int_criminal_history__offense_sections that name a section. A text that is only less exact (11360 beside 11360(A))
    does not count as different.
#}
{% macro charged_convicted_difference(charged, convicted) -%}
    case
        when {{ charged }}.section_numbers is null or {{ convicted }}.section_numbers is null then 'cannot_tell'
        when {{ charged }}.section_numbers <> {{ convicted }}.section_numbers then 'different_section'
        -- The same section number can be in two codes, such as 459 PC and 459 VC.
        when {{ charged }}.section_numbers not like '%/%' and {{ charged }}.code_type <> {{ convicted }}.code_type
            then 'different_section'
        when coalesce({{ charged }}.subdivisions, '') = coalesce({{ convicted }}.subdivisions, '') then 'same'
        when
            {{ charged }}.subdivisions is null or {{ convicted }}.subdivisions is null
            or starts_with({{ charged }}.subdivisions, {{ convicted }}.subdivisions)
            or starts_with({{ convicted }}.subdivisions, {{ charged }}.subdivisions)
            then 'cannot_tell'
        else 'different_subdivision'
    end
{%- endmacro %}
