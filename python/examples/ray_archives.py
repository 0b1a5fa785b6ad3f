"""Archives on a Ray cluster: python ray_archives.py OUT ARCHIVE...  (absolute paths: workers run elsewhere)"""

import sys
from itertools import islice

import ray

from nianbao import convert_one

if __name__ == "__main__":
    out, archives = sys.argv[1], iter(sys.argv[2:])
    ray.init(ignore_reinit_error=True)
    task = ray.remote(max_retries=3)(convert_one)
    running, failed = {}, []
    while True:
        running.update({task.remote(u, out, tables=["cells", "reports"]): u for u in islice(archives, 64 - len(running))})
        if not running:
            break
        for done in ray.wait(list(running))[0]:
            uri = running.pop(done)
            try:
                ray.get(done)
            except Exception as error:
                failed.append(f"failed: {uri}: {error!r}")
    sys.exit("\n".join(failed) or None)
