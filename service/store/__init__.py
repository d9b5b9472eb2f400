"""Temp files on local disk: parts as files, everything else as rows."""
