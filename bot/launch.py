"""Rasa's command line, started faster: `python -m bot.launch run ...` is `rasa run ...` in half the time."""

from __future__ import annotations

import sys

# TensorFlow looks for JAX at each start; nothing here uses either.
sys.modules["jax"] = None  # type: ignore[assignment]

# Imported before all else: at its import it looks through every loaded module for each of 700 names, which takes
# 0.1 s now and 10 s once TensorFlow is loaded.
import skops.io  # noqa: E402, F401
from rasa.__main__ import main  # noqa: E402

if __name__ == "__main__":
    main()
