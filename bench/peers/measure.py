"""measure.py RESULT.json COMMAND...: runs the command; writes wall and CPU seconds and peak memory of all of it."""

import json
import os
import sys
import time

result, *command = sys.argv[1:]
start = time.perf_counter()
child = os.posix_spawnp(command[0], command, os.environ)
_, status, usage = os.wait4(child, 0)
unit = 1024 * 1024 if sys.platform == "darwin" else 1024
with open(result, "w") as file:
    json.dump(
        {
            "seconds": time.perf_counter() - start,
            "cpu": usage.ru_utime + usage.ru_stime,
            "peakMegabytes": usage.ru_maxrss / unit,
        },
        file,
    )
sys.exit(os.waitstatus_to_exitcode(status) and 1)
