"""The files that rows come in: csv, xlsx, ods; told apart, bounded, read as rows."""
