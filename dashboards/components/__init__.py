"""The parts of the pages: data, sentences, charts and downloads."""
