"""X, through tweepy: asking (`client`), what may go wrong (`errors`), and reading answers (`wire`)."""
