"""Where posts come from: one module or folder per source. Each turns what the outside says into `listener.post`."""
