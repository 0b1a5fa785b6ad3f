"""Archives on a Ray cluster: python ray_archives.py OUT ARCHIVE..."""

import sys

import ray

from nianbao import convert_one

if __name__ == "__main__":
    out, archives = sys.argv[1], iter(sys.argv[2:])
    ray.init(ignore_reinit_error=True)
    task = ray.remote(max_retries=3)(convert_one)
    running, failed = {}, {}
    while True:
        for _, uri in zip(range(64 - len(running)), archives):
            running[task.remote(uri, out, tables=["cells", "reports"])] = uri
        if not running:
            break
        for done in ray.wait(list(running))[0]:
            uri = running.pop(done)
            try:
                ray.get(done)
            except Exception as error:
                failed[uri] = print(f"failed: {uri}: {error!r}", file=sys.stderr)
    sys.exit(1 if failed else 0)
