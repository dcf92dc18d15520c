"""How pages get their styles and scripts: few requests, small, and kept by browsers for as long as they stay the same.

``docs/decisions/0053-few-files-no-bundler.md`` has the figures.
"""
