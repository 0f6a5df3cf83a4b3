"""``python -m relief`` is the command ``relief``."""

from relief.cli import main

if __name__ == "__main__":
    main()
