"""What client and service share without sharing code: the schema, and how S3 writes XML."""

from pathlib import Path

SCHEMA_FILE = Path(__file__).with_name("schema.graphql")
"""The API's schema in the schema definition language: the service runs it, the client ships it."""
