"""Templates of pipelines, a JSON file each; templates.py reads them."""
