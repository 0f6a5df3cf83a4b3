{{ relief_by({'courthouse': 'courthouse_key'}) }}
