"""What the pages are made of: data, sentences, charts, downloads."""
