"""Commands for developers of the project. Nothing that a county runs uses them."""
