"""The order of background work: what a person waits for goes before what nobody waits for."""

# A few seconds' work without which somebody cannot go on: a mail with a link that lets in.
AT_ONCE = 80
# Somebody looks at a page that waits for it: a check, a scan, a file.
AWAITED = 50
# The public may wait for it as well, and longer.
AWAITED_BY_VISITORS = 30
# Nobody looks: reminders, texts read for the search.
UNAWAITED = -50
