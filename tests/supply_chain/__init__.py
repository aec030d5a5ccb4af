"""What the service is made of besides its own code: bill of materials, known vulnerabilities, licences, declarations.

For developers and CI (`dev.py sbom`, `dev.py audit`); not part of the installed packages. What is decided by hand
stands in policy.toml.
"""
