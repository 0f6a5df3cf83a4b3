"""Checks with Great Expectations, both of the landed data and of the data about to be published."""

from relief.validation.gate import validate
from relief.validation.results import CheckResult, ValidationResult

__all__ = ["CheckResult", "ValidationResult", "validate"]
