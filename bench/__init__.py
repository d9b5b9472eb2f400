"""What `make bench` measures: ratios to peers and limits of the same run, never promises."""
