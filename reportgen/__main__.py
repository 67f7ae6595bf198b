"""``python -m reportgen`` and the console script."""

from reportgen.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
