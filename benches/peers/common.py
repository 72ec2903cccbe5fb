"""What the scripts share: where things lie, the labels, and a clock for programs and for code."""

import json
import os
import resource
import subprocess
import time
from pathlib import Path

LABELS = "takeover bypass persistence urgency flattery guilt endorsement ultimatum".split()

# One thread for everything that would take more, set before any library starts its own.
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
os.environ.update(ONE_THREAD)


def read_jsonl(path: Path):
    """The objects of a file of JSON Lines, one by one."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def cpu_of(call) -> float:
    """Processor seconds (user and kernel, all threads of this process) that `call` takes."""
    before = time.process_time()
    call()
    return time.process_time() - before


def cpu_of_program(command, stdin: Path | None = None) -> float:
    """Processor seconds (user and kernel) of a program from start to end; its output goes nowhere."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(stdin or os.devnull, "rb") as source:
        # Filters tell by their exit status what they found (bogofilter: 0 to 2); a signal or 3 is a failure.
        status = subprocess.run(
            command, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        ).returncode
    if status not in (0, 1, 2):
        raise RuntimeError(f"{command}: exit status {status}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
