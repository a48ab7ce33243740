"""How fast the main jobs are, each beside its floor, measured in turn in one run."""
