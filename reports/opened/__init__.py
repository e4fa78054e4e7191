"""The open report: what those who must stay blinded may read."""
