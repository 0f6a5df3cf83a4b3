{{ relief_by({'race': 'race', 'sex': 'sex', 'age_band': 'age_band'}) }}
