"""Commands for developers of the project. Nothing that runs in a county uses them."""
