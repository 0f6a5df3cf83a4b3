"""Commands for who changes the project. Nothing that runs in a county reads them."""
