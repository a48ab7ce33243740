"""`make bench`."""

from __future__ import annotations

from benchmarks import capturing, idle_hour, reading_posts


def main() -> None:
    for part in (idle_hour, capturing, reading_posts):
        print((part.__doc__ or "").strip())
        part.main()
        print()


if __name__ == "__main__":
    main()
