"""From read posts to what the city does about them.

The way of a post: `reading` claims it, `predicting` asks the classifier, `incidents` says which posts tell of one
event, `linking` puts it in place, `drafting` says what the draft reads like and `drafts` writes it. `revisions` and
`answers` see to posts that change and to the city's own replies.

What people do: `steps` are what they may ask for, `moves` what is allowed, `workflow` the one door, `undoing` the way
back; `history` and `labels` keep what happened and what can be learnt from it.

Looking, without changing anything: `queue` for tickets, `ledger` for the books, `counts` for the city's numbers,
`exports` for other programs. `python -m tickets` shows all of it in a shell.
"""
