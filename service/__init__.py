"""The embedded service: OAuth tokens, GraphQL and an S3-like store of temp files on local disk."""
