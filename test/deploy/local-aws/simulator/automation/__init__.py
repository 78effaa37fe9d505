"""SSM Automation: documents, and what runs of them."""
