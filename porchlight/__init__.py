"""Porchlight."""

import os

# Before anything imports numpy, which reads it once. A message is too small to share out: the threads of OpenBLAS only
# wait for each other, and on a busy machine the screening of one message then takes a hundred times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
