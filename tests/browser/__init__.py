"""Pages as a reader meets them, in headless Chromium."""
