"""What outlives temp files: assets, the folders and repositories they lie in, and spent credits."""
