"""`python -m classifier`, a module a group of commands. Settings come from the entry point, in the context's object."""
