"""Great Expectations at both ends: what was landed, and what is about to be published."""

from relief.validation.gate import validate
from relief.validation.results import CheckResult, ValidationResult

__all__ = ["CheckResult", "ValidationResult", "validate"]
