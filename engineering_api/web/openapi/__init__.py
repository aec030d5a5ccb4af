"""The OpenAPI description of the service, made from the operation catalogue."""
