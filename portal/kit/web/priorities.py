"""The order of background work: what a person waits for goes before what nobody waits for.

A task that was begun is not broken off for a more urgent one. So what may take minutes has a
queue of its own, which a worker can be kept from (`manage.py worker --queue-name default`).
"""

# A few seconds' work without which somebody cannot go on: a mail with a link that lets in.
AT_ONCE = 80
# Somebody looks at a page that waits for it: a check, a scan, a file.
AWAITED = 50
# The public may wait for it as well, and longer.
AWAITED_BY_VISITORS = 30
# Nobody looks: reminders, texts read for the search.
UNAWAITED = -50
# The queue of what may take minutes: verification, exports, large PDFs, releases of IATI.
LONG = "long"
