"""Courses of CRS: drawn as a clinician would, read slowly by the grading contract, and put through the models."""
