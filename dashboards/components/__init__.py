"""The parts from which the pages are made: data, sentences, charts and downloads."""
